"""Texts of records that are too long to be kept whole: the database unpacks two thousand of them at a time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 1 << 17
"""Bytes of the fields of a record; one of Windows' own has at most half as many."""
_KEPT = 1 << 12
"""Characters of a long value."""


def cut_long(texts: Sequence[bytes]) -> tuple[Sequence[bytes], list[int]]:
    """Cut what is too long.

    Args:
        texts: The fields of records, as JSON in UTF-8.

    Returns:
        The texts to be kept, and the positions of those that were cut.
    """
    places = [place for place, text in enumerate(texts) if len(text) > LONGEST]
    if not places:
        return texts, places
    kept = list(texts)
    for place in places:
        kept[place] = _cut(kept[place])
    return kept, places


def _cut(text: bytes) -> bytes:
    """The same fields with the beginnings of long values, or else the beginning of all."""
    with suppress(msgspec.MsgspecError, ValueError, RecursionError):
        fields = msgspec.json.decode(text, type=dict[str, Any])
        shortened = msgspec.json.encode({name: _beginning(value) for name, value in fields.items()})
        if len(shortened) <= LONGEST:
            return shortened
    return msgspec.json.encode({"Data": _beginning(text.decode("utf-8", "replace"))})


def _beginning(value: Any) -> Any:
    is_long = isinstance(value, str) and len(value) > _KEPT
    return f"{value[:_KEPT]} [cut: {len(value):,} characters]" if is_long else value
