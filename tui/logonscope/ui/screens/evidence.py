"""The evidence of one session: every record that it rests on, to cite and to open, and the gaps that touch it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from logonscope.display import plural, sanitise
from logonscope.errors import LogonscopeError
from logonscope.facts.evidence import EVIDENCE_COLUMNS, EvidenceLine, evidence_line, gap_line
from logonscope.model import CoverageMark
from logonscope.ui.questions import Answered, Asking, Questions
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import PAGE_ROWS, TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.case import Case
    from logonscope.model import Evidence, Session
    from logonscope.ui.widgets.row_table import RowTable

Lines = dict[int, list[EvidenceLine]]


class EvidenceScreen(ListScreen[int | CoverageMark]):
    """Lists evidence; closes with the row of a record, or with a gap.

    Args:
        case: The case, asked for records in a thread.
        session: The session.
        evidence: Its records in order.
        gaps: What the logs lack while it lasted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("e", "close", "Close")]

    def __init__(
        self, case: Case, session: Session, evidence: Sequence[Evidence], gaps: Sequence[CoverageMark]
    ) -> None:
        who = f"{sanitise(session.account.label)}, session {sanitise(session.key)}"
        told = f"{plural(len(evidence), 'record')}; {plural(len(gaps), 'gap')} while it lasted, listed last."
        super().__init__(
            f"Evidence: {who}",
            EVIDENCE_COLUMNS,
            heading=[told],
            keys="Enter open the record   y copy its citation   Esc close   ↑ ↓ PgUp PgDn move",
            empty_text="No record is known.",
        )
        self._case = case
        self._evidence = evidence
        self._gaps = gaps
        self._questions = Questions(self)
        self._lines: Lines = {}

    @property
    def row_count(self) -> int:
        """Records and gaps."""
        return len(self._evidence) + len(self._gaps)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Lines that have come."""
        lines = [line for position in range(start, stop) if (line := self._line(position))]
        return [TableRow(tuple(column.text(line) for column in EVIDENCE_COLUMNS), line.tone) for line in lines]

    def whole(self, position: int) -> str:
        """The citation of a record, or what a gap means."""
        line = self._line(position)
        return line.cited if line else ""

    def choice(self, position: int) -> int | CoverageMark:
        """The event's row, or the gap."""
        if position < len(self._evidence):
            return self._evidence[position].row
        return self._gaps[position - len(self._evidence)]

    def _line(self, position: int) -> EvidenceLine | None:
        page = self._lines.get(position // PAGE_ROWS, [])
        offset = position % PAGE_ROWS
        return page[offset] if offset < len(page) else None

    def give_pages(self, table: RowTable, first: int, last: int) -> None:
        """Fetch the records in a thread; the rows follow when they have come."""

        def question(asking: Asking) -> Lines:
            return {number: self._fetch(number) for number in range(first, last + 1)}

        def use(lines: Lines) -> None:
            self._lines |= lines
            ListScreen.give_pages(self, table, first, last)
            self.show_whole()

        self._questions.ask("evidence-pages", question, use, self._fail)

    def _fetch(self, page: int) -> list[EvidenceLine]:
        start, stop = page * PAGE_ROWS, (page + 1) * PAGE_ROWS
        entries = self._evidence[start:stop]
        sources = {source.number: source for source in self._case.sources}
        events = {event.row: event for event in self._case.events(list({entry.row for entry in entries}))}
        lines = [evidence_line(entry, events[entry.row], sources) for entry in entries]
        first_gap = len(self._evidence)
        return lines + [gap_line(mark) for mark in self._gaps[max(0, start - first_gap) : max(0, stop - first_gap)]]

    @on(Answered)
    def _deliver(self, event: Answered) -> None:
        event.stop()
        self._questions.deliver(event)

    def _fail(self, error: Exception) -> None:
        text = error.message if isinstance(error, LogonscopeError) else f"{type(error).__name__}: {error}"
        self.notify(sanitise(text), severity="error", markup=False)
