"""What was shown of a case comes back when it is opened again: filter, pane, orders, zone, the row of the cursor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from logonscope.case.row_refs import PARTS, RowRef
from logonscope.case.view import ORDERS, Scope
from logonscope.errors import FilterError
from logonscope.filters.syntax import parse
from logonscope.ui.panes import LISTS, TITLES
from logonscope.ui.screens.zones import Zones
from logonscope.ui.shown import AROUND, Order
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from logonscope.case.remembered import Remembered
    from logonscope.model import LoadProgress
    from logonscope.ui.shown import Shown

_REST = 0.5
"""Seconds after a change before it is written."""


class Remembering(Zones):
    """Keeps the view of a case."""

    _keeps = False
    _kept: Remembered | None = None
    """What the file has."""
    _unwritten: Remembered | None = None
    """What it is to have."""
    _wanted: Remembered | None = None
    """What is to be taken back when everything is loaded: the zone, the row of the cursor."""
    _cursor: RowRef | None = None
    _typed: tuple[str, ...] = ()
    _settled = 0

    def use_remembered(self, remembered: Remembered) -> None:
        """Take back what was last shown; the filter only where the command line gave none.

        Args:
            remembered: What is kept of this case.
        """
        for text in remembered.typed:
            self.filter_bar.remember(text)
        shown = _restored(self.shown, remembered)
        if not self.shown.filter_text and (remembered.filter or remembered.off) and _is_filter(remembered.filter):
            shown = replace(shown, filter_text=remembered.filter, off=remembered.off)
            key = self.settings.key("filter.clear")
            self.notify(f"The last filter of this case is back; {key} removes it.", timeout=6, markup=False)
        if shown != self.shown:
            self.restore(shown)
        self._wanted = remembered if remembered.beside or remembered.cursor else None
        self._keeps, self._typed = self.case_file.is_kept, self.filter_bar.typed
        self._kept = self._present()

    def show_progress(self, progress: LoadProgress) -> None:
        """Say how far loading is; when all is there, take back what needs all of it."""
        super().show_progress(progress)
        if progress.stage == "done" and self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            if wanted.beside:
                self.show_zone(wanted.beside, wanted.zone)
            self._go_back_to(wanted.cursor)

    def _go_back_to(self, cursor: tuple[str, ...]) -> None:
        case, shown = self.case, self.shown
        if case is None or not cursor or len(cursor) - 1 != PARTS.get(cursor[0], -1):  # type: ignore[call-overload]
            return
        ref = RowRef(cursor[0], tuple(cursor[1:]))  # type: ignore[arg-type]

        def use(row: int | None) -> None:
            if row is not None and self.shown == shown and not self.table.cursor:
                self.restore(shown, keep=row)

        self.questions.ask("cursor", lambda _: case.find_rows([ref]).get(ref), use, self.show_error)

    @on(RowTable.Highlighted)
    def _follow(self, event: RowTable.Highlighted) -> None:
        if event.table is self.table:
            self._note_cursor()

    def rows_came(self) -> None:
        """Rows of the present list have come, that of the cursor perhaps among them."""
        super().rows_came()
        self._note_cursor()

    def _note_cursor(self) -> None:
        row = self.table.row_at(self.table.cursor)
        if row is not None and isinstance(row.ref, RowRef):
            self._cursor = row.ref

    def keep_shown(self) -> None:
        """Write the view down when it has come to rest."""
        self._typed = self.filter_bar.typed if self._keeps else ()
        if self._keeps and self._present() != self._kept:
            self._unwritten = self._kept = self._present()
            self._settled += 1
            change = self._settled
            self.set_timer(_REST, lambda: self._write_down() if change == self._settled else None)

    def _write_down(self) -> None:
        self.questions.ask("remember", lambda _: self.write_down(), lambda _: None, self.show_error)

    def note_end(self) -> None:
        """Note the row under the cursor, before all is closed."""
        if self._keeps and self._kept is not None and self._present() != self._kept:
            self._unwritten = self._present()

    def write_down(self) -> None:
        """Write the view down if that is still to be done; to be called in any thread, also when all is closed.

        Raises:
            OutputError: The file cannot be written.
        """
        from logonscope.case.remembered import remember

        unwritten = self._unwritten
        if unwritten is not None:
            remember(self.case_file, unwritten)
            if self._unwritten is unwritten:
                self._unwritten = None

    def _present(self) -> Remembered:
        from logonscope.case.remembered import Remembered

        shown, cursor, wanted = self.shown, self._cursor, self._wanted
        if cursor and (shown.pane not in LISTS or cursor.target != LISTS[shown.pane].target):
            cursor = None
        present = Remembered(
            filter=shown.filter_text,
            off=shown.off,
            typed=self._typed,
            pane=shown.pane,
            scope=shown.scope.name.lower(),
            around=shown.around,
            order={pane: f"{'-' if one.descending else ''}{one.name}" for pane, one in shown.orders.items()},
            beside="" if self.beside.mode == "nothing" else self.beside.mode,
            zone=self.beside.zone_name if self.beside.mode == "zone" else "",
            cursor=(cursor.target, *cursor.parts) if cursor else (),
        )
        return present if wanted is None else present.still_at(wanted)


def _restored(shown: Shown, remembered: Remembered) -> Shown:
    """The pane, the scope and the orders that were shown, as far as there are such today."""
    scopes = {scope.name.lower(): scope for scope in Scope}
    orders = dict(shown.orders)
    for pane, name in remembered.order.items():
        order = Order(name.removeprefix("-"), name.startswith("-"))
        if pane in LISTS and order.name in ORDERS[LISTS[pane].target]:
            orders[pane] = order
    return replace(
        shown,
        pane=remembered.pane if remembered.pane in TITLES else shown.pane,
        scope=scopes.get(remembered.scope, shown.scope),
        around=remembered.around if remembered.around in AROUND else shown.around,
        orders=orders,
    )


def _is_filter(text: str) -> bool:
    try:
        parse(text)
    except FilterError:
        return False
    return True
