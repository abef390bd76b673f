"""The last filters of each case, kept in the user's state folder: never beside the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from platformdirs import user_state_path

from logonscope.filters.syntax import MOST_CHARACTERS
from logonscope.knowledge.toml_file import fitted
from logonscope.state_file import evidence_key, write_private

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MOST_CASES = 200
_MOST_BYTES = 20_000_000
_MOST_FILTERS = 20


class Remembered(msgspec.Struct, frozen=True):
    """What was last shown of a case."""

    filter: str = ""
    off: tuple[tuple[int, str], ...] = ()
    """Parts of the filter that are turned off, with their places."""
    typed: tuple[str, ...] = ()
    """Filters that were typed, the latest last."""


def recall(paths: Sequence[Path]) -> Remembered:
    """What is kept of a case; nothing where nothing is, or where the file cannot be read.

    Args:
        paths: The evidence.
    """
    return _cases().get(evidence_key(paths), Remembered())


def remember(paths: Sequence[Path], shown: Remembered) -> None:
    """Keep what is shown of a case; the cases that were open longest ago are forgotten.

    Args:
        paths: The evidence.
        shown: What to keep.

    Raises:
        OutputError: The file cannot be written.
    """
    key = evidence_key(paths)
    cases = {other: kept for other, kept in _cases().items() if other != key}
    if sum(map(len, (shown.filter, *(text for _, text in shown.off)))) <= MOST_CHARACTERS:
        cases[key] = msgspec.structs.replace(shown, typed=shown.typed[-_MOST_FILTERS:])
    kept = dict(list(cases.items())[-_MOST_CASES:])
    write_private(_file(), msgspec.json.encode(kept).decode())


def _file() -> Path:
    return user_state_path("logonscope") / "cases.json"


def _cases() -> dict[str, Remembered]:
    try:
        with _file().open("rb") as file:
            return fitted(msgspec.json.decode(file.read(_MOST_BYTES)), dict[str, Remembered])
    except (OSError, msgspec.MsgspecError):
        return {}
