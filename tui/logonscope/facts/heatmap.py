"""Counts by weekday and hour, drawn with characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BLOCKS = "·▁▂▃▄▅▆▇█"
_ASCII = ".-:=+*x%#"
_SCALE = "     0     6     12    18"


def fits_encoding(encoding: str | None) -> bool:
    """Whether the blocks can be written in an encoding."""
    try:
        _BLOCKS.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def heatmap_lines(counts: Sequence[Sequence[int]], *, blocks: bool = True) -> list[str]:
    """Draw a week: a line for each day, a character for each hour.

    Args:
        counts: Seven days from Monday on, 24 counts each.
        blocks: Draw with block characters; in ASCII otherwise.

    Returns:
        A scale, then the days with their sums; a count above zero never looks like none.
    """
    signs = _BLOCKS if blocks else _ASCII
    most = max(max(day) for day in counts)
    lines = [_SCALE]
    for name, day in zip(_DAYS, counts, strict=True):
        drawn = "".join(signs[-(-count * (len(signs) - 1) // most)] if count else signs[0] for count in day)
        lines.append(f"{name}  {drawn}  {sum(day):,}")
    return lines
