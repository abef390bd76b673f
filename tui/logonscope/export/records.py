"""Events and sessions as flat records for machines: exact times, numbers, every field by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.display import exact_time_text, hex_id
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from logonscope.model import Event, Session


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="microseconds") + "Z"


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000


def _id(logon_id: int | None) -> str | None:
    return None if logon_id is None else hex_id(logon_id)


EVENT_FIELDS: dict[str, Callable[[Event], Any]] = {
    "time": lambda e: exact_time_text(e.time, e.tick) if e.time else None,
    "machine": lambda e: e.machine,
    "computer": lambda e: e.computer,
    "channel": lambda e: e.channel,
    "provider": lambda e: e.provider,
    "event": lambda e: e.event_id,
    "record_id": lambda e: e.record_id,
    "outcome": lambda e: e.outcome or None,
    "user": lambda e: e.account.name or None,
    "domain": lambda e: e.account.domain or None,
    "sid": lambda e: e.account.sid or None,
    "logon_id": lambda e: _id(e.logon_id),
    "subject_user": lambda e: e.subject.name or None,
    "subject_logon_id": lambda e: _id(e.subject_logon_id),
    "logon_type": lambda e: e.logon_type,
    "source_ip": lambda e: e.source_ip or None,
    "workstation": lambda e: e.workstation or None,
    "process": lambda e: e.process or None,
    "status": lambda e: e.status,
    "sub_status": lambda e: e.sub_status,
    "words": plain_words,
    "fields": lambda e: e.fields,
}
"""An event as a flat record, by field; ``fields`` holds its EventData."""

SESSION_FIELDS: dict[str, Callable[[Session], Any]] = {
    "session": lambda s: s.key,
    "machine": lambda s: s.machine,
    "boot": lambda s: s.boot,
    "role": lambda s: s.role,
    "class": lambda s: s.logon_class,
    "user": lambda s: s.account.name or None,
    "domain": lambda s: s.account.domain or None,
    "sid": lambda s: s.account.sid or None,
    "account_kind": lambda s: s.account_kind,
    "logon_type": lambda s: s.logon_type,
    "logon_ids": lambda s: [hex_id(logon_id) for logon_id in s.logon_ids],
    "start": lambda s: _time(s.start),
    "start_evidence": lambda s: s.start_evidence,
    "start_earliest": lambda s: _time(s.start_earliest),
    "start_latest": lambda s: _time(s.start_latest),
    "end": lambda s: _time(s.end),
    "end_evidence": lambda s: s.end_evidence,
    "end_earliest": lambda s: _time(s.end_earliest),
    "end_latest": lambda s: _time(s.end_latest),
    "destroyed": lambda s: _time(s.destroyed),
    "grade": lambda s: s.grade,
    "duration": lambda s: _seconds(s.duration),
    "span": lambda s: _seconds(s.span),
    "active": lambda s: _seconds(s.active) if s.presence else None,
    "presence_audited": lambda s: s.presence or None,
    "last_seen": lambda s: _time(s.last_seen),
    "privileged": lambda s: s.privileged,
    "source_ip": lambda s: s.source_ip or None,
    "workstation": lambda s: s.workstation or None,
    "session_number": lambda s: s.session_number,
    "attached": lambda s: s.attached,
    "records": lambda s: s.event_count,
    "flags": lambda s: list(s.flags),
}
"""A session as a flat record, by field; durations are seconds."""
