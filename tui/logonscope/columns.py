"""What each list shows: the columns of the panes, on the screen and in printed tables.

Every text that a column gives is sanitised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from logonscope.display import duration_range_text, hex_id, microseconds, plural, sanitise, time_text
from logonscope.knowledge.boots import boot_ends
from logonscope.knowledge.coverage import amount_text, channel_short, mark_kinds
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import LogonType, logon_type_text
from logonscope.knowledge.recovery import recovery_mark
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from logonscope.model import Boot, CoverageMark, Event, ReadProblem, Session

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
    most: int = 0
    """Characters that it may grow to where there is room."""

    @property
    def name(self) -> str:
        """The title without its unit: the column's name in what the user keeps."""
        return self.title.partition(" (")[0].lower()


def _what_happened(event: Event) -> str:
    """The event in words; behind how it was recovered where salvage found it."""
    words = plain_words(event, short=True)
    return f"{recovery_mark(event.recovered)}  {words}" if event.recovered else words


EVENT_COLUMNS: tuple[Column[Event], ...] = (
    Column("Time (UTC)", 19, 0, lambda event: time_text(event.time), "time"),
    Column("Machine", 12, 3, lambda event: sanitise(event.machine), "machine", most=18),
    Column("Event", 5, 0, lambda event: str(event.event_id), "event", right=True),
    Column("User", 15, 1, lambda event: sanitise(event.account.short) or "-", "user", most=26),
    Column("Logon ID", 10, 4, lambda event: hex_id(event.logon_id), "logon"),
    Column("Type", 9, 2, lambda event: logon_type_text(event.logon_type) or "-", "type"),
    Column("Source", 15, 5, lambda event: sanitise(event.source_text) or "-", "source", most=26),
    Column("What happened", 30, 0, _what_happened, "what", takes_rest=True),
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


def lasted(session: Session) -> str:
    """How long a session lasted: a value, ``>=x`` or ``x..y``."""
    return duration_range_text(session.duration_least, session.duration_most)


def _type(session: Session) -> str:
    return "visit" if session.role == "visit" else logon_type_text(session.logon_type) or "-"


def _how_it_ended(session: Session) -> str:
    if session.role == "visit":
        return plural(session.attached, "contact")
    return end_kinds()[session.end_evidence].shown


def _tokens(session: Session) -> str:
    folded = f" +{session.attached}" if session.attached and session.role != "visit" else ""
    return f"{len(session.logon_ids)}{folded}"


SESSION_COLUMNS: tuple[Column[Session], ...] = (
    Column("User", 16, 0, lambda s: sanitise(s.account.short) or "-", "user", most=28),
    Column("Type", 9, 0, _type, "type"),
    Column("Start (UTC)", 17, 0, _start, "start"),
    Column("End (UTC)", 18, 1, _end, "end"),
    Column("Lasted", 10, 0, lasted, "duration", right=True),
    Column("G", 1, 0, lambda s: s.grade, "grade"),
    Column("How it ended", 14, 3, _how_it_ended, "how", most=20),
    Column("Adm", 3, 2, lambda s: "yes" if s.privileged else "-", "privileged"),
    Column("Machine", 14, 4, lambda s: sanitise(s.machine), "machine", most=20),
    Column("Role", 10, 7, lambda s: s.role if s.role != "session" else s.logon_class, "role"),
    Column("Tokens", 7, 6, _tokens, "tokens"),
    Column("Records", 7, 8, lambda s: str(s.event_count), "records", right=True),
    Column("Boot", 4, 9, lambda s: str(s.boot), "boot", right=True),
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

    def sort_key(self, order: str) -> tuple[int | str, ...]:
        """What it is sorted by in one of the orders of its columns."""
        entry = self.entry
        keys: dict[str, int | str] = {
            "type": self.number,
            "name": entry.name.lower() if entry else "",
            "logons": self.logons,
            "refusals": self.refusals,
            "person": int(bool(entry and entry.person)),
            "title": entry.title.lower() if entry else "",
        }
        return keys[order], self.number


LOGON_TYPE_COLUMNS: tuple[Column[LogonTypeCount], ...] = (
    Column("Type", 4, 0, lambda row: str(row.number), "type", right=True),
    Column("Name", 23, 0, lambda row: row.entry.name if row.entry else "(not defined)", "name"),
    Column("Logons", 9, 0, lambda row: f"{row.logons:,}", "logons", right=True),
    Column("Refused", 9, 1, lambda row: f"{row.refusals:,}", "refusals", right=True),
    Column("Person", 6, 2, lambda row: "yes" if row.entry and row.entry.person else "no", "person"),
    Column("What it is", 28, 0, lambda row: row.entry.title if row.entry else "unknown", "title", takes_rest=True),
)
"""Columns of the list of logon types."""


def _boot_start(boot: Boot) -> str:
    began = boot.start or boot.kernel_start
    return time_text(began)[:_MINUTE] if began else "before the log"


def _boot_evidence(boot: Boot) -> str:
    return "kernel start" if boot.start is None and boot.kernel_start else boot.start_evidence


def _boot_end(boot: Boot) -> str:
    if boot.end is not None:
        return f"{'' if boot.end_is_exact else '>='}{time_text(boot.end)[:_MINUTE]}"
    if boot.end_evidence == "open":
        return f"{time_text(boot.last_record)[:_MINUTE]}.." if boot.last_record else "-"
    return _range(boot.alive_until or boot.last_record, boot.next_start)


def boot_lasted(boot: Boot) -> tuple[int | None, int | None]:
    """Between which limits a boot ran, steps of its clock taken off, in microseconds; None where there is no limit."""
    began = boot.start or boot.kernel_start
    if began is None:
        return None, None
    earliest = boot.end or boot.alive_until or boot.last_record
    latest = boot.end if boot.end and boot.end_is_exact else boot.next_start
    return _ran(boot, began, earliest), _ran(boot, began, latest)


def _ran(boot: Boot, since: datetime, until: datetime | None) -> int | None:
    ran = microseconds(until - since) - boot.stepped if until else -1
    return ran if ran >= 0 else None


def _reused(boot: Boot) -> str:
    ids = boot.reused_ids
    return f"{len(ids)}: {', '.join(map(hex_id, ids))}" if ids else "-"


BOOT_COLUMNS: tuple[Column[Boot], ...] = (
    Column("Machine", 12, 0, lambda b: sanitise(b.machine), "machine", most=20),
    Column("Boot", 4, 0, lambda b: str(b.number), "number", right=True),
    Column("Started (UTC)", 16, 0, _boot_start, "start"),
    Column("Known by", 12, 3, _boot_evidence, "known"),
    Column("Ended (UTC)", 18, 0, _boot_end, "end"),
    Column("How", 8, 0, lambda b: boot_ends()[b.end_evidence].shown, "how"),
    Column("Lasted", 10, 2, lambda b: duration_range_text(*boot_lasted(b)), "duration", right=True),
    Column("Stays", 5, 0, lambda b: f"{b.stays:,}", "stays", right=True),
    Column("Sessions", 8, 4, lambda b: f"{b.sessions:,}", "sessions", right=True),
    Column("Reused", 8, 1, _reused, "reused", takes_rest=True),
)
"""Columns of the list of boots."""


def _what(mark: CoverageMark) -> str:
    """The kind of a mark with what it is about; of a file's path the name."""
    shown = mark_kinds()[mark.kind].shown
    about = sanitise(re.split(r"[/\\]", mark.text)[-1] if mark.kind.startswith("file") else mark.text)
    return f"{shown}: {about}" if about else shown


COVERAGE_COLUMNS: tuple[Column[CoverageMark], ...] = (
    Column("Machine", 12, 0, lambda m: sanitise(m.machine) or "-", "machine", most=20),
    Column("Channel", 16, 1, lambda m: channel_short(m.channel) or "-", "channel", most=26),
    Column("What", 14, 0, _what, "kind", takes_rest=True),
    Column("From (UTC)", 16, 0, lambda m: time_text(m.since)[:_MINUTE], "since"),
    Column("Until (UTC)", 16, 2, lambda m: time_text(m.until)[:_MINUTE], "until"),
    Column("Amount", 10, 1, lambda m: amount_text(m, short=True) or "-", "amount", right=True),
)
"""Columns of the list of what the logs cover and lack."""


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
