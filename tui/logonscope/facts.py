"""An event, a session or a logon type line by line, for the detail pane: every value with what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logonscope.columns import duration
from logonscope.display import duration_text, exact_time_text, hex_id, plural, sanitise, time_text
from logonscope.knowledge.catalogue import event_kinds
from logonscope.knowledge.codes import address_text
from logonscope.knowledge.logon_types import LogonType, logon_type_text
from logonscope.knowledge.meanings import meaning
from logonscope.knowledge.words import field_text, plain_words
from logonscope.model import Event, Evidence, Fact, Session, Source
from logonscope.sessions.story import story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_EVIDENCE_SHOWN = 200
_LINE_BREAKS = re.compile(r"[\r\n\t]+")


def event_facts(event: Event, source: Source | None) -> tuple[Fact, ...]:
    """An event: what happened, where the record lies, and its fields.

    Args:
        event: The event.
        source: The file that it was read from, if known.
    """
    kind = event_kinds().get((event.provider, event.event_id))
    facts = [Fact(f"{event.event_id} {kind.title if kind else ''}".rstrip(), heading=True), Fact(plain_words(event))]
    facts.append(Fact(exact_time_text(event.time, event.tick), "Time"))
    facts += [
        Fact(
            sanitise(_LINE_BREAKS.sub(" ", field_text(event.fields, name))) or "-",
            sanitise(name),
            sanitise(meaning(event.provider, event.event_id, name, event.fields)),
        )
        for name in event.fields
        if not name.startswith("#")
    ]
    facts += [
        Fact("Record", heading=True),
        Fact(sanitise(event.computer), "Computer"),
        Fact(sanitise(event.channel), "Channel"),
        Fact(sanitise(event.provider), "Provider"),
        Fact(str(event.record_id), "EventRecordID"),
    ]
    if event.header_id != event.record_id:
        facts.append(Fact(str(event.header_id), "Record ID in its header"))
    if source:
        facts.append(Fact(sanitise(str(source.path)), "File"))
    if event.outcome:
        facts.append(Fact(event.outcome, "Audit"))
    if kind and kind.audit:
        facts.append(Fact(kind.audit, "Audit subcategory"))
    return tuple(facts)


def session_facts(session: Session, evidence: Sequence[tuple[Evidence, Event]]) -> tuple[Fact, ...]:
    """A session: its story, its times, and the records that it rests on.

    Args:
        session: The session.
        evidence: Its records in the order of time, each with what it shows.
    """
    facts = [Fact(sanitise(session.account.label) or "-", heading=True)]
    facts += [Fact(sentence) for sentence in story(session)]
    facts += [
        Fact("Facts", heading=True),
        Fact(sanitise(session.key), "Session"),
        Fact(sanitise(session.account.sid) or "-", "SID"),
        Fact(logon_type_text(session.logon_type) or "-", "Logon type"),
        Fact(", ".join(hex_id(logon_id) for logon_id in session.logon_ids) or "-", "Logon IDs"),
        Fact(sanitise(session.source_ip) or "-", "Source address", address_text(session.source_ip)),
        Fact(sanitise(session.workstation) or "-", "Workstation"),
        Fact(_interval(session.start_earliest, session.start_latest), "Start"),
        Fact(_interval(session.end_earliest, session.end_latest, is_open=session.end_evidence == "open"), "End"),
        Fact(duration(session), "Lasted"),
        Fact(_active(session), "Connected and not locked"),
        Fact(time_text(session.last_seen), "Last record that names it"),
        Fact(str(session.boot), "Boot"),
        Fact(f"Records ({session.event_count:,})", heading=True),
    ]
    facts += [_evidence(entry, event) for entry, event in evidence[:_EVIDENCE_SHOWN]]
    if session.event_count > len(evidence):
        facts.append(Fact(f"... and {plural(session.event_count - len(evidence), 'more record')}: press Enter"))
    return tuple(facts)


def _active(session: Session) -> str:
    if session.sees_locks:
        return duration_text(session.active)
    known = f"{duration_text(session.active)} connected; " if session.presence else ""
    return f"{known}locks are not audited here"


def _interval(earliest: datetime | None, latest: datetime | None, *, is_open: bool = False) -> str:
    if is_open:
        return f"after {time_text(earliest)}, where the log ends"
    if earliest == latest:
        return time_text(earliest)
    if latest is None:
        return f"{time_text(earliest)} at the earliest"
    return f"{time_text(earliest)} to {time_text(latest)}"


def _evidence(entry: Evidence, event: Event) -> Fact:
    text = f"{time_text(event.time)}  {event.event_id}  record {event.record_id}  {plain_words(event)}"
    return Fact(text, entry.role)


def logon_type_facts(entry: LogonType, logons: int, refusals: int) -> tuple[Fact, ...]:
    """A logon type explained, with how often it occurs.

    Args:
        entry: The logon type.
        logons: Logons (4624) of this type under the present filter.
        refusals: Refusals (4625) of this type under the present filter.
    """
    return (
        Fact(f"{entry.type} {entry.name}", heading=True),
        Fact(entry.title + "."),
        Fact(f"{plural(logons, 'logon')}, {plural(refusals, 'refusal')} under this filter"),
        Fact(entry.creates, "What creates it"),
        Fact(entry.leaves, "Credentials left on this machine"),
        Fact(entry.proves_not, "What it does not prove"),
        Fact(entry.expect, "What to expect with it"),
        Fact(entry.benign, "Benign"),
        Fact(entry.hostile, "Hostile"),
    )
