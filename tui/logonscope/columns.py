"""What each list shows: the columns of events and of sessions, on the screen and in printed tables.

Every text that a column gives is sanitised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from logonscope.display import duration_text, hex_id, sanitise, time_text
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import LogonType, logon_type_text
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from logonscope.model import Event, ReadProblem, Session

Row = TypeVar("Row")
_MINUTE = 16


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a list."""

    title: str
    width: int
    """Characters; the least for the column that takes what is left."""
    rank: int
    """Where there is little room, columns of the highest rank go first; rank 0 always stays."""
    text: Callable[[Row], str]
    order: str = ""
    """The order (see ``case.view``) that sorts by this column."""
    takes_rest: bool = False
    right: bool = False
    """Numbers stand on the right."""


EVENT_COLUMNS: tuple[Column[Event], ...] = (
    Column("Time (UTC)", 19, 0, lambda event: time_text(event.time), "time"),
    Column("Machine", 12, 3, lambda event: sanitise(event.machine), "machine"),
    Column("Event", 5, 0, lambda event: str(event.event_id), "event", right=True),
    Column("User", 15, 1, lambda event: sanitise(event.account.short) or "-", "user"),
    Column("Logon ID", 10, 4, lambda event: hex_id(event.logon_id), "logon"),
    Column("Type", 9, 2, lambda event: logon_type_text(event.logon_type) or "-", "type"),
    Column("Source", 15, 5, lambda event: sanitise(event.source_text) or "-", "source"),
    Column("What happened", 30, 0, lambda event: plain_words(event, short=True), takes_rest=True),
)
"""Columns of the list of events."""


def _start(session: Session) -> str:
    if session.start is not None:
        return time_text(session.start)[:_MINUTE]
    return f"<{time_text(session.start_latest)[:_MINUTE]}" if session.start_latest else "before the log"


def _end(session: Session) -> str:
    if session.end_evidence == "open":
        return "still on"
    if session.is_bounded:
        return _range(session.end_earliest, session.end_latest)
    return time_text(session.end)[:_MINUTE]


def _range(earliest: datetime | None, latest: datetime | None) -> str:
    """A range in the room of one time: what the two share is written once."""
    if earliest is None or latest is None:
        return f"{time_text(earliest or latest)[:_MINUTE]}.."
    if earliest.date() == latest.date():
        return f"{earliest:%m-%d %H:%M}..{latest:%H:%M}"
    return f"{earliest:%m-%d}..{latest:%m-%d %H:%M}"


def duration(session: Session) -> str:
    """How long a session lasted: a value, or ``>=`` where only a lower limit is known."""
    if session.duration is None:
        return "-"
    return f"{'>=' if session.is_bounded else ''}{duration_text(session.duration)}"


def _tokens(session: Session) -> str:
    folded = f" +{session.attached}" if session.attached else ""
    return f"{len(session.logon_ids)}{folded}"


SESSION_COLUMNS: tuple[Column[Session], ...] = (
    Column("User", 16, 0, lambda s: sanitise(s.account.short) or "-", "user"),
    Column("Type", 9, 0, lambda s: logon_type_text(s.logon_type) or "-", "type"),
    Column("Start (UTC)", 17, 0, _start, "start"),
    Column("End (UTC)", 18, 1, _end, "end"),
    Column("Lasted", 10, 0, duration, "duration", right=True),
    Column("G", 1, 0, lambda s: s.grade, "grade"),
    Column("How it ended", 12, 3, lambda s: end_kinds()[s.end_evidence].shown, "end"),
    Column("Adm", 3, 2, lambda s: "yes" if s.privileged else "-", "privileged"),
    Column("Machine", 14, 4, lambda s: sanitise(s.machine), "machine"),
    Column("Role", 10, 7, lambda s: s.role if s.role != "session" else s.logon_class),
    Column("Tokens", 7, 6, _tokens),
    Column("Records", 7, 8, lambda s: str(s.event_count), right=True),
    Column("Boot", 4, 9, lambda s: str(s.boot), right=True),
    Column("Source", 10, 5, lambda s: sanitise(s.source_text) or "-", "source", takes_rest=True),
)
"""Columns of the list of sessions."""


@dataclass(frozen=True, slots=True)
class LogonTypeCount:
    """A logon type with how often it occurs."""

    number: int
    entry: LogonType | None
    """None for a number that Windows does not define."""
    logons: int
    refusals: int


LOGON_TYPE_COLUMNS: tuple[Column[LogonTypeCount], ...] = (
    Column("Type", 4, 0, lambda row: str(row.number), right=True),
    Column("Name", 23, 0, lambda row: row.entry.name if row.entry else "(not defined)"),
    Column("Logons", 9, 0, lambda row: f"{row.logons:,}", right=True),
    Column("Refused", 9, 1, lambda row: f"{row.refusals:,}", right=True),
    Column("Person", 6, 2, lambda row: "yes" if row.entry and row.entry.person else "no"),
    Column("What it is", 30, 0, lambda row: row.entry.title if row.entry else "unknown", takes_rest=True),
)
"""Columns of the list of logon types."""


PROBLEM_COLUMNS: tuple[Column[ReadProblem], ...] = (
    Column("File", 28, 0, lambda problem: sanitise(str(problem.path))),
    Column("Part", 6, 0, lambda problem: problem.part),
    Column("Offset", 11, 0, lambda problem: "" if problem.offset is None else f"{problem.offset:#x}", right=True),
    Column("Record", 8, 1, lambda problem: "" if problem.record_id is None else str(problem.record_id), right=True),
    Column("What is wrong", 20, 0, lambda problem: sanitise(problem.reason), takes_rest=True),
)
"""Columns of the list of problems."""


def fitting(columns: Sequence[Column[Row]], width: int) -> list[int]:
    """The columns that have room, with one blank between them.

    Args:
        columns: All columns.
        width: Characters.

    Returns:
        Their positions, in order.
    """
    kept = list(range(len(columns)))
    while sum(columns[i].width + 1 for i in kept) - 1 > width and any(columns[i].rank for i in kept):
        kept.remove(max(kept, key=lambda i: columns[i].rank))
    return kept
