"""What the cells of the lists say, as terms of the filter language; None where a cell says nothing to filter by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.display import duration_text, hex_id
from logonscope.filters.edit import CellTerm

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from logonscope.columns import LogonTypeCount
    from logonscope.model import Boot, CoverageMark, Event, Session

_MINUTE = 16
_GROUP_OF_CLASS = {"stay": "stay", "contact": "contact", "work": "work", "visit": "visit"}


def _term(field: str, value: str) -> CellTerm | None:
    return CellTerm(field, value) if value else None


def _at(time: datetime | None, *, to_the_minute: bool = True) -> CellTerm | None:
    if time is None:
        return None
    text = time.isoformat(timespec="seconds")
    return CellTerm("time", text[:_MINUTE] if to_the_minute else text)


def machine(row: Event | Session | Boot | CoverageMark) -> CellTerm | None:
    """The machine."""
    return _term("machine", row.machine)


def source(row: Event | Session) -> CellTerm | None:
    """Where it came from: the address, or the workstation where there is none."""
    return _term("from", row.source_ip or row.workstation)


def user(row: Event | Session) -> CellTerm | None:
    """The account."""
    return _term("user", row.account.label)


def event_time(event: Event) -> CellTerm | None:
    """The second."""
    return _at(event.time, to_the_minute=False)


def event_id(event: Event) -> CellTerm | None:
    """The event ID."""
    return CellTerm("event", str(event.event_id))


def logon_id(event: Event) -> CellTerm | None:
    """The logon ID."""
    return None if event.logon_id is None else CellTerm("logon", hex_id(event.logon_id))


def logon_type(row: Event | Session) -> CellTerm | None:
    """The logon type."""
    return None if row.logon_type is None else CellTerm("type", str(row.logon_type))


def session_type(session: Session) -> CellTerm | None:
    """The logon type, or that it is a visit."""
    return CellTerm("is", "visit") if session.role == "visit" else logon_type(session)


def session_start(session: Session) -> CellTerm | None:
    """The minute of the start; sessions that were on then fit it."""
    return _at(session.start or session.start_latest)


def session_end(session: Session) -> CellTerm | None:
    """The minute of the end, or that it is still on."""
    return CellTerm("is", "open") if session.end_evidence == "open" else _at(session.end)


def lasted(session: Session) -> CellTerm | None:
    """At least so long."""
    least = session.duration_least
    return None if least is None or least < 0 else CellTerm("dur", f">={duration_text(least).replace(' ', '')}")


def grade(session: Session) -> CellTerm | None:
    """The grade."""
    return _term("grade", session.grade)


def end(session: Session) -> CellTerm | None:
    """How it ended."""
    return CellTerm("is", "visit") if session.role == "visit" else _term("end", session.end_evidence)


def privileged(session: Session) -> CellTerm | None:
    """Administrator rights, or none."""
    return CellTerm("is", "admin", is_denied=not session.privileged)


def role(session: Session) -> CellTerm | None:
    """The kind of session, where there is a group for it."""
    group = _GROUP_OF_CLASS.get("visit" if session.role == "visit" else session.logon_class)
    return _term("is", group or "")


def boot(session: Session) -> CellTerm | None:
    """The boot's number."""
    return CellTerm("boot", str(session.boot))


def type_number(row: LogonTypeCount) -> CellTerm | None:
    """The logon type of its own line."""
    return CellTerm("type", str(row.number))


def boot_number(row: Boot) -> CellTerm | None:
    """The boot's number."""
    return CellTerm("boot", str(row.number))


def boot_start(row: Boot) -> CellTerm | None:
    """The minute that it started in."""
    return _at(row.start or row.kernel_start)


def boot_end(row: Boot) -> CellTerm | None:
    """The minute that it ended in, as far as that is known."""
    return _at(row.end)


def channel(mark: CoverageMark) -> CellTerm | None:
    """The channel."""
    return _term("channel", mark.channel)


def mark_since(mark: CoverageMark) -> CellTerm | None:
    """The minute that it begins in."""
    return _at(mark.since)


def mark_until(mark: CoverageMark) -> CellTerm | None:
    """The minute that it ends in."""
    return _at(mark.until)


_TERMS: dict[str, dict[str, Callable[[Any], CellTerm | None]]] = {
    "events": {
        "time": event_time,
        "machine": machine,
        "event": event_id,
        "user": user,
        "logon id": logon_id,
        "type": logon_type,
        "source": source,
        "what happened": event_id,
    },
    "sessions": {
        "user": user,
        "type": session_type,
        "start": session_start,
        "end": session_end,
        "lasted": lasted,
        "g": grade,
        "how it ended": end,
        "adm": privileged,
        "machine": machine,
        "role": role,
        "boot": boot,
        "source": source,
    },
    "types": {"type": type_number, "name": type_number, "what it is": type_number},
    "boots": {"machine": machine, "boot": boot_number, "started": boot_start, "ended": boot_end},
    "coverage": {"machine": machine, "channel": channel, "from": mark_since, "until": mark_until},
}
"""What makes the term of a cell, by pane and column."""


def cell_term(pane: str, column: str, row: Any) -> CellTerm | None:
    """What a cell says.

    Args:
        pane: The list.
        column: Name of the column.
        row: What the row is of.

    Returns:
        The term, or None where the cell says nothing, or the filter language has no word for its column.
    """
    make = _TERMS[pane].get(column)
    return make(row) if make else None
