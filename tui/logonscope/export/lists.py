"""The lists of a case, printed whole: which columns, which fields, and how their rows are fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.columns import BOOT_COLUMNS, COVERAGE_COLUMNS, EVENT_COLUMNS, SESSION_COLUMNS
from logonscope.export.records import BOOT_FIELDS, COVERAGE_FIELDS, EVENT_FIELDS, SESSION_FIELDS, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logonscope.case.case import Case
    from logonscope.columns import Column
    from logonscope.filters.compile import Target
    from logonscope.model import Session
    from logonscope.store.row_window import RowWindow

_FETCH_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Listing:
    """How one kind of row is printed."""

    columns: tuple[Column[Any], ...]
    fields: tuple[Field[Any], ...]
    fetch: Callable[[Case, Sequence[int]], list[Any]]

    def rows(self, case: Case, window: RowWindow) -> Iterator[Any]:
        """All rows of a window, fetched a page at a time."""
        for start in range(0, window.count, _FETCH_ROWS):
            yield from self.fetch(case, window.page(start, start + _FETCH_ROWS))


LISTINGS: dict[Target, Listing] = {
    "event": Listing(EVENT_COLUMNS, EVENT_FIELDS, lambda case, rows: case.events(rows)),
    "session": Listing(SESSION_COLUMNS, SESSION_FIELDS, lambda case, ids: case.sessions(ids)),
    "boot": Listing(BOOT_COLUMNS, BOOT_FIELDS, lambda case, ids: case.boots(ids)),
    "coverage": Listing(COVERAGE_COLUMNS, COVERAGE_FIELDS, lambda case, ids: case.coverage(ids)),
}
"""What can be printed."""


def evidence_field(case: Case) -> Field[Session]:
    """The records that a session rests on as ``channel#EventRecordID``, without those in which it only acted."""

    def records(session: Session) -> list[str]:
        rows = [entry.row for entry in case.evidence(session.session_id) if entry.role != "acted"]
        return [f"{event.channel}#{event.record_id}" for event in case.events(list(dict.fromkeys(rows)))]

    return Field("evidence", "texts", records)
