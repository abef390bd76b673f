"""The three panes as lists: which columns, how a page of rows is fetched, how a row looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import EVENT_COLUMNS, LOGON_TYPE_COLUMNS, SESSION_COLUMNS, LogonTypeCount
from logonscope.knowledge.catalogue import event_kinds
from logonscope.knowledge.logon_types import logon_types
from logonscope.ui.widgets.row_table import PAGE_ROWS, TableRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.case.case import Case
    from logonscope.model import Event, Session
    from logonscope.store.row_window import RowWindow

_ALARMING_ROLES = ("gap",)
_BAD_ENDS = ("crash", "reboot")


def event_row(event: Event) -> TableRow:
    """An event as a row."""
    kind = event_kinds().get((event.provider, event.event_id))
    tone = ""
    if event.outcome == "failure" or (kind and kind.role == "fail"):
        tone = "alarm"
    elif kind and kind.role in _ALARMING_ROLES:
        tone = "warn"
    elif kind is None:
        tone = "muted"
    return TableRow(tuple(column.text(event) for column in EVENT_COLUMNS), tone)


def session_row(session: Session) -> TableRow:
    """A session as a row."""
    tone = "warn" if session.end_evidence in _BAD_ENDS else ""
    if session.account_kind in ("system", "machine", "virtual", "setup"):
        tone = "muted"
    return TableRow(tuple(column.text(session) for column in SESSION_COLUMNS), tone)


def logon_type_rows(counts: dict[int, tuple[int, int]]) -> list[TableRow]:
    """All logon types as rows.

    Args:
        counts: Logons and refusals by type.
    """
    rows = []
    for number, (logons, refusals) in sorted(counts.items()):
        entry = logon_types().get(number)
        line = LogonTypeCount(number, entry, logons, refusals)
        cells = tuple(column.text(line) for column in LOGON_TYPE_COLUMNS)
        rows.append(TableRow(cells, "" if logons or refusals else "muted"))
    return rows


def event_pages(case: Case, window: RowWindow, pages: Iterable[int]) -> dict[int, list[TableRow]]:
    """Fetch pages of events; runs in a thread."""
    return {page: [event_row(event) for event in case.events(_ids(window, page))] for page in pages}


def session_pages(case: Case, window: RowWindow, pages: Iterable[int]) -> dict[int, list[TableRow]]:
    """Fetch pages of sessions; runs in a thread."""
    return {page: [session_row(session) for session in case.sessions(_ids(window, page))] for page in pages}


def _ids(window: RowWindow, page: int) -> list[int]:
    return window.page(page * PAGE_ROWS, (page + 1) * PAGE_ROWS)
