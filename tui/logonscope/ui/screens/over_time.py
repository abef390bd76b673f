"""Time in the browser: the strip over the lists, and the part of it that is zoomed into."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters, on

from logonscope.filters.edit import with_term, without_field
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.browser import Browser
from logonscope.ui.widgets.row_table import RowTable
from logonscope.ui.widgets.time_strip import TimeStrip

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.case.moments import Density
    from logonscope.case.view import View
    from logonscope.ui.questions import Asking
    from logonscope.ui.settings import Settings

_TIME_ORDERS = ("time", "start", "since")
"""Orders in which the rows on the screen lie beside each other in time."""


class OverTime(Browser):
    """The strip, and zooming."""

    strip = getters.query_one(TimeStrip)

    def __init__(self, filter_text: str = "", settings: Settings | None = None) -> None:
        super().__init__(filter_text, settings)
        self._zooms: list[tuple[str, ...]] = []
        self._is_density_due = False
        self._densities: dict[str, tuple[tuple[View, int, int], Density | None]] = {}
        """How each pane's rows were spread over time, with what was asked: the list, columns, how much was loaded."""
        self.landed: tuple[str, int, datetime | None] = ("", 0, None)
        """Pane, position and time of the last row that was jumped to."""

    def refresh_lists(self, *, keep: int | None = None, from_top: bool = False) -> None:
        """Count over time too, when the list has come: that goes first."""
        self.questions.drop("density")
        self._is_density_due = True
        super().refresh_lists(keep=keep, from_top=from_top)
        if self.shown.pane not in self.lists:
            self.ask_density()

    def rows_came(self) -> None:
        """Count over time, and mark where the rows on the screen lie."""
        super().rows_came()
        if self._is_density_due:
            self.ask_density()
        self.show_place()

    @on(TimeStrip.Resized)
    def ask_density(self) -> None:
        """Count what is shown over time."""
        self._is_density_due = False
        case, columns = self.case, self.strip.columns
        if case is None or not self.strip.display:
            return
        pane, view = self.shown.pane, self.shown.view(self.shown.pane)
        asked = replace(view, order="", descending=False, around=0), columns, self.age

        def question(asking: Asking) -> Density | None:
            cursor = case.cursor(asking.on_cursor)
            return case.over_time.density(view, columns, cursor)

        def use(density: Density | None) -> None:
            self._densities[pane] = asked, density
            if pane != self.shown.pane:
                return
            self.strip.noun = LISTS[pane].noun if pane in LISTS else "event"
            self.strip.density, self.strip.is_final = density, case.is_loaded
            self.show_place()

        known = self._densities.get(pane)
        if known and known[0] == asked:
            use(known[1])
        else:
            self.questions.ask("density", question, use, self.show_error)

    @on(RowTable.Highlighted)
    def show_place(self) -> None:
        """Mark on the strip where the rows on the screen lie."""
        if self.shown.pane not in LISTS or not self.strip.display:
            self.strip.show_place(None, None)
            return
        if self.shown.orders[self.shown.pane].name in _TIME_ORDERS:
            times = [row.at for row in self.table.rows_on_screen() if row and row.at]
        else:
            times = [self.cursor_time] if self.cursor_time else []
        self.strip.show_place(min(times, default=None), max(times, default=None))

    @property
    def cursor_time(self) -> datetime | None:
        """The time of the row under the cursor, where it has been fetched or was jumped to."""
        if self.shown.pane not in LISTS:
            return None
        row = self.table.row_at(self.table.cursor)
        if row is None and self.landed[:2] == (self.shown.pane, self.table.cursor):
            return self.landed[2]
        return row.at if row else None

    def action_toggle_strip(self) -> None:
        """Show or hide the strip."""
        self.strip.toggle_class("-off")
        self.call_after_refresh(self.ask_density)
        if self.strip.has_class("-off"):
            self.notify(f"The strip is hidden; {self.settings.key('strip')} shows it.", timeout=2, markup=False)
        elif not self.strip.display:
            self.notify("The strip needs 20 lines.", timeout=3)

    def action_brush(self) -> None:
        """Choose a part of the strip to zoom into."""
        if not self.strip.start_brush(self.cursor_time):
            self.notify("There is no strip to choose from: nothing shown has a time.", timeout=3)

    @on(TimeStrip.Left)
    def _leave_brush(self) -> None:
        self.strip.end_brush()
        self.front.focus()

    @on(TimeStrip.Chosen)
    def _zoom(self, event: TimeStrip.Chosen) -> None:
        before = self.shown.filter_text
        self._zooms.append(without_field(before, "time")[1])
        self.strip.end_brush()
        self.change(replace(self.shown, filter_text=with_term(before, "time", event.range)), keep=self.current_id)

    def action_zoom_out(self) -> None:
        """Go back to the span before the last zoom; other changes of the filter stay."""
        present = self.shown.filter_text
        rest, terms = without_field(present, "time")
        if not terms:
            self.notify("Nothing is zoomed into.", timeout=2)
            return
        wider = terms
        while wider == terms:
            wider = self._zooms.pop() if self._zooms else ()
        text = " ".join(filter(None, (rest, *wider)))
        self.change(replace(self.shown, filter_text=text), keep=self.current_id)
