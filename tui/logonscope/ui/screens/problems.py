"""What could not be read: every file, chunk and record, with its place and the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.columns import PROBLEM_COLUMNS
from logonscope.display import sanitise, shorten_start
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.errors import SourceError
    from logonscope.model import ReadProblem, Source


class ProblemsScreen(ListScreen[bool]):
    """Lists problems.

    Args:
        unreadable: Paths that are no event logs or cannot be opened.
        problems: Damaged parts of files that were read otherwise.
        sources: The files, for what their headers say.
        duplicates: Records that were in the case twice.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p,enter", "close", "Close"),
        Binding("S", "salvage", "Salvage"),
    ]

    def __init__(
        self,
        unreadable: Sequence[SourceError],
        problems: Sequence[ReadProblem],
        sources: Sequence[Source],
        duplicates: int,
    ) -> None:
        super().__init__(
            "Problems",
            PROBLEM_COLUMNS,
            keys="Esc close   ↑ ↓ PgUp PgDn move   S search the files for records that were not read",
            empty_text="Everything that was found could be read.",
        )
        self._unreadable = list(unreadable)
        self._problems = list(problems)
        self._notes = [(source, note) for source in sources for note in source.notes]
        self._duplicates = duplicates

    @property
    def row_count(self) -> int:
        """All problems, and one line for what was there twice."""
        return len(self._unreadable) + len(self._problems) + len(self._notes) + bool(self._duplicates)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Problems as they are drawn: of a long path the end, which tells files of one name apart."""
        rows = []
        for position in range(start, stop):
            (path, *rest), tone = self._problem(position)
            rows.append(TableRow((shorten_start(path, PROBLEM_COLUMNS[0].width), *rest), tone))
        return rows

    def whole(self, position: int) -> str:
        """A problem with its whole path and reason."""
        return " ".join(filter(None, self._problem(position)[0]))

    def action_salvage(self) -> None:
        """Close, and let the files be searched for records that were not read."""
        self.dismiss(True)

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
