"""The columns of a table as they are drawn: which, in which order, how wide, and the line that they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from logonscope.columns import fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.ui.column_layout import Placed

GUTTER = 2
"""Cells before the first column: the mark of a row, and the symbol of its state."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Columns that have room."""

    placed: tuple[Placed, ...] = ()
    widths: tuple[int, ...] = ()
    """Cells; the column that takes the rest has it."""

    @classmethod
    def fit(cls, placed: Sequence[Placed], room: int) -> TableColumns:
        """Choose what has room, and share it out.

        Args:
            placed: The columns in order.
            room: Cells, without the gutter.
        """
        shown = [placed[index] for index in fitting([one.column for one in placed], room)]
        widths = [one.column.width for one in shown]
        spare = room - sum(widths) - len(widths) + 1
        rest = next((index for index, one in enumerate(shown) if one.column.takes_rest), None)
        growing = [index for index, one in enumerate(shown) if widths[index] < one.column.most]
        grown = spare if rest is None else spare // 2
        for index in growing:
            more = max(0, min(shown[index].column.most - widths[index], grown // max(1, len(growing))))
            widths[index] += more
            spare -= more
        if rest is not None:
            widths[rest] = max(1, widths[rest] + spare)
        return cls(tuple(shown), tuple(widths))

    def line(self, cells: Sequence[str]) -> str:
        """The cells of a row beside each other."""
        return " ".join(
            fit_cell(cells[one.cell], width, right=one.column.right)
            for one, width in zip(self.placed, self.widths, strict=True)
        )

    def head(self, order: str, *, descending: bool) -> str:
        """The titles, with a mark at the column that the rows are sorted by."""
        mark = "▼" if descending else "▲"
        return " ".join(
            fit_cell(
                f"{one.column.title[: width - 1]}{mark}" if order and one.column.order == order else one.column.title,
                width,
                right=one.column.right,
            )
            for one, width in zip(self.placed, self.widths, strict=True)
        )


def fit_cell(text: str, width: int, *, right: bool) -> str:
    """A text in so many cells; wide characters take two."""
    drawn = len(text) if text.isascii() else cell_len(text)
    if drawn > width:
        return set_cell_size(text, width - 1) + "…"
    blanks = " " * (width - drawn)
    return blanks + text if right else text + blanks
