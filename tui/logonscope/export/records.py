"""Events and sessions as flat records for machines: exact times, numbers, every field by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.display import exact_time_text, hex_id
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.model import Event, Session


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat(timespec="microseconds") + "Z"


def _seconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1_000_000


def _id(logon_id: int | None) -> str | None:
    return None if logon_id is None else hex_id(logon_id)


def event_record(event: Event) -> dict[str, Any]:
    """An event as a flat record; ``fields`` holds its EventData."""
    return {
        "time": exact_time_text(event.time, event.tick) if event.time else None,
        "machine": event.machine,
        "computer": event.computer,
        "channel": event.channel,
        "provider": event.provider,
        "event": event.event_id,
        "record_id": event.record_id,
        "outcome": event.outcome or None,
        "user": event.account.name or None,
        "domain": event.account.domain or None,
        "sid": event.account.sid or None,
        "logon_id": _id(event.logon_id),
        "subject_user": event.subject.name or None,
        "subject_logon_id": _id(event.subject_logon_id),
        "logon_type": event.logon_type,
        "source_ip": event.source_ip or None,
        "workstation": event.workstation or None,
        "process": event.process or None,
        "status": event.status,
        "sub_status": event.sub_status,
        "words": plain_words(event),
        "fields": event.fields,
    }


def session_record(session: Session) -> dict[str, Any]:
    """A session as a flat record; durations are seconds."""
    return {
        "session": session.key,
        "machine": session.machine,
        "boot": session.boot,
        "role": session.role,
        "class": session.logon_class,
        "user": session.account.name or None,
        "domain": session.account.domain or None,
        "sid": session.account.sid or None,
        "account_kind": session.account_kind,
        "logon_type": session.logon_type,
        "logon_ids": [hex_id(logon_id) for logon_id in session.logon_ids],
        "start": _time(session.start),
        "start_evidence": session.start_evidence,
        "start_earliest": _time(session.start_earliest),
        "start_latest": _time(session.start_latest),
        "end": _time(session.end),
        "end_evidence": session.end_evidence,
        "end_earliest": _time(session.end_earliest),
        "end_latest": _time(session.end_latest),
        "destroyed": _time(session.destroyed),
        "grade": session.grade,
        "duration": _seconds(session.duration),
        "span": _seconds(session.span),
        "active": _seconds(session.active),
        "presence_audited": session.presence or None,
        "last_seen": _time(session.last_seen),
        "privileged": session.privileged,
        "source_ip": session.source_ip or None,
        "workstation": session.workstation or None,
        "session_number": session.session_number,
        "attached": session.attached,
        "records": session.event_count,
        "flags": list(session.flags),
    }
