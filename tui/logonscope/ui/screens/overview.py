"""The machines of a lake: what to look at first, and the way into one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.display import plural
from logonscope.facts.overview import OVERVIEW_COLUMNS, OVERVIEW_SORTS, overview_line
from logonscope.filters.edit import with_term
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.sorted_list import SortedList
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.lake.overview import MachineOverview
    from logonscope.model import LoadProgress


class OverviewScreen(SortedList["MachineOverview"]):
    """Lists machines; closes with the one to be opened.

    Args:
        machines: The machines, what to look at first before the others.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("V", "close", "Close")]

    def __init__(self, machines: Sequence[MachineOverview]) -> None:
        records = plural(sum(machine.records for machine in machines), "record")
        super().__init__(
            "The machines of this lake",
            OVERVIEW_COLUMNS,
            OVERVIEW_SORTS,
            machines,
            heading=[f"{plural(len(machines), 'machine')}, {records}. V shows this list again, ⌫ goes back."],
            keys="Enter open the machine  o O order  y copy  Esc all machines  ↑ ↓ move",
            empty_text="The lake names no machine.",
        )

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Machines as they are drawn; those with a finding of severity high stand out."""
        return [
            TableRow(tuple(column.text(machine) for column in OVERVIEW_COLUMNS), "alarm" if machine.high else "")
            for machine in self.items[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A machine in sentences."""
        return overview_line(self.items[position])


class Overviewing(Browser):
    """Shows the machines of a lake, first of all when one is opened."""

    _is_overview_due = True

    def show_progress(self, progress: LoadProgress) -> None:
        """Show the machines when a lake is open, unless a filter was given to begin with."""
        super().show_progress(progress)
        if self._is_overview_due and self.case is not None and self.case.is_lake:
            self._is_overview_due = False
            if not self.shown.filter_text:
                self.action_show_overview()

    def action_show_overview(self) -> None:
        """List the machines of the lake."""
        case = self.case
        if case is None or not case.is_lake:
            self.notify("Only a lake has an overview of its machines: logonscope fleet makes one.", timeout=4)
            return

        def show(machines: list[MachineOverview]) -> None:
            self.app.push_screen(OverviewScreen(machines), self._open_machine)

        self.questions.ask("overview", lambda asking: case.overview(), show, self.show_error)

    def _open_machine(self, machine: MachineOverview | None) -> None:
        if machine is not None:
            self.change(
                replace(self.shown, pane="sessions", filter_text=with_term("", "machine", machine.name), off=())
            )
