"""Records of any format in the shape of the Rust ``evtx`` parser, the one that is normalised.

What repeats from record to record is put together once: the normaliser looks it up by its text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

_encode = msgspec.json.Encoder().encode
_XMLNS = "http://schemas.microsoft.com/win/2004/08/events/event"
_MANY = 4096


class Head(NamedTuple):
    """What a record says before its time. Values are texts or numbers as the format has them, None for none."""

    provider: str | None
    event_id: int | str | None
    version: int | str | None = None
    level: int | str | None = None
    task: int | str | None = None
    opcode: int | str | None = None
    keywords: str | None = None
    """``0x8020000000000000``."""
    guid: str | None = None


class Tail(NamedTuple):
    """What a record says after its ID and activity."""

    process_id: int | str | None
    thread_id: int | str | None
    channel: str | None
    computer: str | None
    user_sid: str | None = None


def record_text(
    head: Head, time: str, record_id: int | None, activity_id: str | None, tail: Tail, fields: dict[str, Any] | None
) -> str:
    """One record as JSON text.

    Args:
        head: What comes first.
        time: UTC to the microsecond, ``2026-05-11T12:45:17.660156``; empty for none.
        record_id: EventRecordID, None where the format has none.
        activity_id: Correlation/@ActivityID.
        tail: What comes last.
        fields: Names and values of EventData, or of what is inside UserData; None for no such element.
    """
    number = "null" if record_id is None else str(record_id)
    correlation = _correlation(activity_id) if activity_id else "null"
    written = "null" if fields is None else _encode(fields).decode()
    return (
        f'{_before(head)}{time}Z"}}}},"EventRecordID":{number},"Correlation":{correlation},'
        f'{_after(tail)},"EventData":{written}}}}}'
    )


@lru_cache(_MANY)
def _before(head: Head) -> str:
    provider = {"Name": head.provider, "Guid": head.guid}
    system: dict[str, Any] = {
        "Provider": {"#attributes": {name: value for name, value in provider.items() if value is not None}},
        "EventID": head.event_id,
        "Version": head.version,
        "Level": head.level,
        "Task": head.task,
        "Opcode": head.opcode,
        "Keywords": head.keywords,
    }
    begun = _encode({"Event": {"#attributes": {"xmlns": _XMLNS}, "System": system}}).decode().removesuffix("}}}")
    return begun + ',"TimeCreated":{"#attributes":{"SystemTime":"'


@lru_cache(_MANY)
def _correlation(activity_id: str) -> str:
    return _encode({"#attributes": {"ActivityID": activity_id}}).decode()


@lru_cache(_MANY)
def _after(tail: Tail) -> str:
    rest: dict[str, Any] = {
        "Execution": {"#attributes": {"ProcessID": tail.process_id, "ThreadID": tail.thread_id}},
        "Channel": tail.channel,
        "Computer": tail.computer,
        "Security": {"#attributes": {"UserID": tail.user_sid}} if tail.user_sid else None,
    }
    return _encode(rest).decode()[1:-1] + "}"
