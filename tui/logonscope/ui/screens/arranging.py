"""Sorting, and the columns that the user chose: kept in a file of the user's, by pane."""

from __future__ import annotations

from dataclasses import replace

from logonscope.state_file import change_state, read_state, state_folder
from logonscope.ui.column_layout import Layout, from_state, to_state
from logonscope.ui.panes import TITLES
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.columns import ColumnsScreen

_FILE = "columns.json"


class Arranging(Browser):
    """Actions on the order of the rows and on the columns."""

    def on_mount(self) -> None:
        """Read what was chosen in an earlier run."""

        def use(layouts: dict[str, Layout]) -> None:
            if layouts:
                self.layouts = layouts
                self.show_widgets()

        def question(_: object) -> dict[str, Layout]:
            return from_state(read_state(state_folder() / _FILE))

        self.questions.ask("layouts", question, use, self.show_error)

    def action_next_order(self) -> None:
        """Sort by the next column."""
        columns = [placed.column for placed in self.table.drawn_columns if placed.column.order]
        self.change(self.shown.with_next_order([column.order for column in columns]))
        order = self.shown.orders[self.shown.pane].name
        title = next((column.title for column in columns if column.order == order), order)
        self.notify(f"Sorted by {title}.", timeout=2, markup=False)

    def action_reverse_order(self) -> None:
        """Turn the order round."""
        self.change(self.shown.reversed())

    def action_choose_columns(self) -> None:
        """Choose, order and widen the columns of the present pane."""
        pane, table = self.shown.pane, self.table

        def drawn() -> frozenset[str]:
            return frozenset(placed.column.name for placed in table.drawn_columns)

        def changed(layout: Layout) -> None:
            self.layouts = {**self.layouts, pane: layout}
            self.show_widgets()

        def sort(order: str) -> None:
            self.change(self.shown.ordered(replace(self.shown.orders[pane], name=order)))

        chooser = ColumnsScreen(TITLES[pane], self.columns_of(pane), self.layouts.get(pane, ()), drawn, changed, sort)
        self.app.push_screen(chooser, lambda _: self._keep_layout(pane))

    def _keep_layout(self, pane: str) -> None:
        layout = self.layouts.get(pane)
        if layout is None:
            return

        def question(_: object) -> None:
            change_state(state_folder() / _FILE, lambda held: to_state({**from_state(held), pane: layout}))

        self.questions.ask("keep-layout", question, lambda _: None, self.show_error)
