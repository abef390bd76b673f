"""The nearest valid name to one that was typed wrongly."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from logonscope.filters.quotes import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_CHARACTERS = 60
"""Comparing longer texts takes time, and nobody mistypes one."""


def nearest(typed: str, names: Iterable[str]) -> str:
    """Advice for a name that does not exist: ``Did you mean rdp?``, or nothing where no name is near.

    Args:
        typed: What was typed.
        names: The valid names; case does not count.
    """
    if len(typed) > _MOST_CHARACTERS:
        return ""
    known = {name.casefold(): name for name in sorted(names) if len(name) <= _MOST_CHARACTERS}
    near = get_close_matches(typed.casefold(), known, 1)
    return f"Did you mean {quoted(known[near[0]])}?" if near else ""
