"""The axis over a time line: round times, each where it lies, none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.facts.ticks import ticks

if TYPE_CHECKING:
    from logonscope.case.scale import Scale

_LEAST_CELLS = 10


def axis_text(scale: Scale) -> str:
    """The axis in as many cells as there are columns: ``|03-02  |06:00   |12:00``."""
    cells = [" "] * scale.columns
    for column, label in ticks(scale, _LEAST_CELLS):
        for place, character in enumerate(f"|{label}"[: scale.columns - column], column):
            cells[place] = character
    return "".join(cells)
