"""Filtering from the cell under the cursor: also this, not this, only this; only this source; only around this time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from logonscope.cell_terms import cell_term, source
from logonscope.columns import LogonTypeCount
from logonscope.filters.edit import CellTerm, with_cell, with_term
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.row_actions import RowActions, time_filter

if TYPE_CHECKING:
    from collections.abc import Callable

_AROUND = timedelta(minutes=5)


class CellActions(RowActions):
    """Actions on one cell."""

    def action_include_cell(self) -> None:
        """Show the rows with the value of this cell, and those already included."""
        self._with_cell(lambda text, cell: with_cell(text, cell, exclude=False))

    def action_exclude_cell(self) -> None:
        """Leave out the rows with the value of this cell."""
        self._with_cell(lambda text, cell: with_cell(text, cell, exclude=True))

    def action_only_cell(self) -> None:
        """Show only the rows with the value of this cell, whatever was said of its column before."""
        self._with_cell(_only)

    def _with_cell(self, edited: Callable[[str, CellTerm], str]) -> None:
        column, pane = self.table.column, self.shown.pane
        if column is None:
            return

        def use(row: Any) -> None:
            cell = cell_term(pane, column.name, row)
            if cell is None:
                self.notify(
                    f"Nothing to filter by in this cell ({column.title}). ← → choose another.", timeout=4, markup=False
                )
            else:
                text = edited(self.shown.filter_text, cell)
                self.change(replace(self.shown, filter_text=text), keep=self.current_id)

        if pane == "types":
            if self.current_type is not None:
                use(LogonTypeCount(self.current_type, None, 0, 0))
        else:
            self.with_row(use)

    def action_keep_context(self) -> None:
        """Show events around those that fit: some, more, none."""
        shown = self.shown.with_next_context()
        self.change(shown, keep=self.current_id)
        if not shown.filter_text:
            self.notify("Without a filter every event is shown already.", timeout=3)
        elif shown.around:
            self.notify(f"{shown.around} events before and after each that fits; these are marked >.", timeout=3)
        else:
            self.notify("Only the events that fit.", timeout=2)

    def action_pin_source(self) -> None:
        """Filter to the source of the row."""

        def pin(row: Any) -> None:
            cell = source(row)
            if cell is None:
                self.notify("This row names no source.", timeout=3)
            else:
                self.pin(cell.field, cell.value)

        self.with_row(pin)

    def action_pin_time(self) -> None:
        """Filter to some minutes around the time of the row."""
        pane = LISTS.get(self.shown.pane)

        def pin(row: Any) -> None:
            moment = pane.moment(row) if pane else None
            if moment is None:
                self.notify("This row has no time.", timeout=3)
            else:
                self.pin("time", time_filter(moment, moment, _AROUND))

        self.with_row(pin)


def _only(text: str, cell: CellTerm) -> str:
    if cell.is_denied:
        return with_cell(text, cell, exclude=False)
    # What is left out of the same field would leave nothing.
    return with_term(with_cell(text, cell, exclude=False), cell.field, cell.value)
