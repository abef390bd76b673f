"""The panes: what each lists, its columns, how a page of rows is fetched, how a row looks, what its detail is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from logonscope.case.row_refs import boot_ref, event_ref, mark_ref, session_ref
from logonscope.columns import (
    BOOT_COLUMNS,
    COVERAGE_COLUMNS,
    EVENT_COLUMNS,
    LOGON_TYPE_COLUMNS,
    SESSION_COLUMNS,
)
from logonscope.facts import boot_facts, coverage_facts, event_facts, session_facts
from logonscope.facts.logon_type import logon_type_lines
from logonscope.knowledge.catalogue import event_kinds
from logonscope.knowledge.coverage import mark_kinds
from logonscope.ui.widgets.row_list import PAGE_ROWS, TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.columns import Column
    from logonscope.filters.compile import Target
    from logonscope.model import Boot, CoverageMark, Event, Fact, Session
    from logonscope.store.row_window import RowWindow

_EVIDENCE_SHOWN = 200
_BAD_ENDS = ("crash", "reboot")


@dataclass(frozen=True, slots=True)
class Pane:
    """One list of the case. All functions that take a case run in a thread."""

    name: str
    title: str
    target: Target
    noun: str
    """What one row is called."""
    columns: tuple[Column[Any], ...]
    fetch: Callable[[Case, Sequence[int]], list[Any]]
    """Rows by number or ID."""
    row: Callable[[Any], TableRow]
    facts: Callable[[Case, Any], tuple[Fact, ...]]
    moment: Callable[[Any], datetime | None]
    """The time of a row: what to ask from there who was on."""

    def pages(self, case: Case, window: RowWindow, pages: Iterable[int]) -> dict[int, list[TableRow]]:
        """Fetch pages of the list."""
        return {page: self._page(case, window, page * PAGE_ROWS, (page + 1) * PAGE_ROWS) for page in pages}

    def _page(self, case: Case, window: RowWindow, start: int, stop: int) -> list[TableRow]:
        items = self.fetch(case, window.page(start, stop))
        rows = [replace(self.row(item), at=self.moment(item), item=item) for item in items]
        if window.hits is None:
            return rows
        return [_hit_or_not(row, is_hit=is_hit) for row, is_hit in zip(rows, window.are_hits(start, stop), strict=True)]


def _hit_or_not(row: TableRow, *, is_hit: bool) -> TableRow:
    """A row among others that do not fit: told apart by a sign before its last cell, and by its colour."""
    *cells, last = row.cells
    tone = row.tone if is_hit else "muted"
    return replace(row, cells=(*cells, f"> {last}" if is_hit else f"  {last}"), tone=tone)


def event_row(event: Event) -> TableRow:
    """An event as a row."""
    kind = event_kinds().get((event.provider, event.event_id))
    tone = ""
    if event.outcome == "failure" or (kind and kind.role == "fail"):
        tone = "alarm"
    elif kind and kind.role == "gap":
        tone = "warn"
    elif kind is None:
        tone = "muted"
    return TableRow(tuple(column.text(event) for column in EVENT_COLUMNS), tone, event_ref(event))


def session_row(session: Session) -> TableRow:
    """A session as a row."""
    tone = "warn" if session.end_evidence in _BAD_ENDS else ""
    if session.account_kind in ("system", "machine", "virtual", "setup"):
        tone = "muted"
    return TableRow(tuple(column.text(session) for column in SESSION_COLUMNS), tone, session_ref(session))


def boot_row(boot: Boot) -> TableRow:
    """A boot as a row; one that ended badly, or whose logon IDs were used again, stands out."""
    tone = "warn" if boot.end_evidence in _BAD_ENDS or boot.reused_ids else ""
    return TableRow(tuple(column.text(boot) for column in BOOT_COLUMNS), tone, boot_ref(boot))


def coverage_row(mark: CoverageMark) -> TableRow:
    """A mark of coverage as a row."""
    cells = tuple(column.text(mark) for column in COVERAGE_COLUMNS)
    return TableRow(cells, mark_kinds()[mark.kind].tone, mark_ref(mark))


def logon_type_rows(
    counts: dict[int, tuple[int, int]], order: str = "type", *, descending: bool = False
) -> tuple[list[int], list[TableRow]]:
    """All logon types as rows; arguments as of ``logon_type_lines``.

    Returns:
        The numbers of the types, and their rows.
    """
    lines = logon_type_lines(counts, order, descending=descending)
    rows = [
        TableRow(
            tuple(column.text(line) for column in LOGON_TYPE_COLUMNS),
            "" if line.logons or line.refusals else "muted",
        )
        for line in lines
    ]
    return [line.number for line in lines], rows


def _event_facts(case: Case, event: Event) -> tuple[Fact, ...]:
    return event_facts(event, next((source for source in case.sources if source.number == event.source), None))


def _session_facts(case: Case, session: Session) -> tuple[Fact, ...]:
    evidence = case.evidence(session.session_id)[:_EVIDENCE_SHOWN]
    events = {event.row: event for event in case.events(list({entry.row for entry in evidence}))}
    return session_facts(
        session,
        [(entry, events[entry.row]) for entry in evidence if entry.row in events],
        absences=case.absences(session.session_id),
        gaps=case.gaps_of(session.session_id),
        sources={source.number: source for source in case.sources},
    )


_LISTS = (
    Pane(
        "events", "Events", "event", "event", EVENT_COLUMNS,
        fetch=lambda case, rows: case.events(rows),
        row=event_row,
        facts=_event_facts,
        moment=lambda event: event.time,
    ),
    Pane(
        "sessions", "Sessions", "session", "session", SESSION_COLUMNS,
        fetch=lambda case, ids: case.sessions(ids),
        row=session_row,
        facts=_session_facts,
        moment=lambda session: session.start or session.start_latest or session.end,
    ),
    Pane(
        "boots", "Boots", "boot", "boot", BOOT_COLUMNS,
        fetch=lambda case, ids: case.boots(ids),
        row=boot_row,
        facts=lambda case, boot: boot_facts(boot),
        moment=lambda boot: boot.start or boot.last_record,
    ),
    Pane(
        "coverage", "Coverage", "coverage", "mark", COVERAGE_COLUMNS,
        fetch=lambda case, ids: case.coverage(ids),
        row=coverage_row,
        facts=lambda case, mark: coverage_facts(mark),
        moment=lambda mark: mark.since or mark.until,
    ),
)  # fmt: skip

LISTS: dict[str, Pane] = {pane.name: pane for pane in _LISTS}
"""The panes that list rows of the case, by name."""

TITLES: dict[str, str] = {
    "events": "Events",
    "sessions": "Sessions",
    "types": "Types",
    "boots": "Boots",
    "coverage": "Coverage",
    "timeline": "Timeline",
}
"""All panes in the order of their keys, with what they are called."""

TABLES = tuple(pane for pane in TITLES if pane != "timeline")
"""The panes that are tables."""
