"""Who was on at one moment, printed: a table for people, JSON lines for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

from logonscope.display import time_text
from logonscope.export.stored_rows import stored_rows
from logonscope.export.table import write_table
from logonscope.export.writers import json_records
from logonscope.facts.roll_call import ROLL_CALL_COLUMNS, roll_call, summary
from logonscope.knowledge.coverage import mark_sentence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.model import Attendance, MachineAt, Who


def write_who_table(who: Who, out: TextIO, width: int | None) -> None:
    """Write the answer for people: how many, then one line each.

    Args:
        who: The answer.
        out: Where to write.
        width: Characters to a line; None for as many as the contents need.
    """
    out.write(f"Who was on at {time_text(who.at, seconds_only=not who.at.microsecond)} UTC\n")
    for line in summary(who):
        out.write(f"{line}\n")
    out.write("\n")
    write_table(roll_call(who), ROLL_CALL_COLUMNS, out, width)


def write_who_jsonl(case: Case, who: Who, out: TextIO) -> None:
    """Write the answer for machines: one object for the question, then one for each session, overlap and machine.

    Args:
        case: The case.
        who: The answer.
        out: Where to write.
    """
    for record in _records(case, who):
        out.write(json.dumps(record) + "\n")


def _records(case: Case, who: Who) -> Iterator[dict[str, Any]]:
    yield {
        "part": "question",
        "at": _time(who.at),
        "on": len(who.certain),
        "possibly": len(who.possible),
        "contacts": who.contacts_total,
        "work": who.work_total,
    }
    parts = {"on": who.certain, "possibly": who.possible, "contact": who.contacts, "work": who.work}
    for part, attendances in parts.items():
        sessions = json_records(
            stored_rows(case, "session", [attendance.session.session_id for attendance in attendances])
        )
        yield from (_attendance(part, *pair) for pair in zip(attendances, sessions, strict=True))
    for pair in who.overlaps:
        yield {"part": "overlap", "sessions": [session.key for session in pair]}
    yield from map(_machine, who.machines)


def _attendance(part: str, attendance: Attendance, session: dict[str, Any]) -> dict[str, Any]:
    return {"part": part, "state": attendance.state, "reasons": list(attendance.reasons), **session}


def _machine(machine: MachineAt) -> dict[str, Any]:
    return {
        "part": "machine",
        "machine": machine.machine,
        "state": machine.state,
        "boot": machine.boot,
        "covered": machine.covers,
        "first": _time(machine.first),
        "last": _time(machine.last),
        "gaps": [mark_sentence(gap) for gap in machine.gaps],
    }


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="microseconds") + "Z"
