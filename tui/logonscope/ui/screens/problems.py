"""What could not be read: every file, chunk and record, with its place and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from logonscope.columns import PROBLEM_COLUMNS
from logonscope.display import sanitise, shorten_start
from logonscope.ui.widgets.row_table import PAGE_ROWS, RowTable, TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from logonscope.errors import SourceError
    from logonscope.model import ReadProblem, Source


class ProblemsScreen(ModalScreen[None]):
    """Lists problems; the whole reason of the one under the cursor stands below.

    Args:
        unreadable: Paths that are no event logs or cannot be opened.
        problems: Damaged parts of files that were read otherwise.
        sources: The files, for what their headers say.
        duplicates: Records that were in the case twice.
    """

    DEFAULT_CSS = """
    ProblemsScreen { align: center middle; }
    ProblemsScreen > Vertical { width: 96%; height: 94%; border: round $primary; background: $surface; }
    ProblemsScreen #problem-reason { height: 4; padding: 0 1; border-top: solid $primary; }
    ProblemsScreen .problem-keys { height: 1; color: $text-muted; }
    ProblemsScreen:ansi > Vertical { background: ansi_default; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,p,enter", "close", "Close")]

    def __init__(
        self,
        unreadable: Sequence[SourceError],
        problems: Sequence[ReadProblem],
        sources: Sequence[Source],
        duplicates: int,
    ) -> None:
        super().__init__()
        self._unreadable = list(unreadable)
        self._problems = list(problems)
        self._notes = [(source, note) for source in sources for note in source.notes]
        self._duplicates = duplicates

    def compose(self) -> ComposeResult:
        """The list, the reason, the keys."""
        with Vertical() as frame:
            frame.border_title = "Problems"
            yield RowTable(id="problem-table")
            yield Static(id="problem-reason", markup=False)
            yield Static("Esc close   ↑ ↓ PgUp PgDn move", classes="problem-keys", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        table = self.query_one(RowTable)
        table.empty_text = "Everything that was found could be read."
        table.show_columns(PROBLEM_COLUMNS)
        count = len(self._unreadable) + len(self._problems) + len(self._notes) + bool(self._duplicates)
        table.show_rows(count, {0: self._page(0)})
        table.focus()

    def _row(self, position: int) -> TableRow:
        """A problem as it is drawn: of a long path the end, which tells files of one name apart."""
        (path, *rest), tone = self._problem(position)
        return TableRow((shorten_start(path, PROBLEM_COLUMNS[0].width), *rest), tone)

    def _problem(self, position: int) -> tuple[tuple[str, ...], str]:
        """The texts of a problem, and its tone."""
        if position < len(self._unreadable):
            error = self._unreadable[position]
            path, _, reason = error.message.partition(": ")
            return (sanitise(path), "path", "", "", sanitise(f"{reason}. {error.advice}")), "alarm"
        position -= len(self._unreadable)
        if position < len(self._problems):
            problem = self._problems[position]
            return tuple(column.text(problem) for column in PROBLEM_COLUMNS), "warn"
        position -= len(self._problems)
        if position < len(self._notes):
            source, note = self._notes[position]
            return (sanitise(str(source.path)), "header", "", "", sanitise(note)), "muted"
        return ("", "copies", "", "", f"{self._duplicates:,} records were in the files twice"), "muted"

    def _page(self, number: int) -> list[TableRow]:
        count = len(self._unreadable) + len(self._problems) + len(self._notes) + bool(self._duplicates)
        return [self._row(p) for p in range(number * PAGE_ROWS, min(count, (number + 1) * PAGE_ROWS))]

    @on(RowTable.PagesWanted)
    def _give_pages(self, event: RowTable.PagesWanted) -> None:
        event.stop()
        for number in range(event.first, event.last + 1):
            event.table.add_page(number, self._page(number))

    @on(RowTable.Highlighted)
    def _show_reason(self, event: RowTable.Highlighted) -> None:
        event.stop()
        cells = self._problem(event.position)[0] if event.table.row_count else ()
        self.query_one("#problem-reason", Static).update(" ".join(filter(None, cells)))

    def action_close(self) -> None:
        """Go back to the browser."""
        self.dismiss()
