"""Who was on at one moment, as lines to list: on the screen and in print (rule R27)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from logonscope.columns import Column
from logonscope.display import plural, sanitise, time_text
from logonscope.filters.terms import Value
from logonscope.filters.times import span
from logonscope.knowledge.attendance import attendance_words, possibly_text
from logonscope.knowledge.coverage import mark_sentence
from logonscope.knowledge.logon_types import logon_type_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from logonscope.model import Attendance, MachineAt, Session, Who

Part = Literal["on", "possibly", "twice", "machine", "contact", "service", "more"]
_MINUTE = 16


@dataclass(frozen=True, slots=True)
class RollCallLine:
    """One session, machine, or overlap; every text but the machine's name is sanitised."""

    part: Part
    machine: str
    """The machine's name as the logs have it."""
    user: str = ""
    state: str = ""
    logon_type: str = ""
    since: str = ""
    source: str = ""
    grade: str = ""
    remark: str = ""
    """Why it is only possible, what is not audited, or what the machine's logs cover."""
    session: Session | None = None
    """The session to go to."""
    tone: str = ""


ROLL_CALL_COLUMNS: tuple[Column[RollCallLine], ...] = (
    Column("Was on", 8, 0, lambda line: line.part),
    Column("User", 14, 0, lambda line: line.user),
    Column("State", 12, 0, lambda line: line.state),
    Column("Machine", 12, 0, lambda line: sanitise(line.machine)),
    Column("Type", 9, 3, lambda line: line.logon_type),
    Column("Since (UTC)", 16, 1, lambda line: line.since),
    Column("G", 1, 2, lambda line: line.grade),
    Column("From", 15, 4, lambda line: line.source),
    Column("Remark", 10, 5, lambda line: line.remark, takes_rest=True),
)
"""Columns of the list."""


def moment(text: str, log_end: datetime | None) -> datetime:
    """Read the time of the question: any form that a filter takes; of a day or an hour the first moment.

    Args:
        text: What was typed.
        log_end: Time of the last record, for ``-2h``.

    Raises:
        FilterError: It is no time.
    """
    return span(Value(text, 0, len(text)), log_end)[0]


def summary(who: Who) -> list[str]:
    """Say in a few sentences how many were on, and where the logs do not reach."""
    certain, possible = len(who.certain), len(who.possible)
    on = f"{plural(certain, 'stay')} of people for certain" if certain else "No stay of a person for certain"
    more = f", up to {certain + possible:,} at once with those that are only possible" if possible else ""
    at_once = " at once" if certain > 1 and not possible else ""
    contacts = f"{plural(who.contacts_total, 'contact')} over the network"
    work = plural(who.work_total, "task, service or system session", "tasks, services and system sessions")
    told = [f"{on}{at_once}{more}; {contacts}; {work}."]
    unseen = [sanitise(machine.machine) for machine in who.machines if not machine.covers]
    if unseen:
        told.append(f"Not covered at that time: {', '.join(unseen)}. That nobody was seen there says nothing.")
    return told


def roll_call(who: Who) -> list[RollCallLine]:
    """All lines: stays, overlaps, machines, contacts, then tasks and services."""
    lines = [_line("on", attendance) for attendance in who.certain]
    lines += [_line("possibly", attendance) for attendance in who.possible]
    lines += [_twice(one, other) for one, other in who.overlaps]
    lines += [_machine(who, machine) for machine in who.machines]
    lines += _some("contact", who.contacts, who.contacts_total)
    return lines + _some("service", who.work, who.work_total)


def _some(part: Part, attendances: Iterable[Attendance], total: int) -> list[RollCallLine]:
    lines = [_line(part, attendance) for attendance in attendances]
    if total > len(lines):
        remark = f"And {total - len(lines):,} more of this kind: filter by at: and user: to see them."
        lines.append(RollCallLine("more", "", remark=remark, tone="muted"))
    return lines


def _line(part: Part, attendance: Attendance) -> RollCallLine:
    session, words = attendance.session, attendance_words()
    is_stay = part in ("on", "possibly")
    remarks = [possibly_text(reason, session) for reason in attendance.reasons]
    if is_stay and attendance.state in words.unaudited:
        remarks.append(words.unaudited[attendance.state])
    return RollCallLine(
        part,
        session.machine,
        sanitise(session.account.short) or "-",
        words.state[attendance.state] if is_stay else "",
        logon_type_text(session.logon_type) or "-",
        _since(session),
        sanitise(session.source_text) or "-",
        session.grade,
        _sentence("; ".join(remarks)),
        session,
        "warn" if part == "possibly" else "" if part == "on" else "muted",
    )


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}." if words else ""


def _since(session: Session) -> str:
    if session.start is not None:
        return time_text(session.start)[:_MINUTE]
    return "before the log"


def _twice(one: Session, other: Session) -> RollCallLine:
    places = [f"{sanitise(s.machine)} from {sanitise(s.source_text) or 'an unnamed source'}" for s in (one, other)]
    return RollCallLine(
        "twice",
        other.machine,
        sanitise(one.account.short) or "-",
        "two places",
        remark=f"On {' and on '.join(places)} at the same time.",
        session=other,
        tone="warn",
    )


def _machine(who: Who, machine: MachineAt) -> RollCallLine:
    told = [] if machine.boot is None else [f"Boot {machine.boot}."]
    if not any(a.session.machine == machine.machine for a in (*who.certain, *who.possible)):
        told.append("Nobody seen.")
    told += [_covered(machine), *map(mark_sentence, machine.gaps)]
    return RollCallLine(
        "machine",
        machine.machine,
        state=attendance_words().machine[machine.state],
        remark=" ".join(told),
        tone="" if machine.covers else "warn",
    )


def _covered(machine: MachineAt) -> str:
    if machine.first is None or machine.last is None:
        return "Its records do not tell which time they cover."
    reach = f"Its records reach from {time_text(machine.first)} to {time_text(machine.last)}"
    return f"{reach}." if machine.covers else f"{reach}: this time is not covered."


def sentence(line: RollCallLine) -> str:
    """A line as it is read in full."""
    machine = sanitise(line.machine)
    if line.session is None:
        return ". ".join(filter(None, (f"{machine}: {line.state}" if machine else "", line.remark)))
    how = f"{line.logon_type} since {line.since} from {line.source}, grade {line.grade}" if line.logon_type else ""
    told = ", ".join(filter(None, (line.state, how)))
    return f"{sanitise(line.session.account.label)} on {machine}: {told}. {line.remark}".strip()
