"""Events, sessions, boots and marks of coverage as flat records for machines: every field by its name and kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from logonscope.display import exact_time_text, hex_id
from logonscope.knowledge.coverage import mark_sentence
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from logonscope.model import Boot, CoverageMark, Event, Session

Row = TypeVar("Row")
Kind = Literal["text", "texts", "number", "id", "hex", "hexes", "flag", "time", "exact time", "length", "fields"]


@dataclass(frozen=True, slots=True)
class Field(Generic[Row]):
    """One field of a record."""

    name: str
    kind: Kind
    """``time`` is naive UTC, ``exact time`` that and its tenths of a microsecond, ``length`` microseconds; ``id`` and
    ``hex`` have 64 bits without a sign."""
    value: Callable[[Row], Any]

    def plain(self, row: Row) -> Any:
        """The value as JSON has it: times as text, lengths in seconds, logon IDs as Windows writes them."""
        value = self.value(row)
        return None if value is None or value == "" else _PLAIN[self.kind](value)


def _same(value: Any) -> Any:
    return value


def _time(time: datetime) -> str:
    return time.isoformat(timespec="microseconds") + "Z"


def _exact_time(value: tuple[datetime | None, int]) -> str | None:
    return exact_time_text(*value) if value[0] else None


_PLAIN: dict[Kind, Callable[[Any], Any]] = {
    "text": _same,
    "texts": list,
    "number": _same,
    "id": _same,
    "hex": hex_id,
    "hexes": lambda ids: [hex_id(logon_id) for logon_id in ids],
    "flag": _same,
    "time": _time,
    "exact time": _exact_time,
    "length": lambda microseconds: microseconds / 1_000_000,
    "fields": _same,
}

EVENT_FIELDS: tuple[Field[Event], ...] = (
    Field("time", "exact time", lambda e: (e.time, e.tick)),
    Field("machine", "text", lambda e: e.machine),
    Field("computer", "text", lambda e: e.computer),
    Field("channel", "text", lambda e: e.channel),
    Field("provider", "text", lambda e: e.provider),
    Field("event", "number", lambda e: e.event_id),
    Field("record_id", "id", lambda e: e.record_id),
    Field("outcome", "text", lambda e: e.outcome),
    Field("user", "text", lambda e: e.account.name),
    Field("domain", "text", lambda e: e.account.domain),
    Field("sid", "text", lambda e: e.account.sid),
    Field("logon_id", "hex", lambda e: e.logon_id),
    Field("subject_user", "text", lambda e: e.subject.name),
    Field("subject_logon_id", "hex", lambda e: e.subject_logon_id),
    Field("logon_type", "number", lambda e: e.logon_type),
    Field("source_ip", "text", lambda e: e.source_ip),
    Field("workstation", "text", lambda e: e.workstation),
    Field("process", "text", lambda e: e.process),
    Field("status", "number", lambda e: e.status),
    Field("sub_status", "number", lambda e: e.sub_status),
    Field("words", "text", plain_words),
    Field("recovered", "text", lambda e: e.recovered),
    Field("found_at", "id", lambda e: e.found_at),
    Field("fields", "fields", lambda e: e.fields),
)
"""An event; ``fields`` holds its EventData."""

SESSION_FIELDS: tuple[Field[Session], ...] = (
    Field("session", "text", lambda s: s.key),
    Field("machine", "text", lambda s: s.machine),
    Field("boot", "number", lambda s: s.boot),
    Field("role", "text", lambda s: s.role),
    Field("class", "text", lambda s: s.logon_class),
    Field("user", "text", lambda s: s.account.name),
    Field("domain", "text", lambda s: s.account.domain),
    Field("sid", "text", lambda s: s.account.sid),
    Field("account_kind", "text", lambda s: s.account_kind),
    Field("logon_type", "number", lambda s: s.logon_type),
    Field("logon_ids", "hexes", lambda s: s.logon_ids),
    Field("start", "time", lambda s: s.start),
    Field("start_evidence", "text", lambda s: s.start_evidence),
    Field("start_earliest", "time", lambda s: s.start_earliest),
    Field("start_latest", "time", lambda s: s.start_latest),
    Field("end", "time", lambda s: s.end),
    Field("end_evidence", "text", lambda s: s.end_evidence),
    Field("end_earliest", "time", lambda s: s.end_earliest),
    Field("end_latest", "time", lambda s: s.end_latest),
    Field("destroyed", "time", lambda s: s.destroyed),
    Field("grade", "text", lambda s: s.grade),
    Field("duration", "length", lambda s: s.duration),
    Field("duration_least", "length", lambda s: s.duration_least),
    Field("duration_most", "length", lambda s: s.duration_most),
    Field("span", "length", lambda s: s.span),
    Field("active", "length", lambda s: s.active if s.presence else None),
    Field("presence_audited", "text", lambda s: s.presence),
    Field("last_seen", "time", lambda s: s.last_seen),
    Field("privileged", "flag", lambda s: s.privileged),
    Field("source_ip", "text", lambda s: s.source_ip),
    Field("source_evidence", "text", lambda s: s.source_evidence),
    Field("workstation", "text", lambda s: s.workstation),
    Field("session_number", "number", lambda s: s.session_number),
    Field("attached", "number", lambda s: s.attached),
    Field("records", "number", lambda s: s.event_count),
    Field("flags", "texts", lambda s: s.flags),
)
"""A session."""

BOOT_FIELDS: tuple[Field[Boot], ...] = (
    Field("machine", "text", lambda b: b.machine),
    Field("boot", "number", lambda b: b.number),
    Field("start", "time", lambda b: b.start),
    Field("start_evidence", "text", lambda b: b.start_evidence),
    Field("kernel_start", "time", lambda b: b.kernel_start),
    Field("last_record", "time", lambda b: b.last_record),
    Field("end", "time", lambda b: b.end),
    Field("end_evidence", "text", lambda b: b.end_evidence),
    Field("end_is_exact", "flag", lambda b: b.end_is_exact),
    Field("alive_until", "time", lambda b: b.alive_until),
    Field("next_start", "time", lambda b: b.next_start),
    Field("stays", "number", lambda b: b.stays),
    Field("sessions", "number", lambda b: b.sessions),
    Field("reused_ids", "hexes", lambda b: b.reused_ids),
)
"""A boot."""

COVERAGE_FIELDS: tuple[Field[CoverageMark], ...] = (
    Field("machine", "text", lambda m: m.machine),
    Field("channel", "text", lambda m: m.channel),
    Field("kind", "text", lambda m: m.kind),
    Field("since", "time", lambda m: m.since),
    Field("until", "time", lambda m: m.until),
    Field("amount", "number", lambda m: m.amount),
    Field("about", "text", lambda m: m.text),
    Field("words", "text", mark_sentence),
)
"""A mark of coverage; the amount counts records, problems of a file, or microseconds of a clock step."""
