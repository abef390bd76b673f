"""A session line by line: its story, its presence, its times, and the records that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import lasted
from logonscope.display import duration_text, hex_id, plural, sanitise, time_text
from logonscope.facts.citation import file_name
from logonscope.facts.timeline import timeline
from logonscope.knowledge.codes import address_text
from logonscope.knowledge.coverage import channel_short, mark_sentence
from logonscope.knowledge.logon_types import logon_type_text
from logonscope.knowledge.roles import roles, source_words
from logonscope.knowledge.words import plain_words
from logonscope.model import Fact
from logonscope.sessions.story import grade_words, story

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from logonscope.model import Absence, CoverageMark, Event, Evidence, Session, Source


def session_facts(
    session: Session,
    evidence: Sequence[tuple[Evidence, Event]],
    *,
    absences: Sequence[Absence] = (),
    gaps: Sequence[CoverageMark] = (),
    sources: Mapping[int, Source] | None = None,
) -> tuple[Fact, ...]:
    """A session in full.

    Args:
        session: The session.
        evidence: Its records in the order of time, each with what it shows; or the first of them.
        absences: Its times away from the desk.
        gaps: What the logs lack while it lasted.
        sources: The files of the case by their number.
    """
    facts = [Fact(sanitise(session.account.label) or "-", heading=True)]
    facts += [Fact(sentence) for sentence in story(session)]
    facts += _presence(session, absences, evidence)
    facts += _values(session)
    if gaps:
        facts.append(Fact(f"What the logs lack meanwhile ({len(gaps):,})", heading=True))
        facts += [Fact(mark_sentence(gap)) for gap in gaps]
    if session.role == "visit":
        return (*facts, Fact("Its records are those of its contacts: press Enter to list them."))
    facts.append(Fact(f"Records ({session.event_count:,})", heading=True))
    facts += [_record(entry, event, sources or {}) for entry, event in evidence]
    if session.event_count > len(evidence):
        more = plural(session.event_count - len(evidence), "more record")
        facts.append(Fact(f"... and {more}: press e for all of them"))
    return tuple(facts)


def _presence(session: Session, absences: Sequence[Absence], evidence: Sequence[tuple[Evidence, Event]]) -> list[Fact]:
    line = timeline(session, absences, evidence)
    until = "the last sign of it" if session.is_bounded else "its end"
    return [Fact(f"Presence, from its start to {until}", heading=True), line] if line else []


def _values(session: Session) -> list[Fact]:
    return [
        Fact("Facts", heading=True),
        Fact(sanitise(session.key), "Session"),
        Fact(sanitise(session.account.sid) or "-", "SID"),
        Fact(logon_type_text(session.logon_type) or "-", "Logon type"),
        Fact(", ".join(hex_id(logon_id) for logon_id in session.logon_ids) or "-", "Logon IDs"),
        Fact(sanitise(session.source_ip) or "-", "Source address", _source_meaning(session)),
        Fact(sanitise(session.workstation) or "-", "Workstation"),
        Fact(_interval(session.start_earliest, session.start_latest), "Start"),
        Fact(_end(session), "End", f"grade {session.grade}, {grade_words(session)}"),
        Fact(lasted(session), "Lasted", _exactly(session)),
        Fact(_active(session), "Connected and not locked"),
        Fact(time_text(session.last_seen), "Last record that names it"),
        Fact(str(session.boot), "Boot"),
    ]


def _source_meaning(session: Session) -> str:
    meanings = (address_text(session.source_ip), source_words(session.source_evidence))
    return ", ".join(filter(None, meanings))


def _end(session: Session) -> str:
    if session.end_evidence == "open":
        return f"after {time_text(session.end_earliest)}, where the log ends"
    return _interval(session.end_earliest, session.end_latest)


def _interval(earliest: datetime | None, latest: datetime | None) -> str:
    if earliest == latest:
        return time_text(earliest)
    if latest is None:
        return f"{time_text(earliest)} at the earliest"
    if earliest is None:
        return f"{time_text(latest)} at the latest"
    return f"{time_text(earliest)} to {time_text(latest)}"


def _exactly(session: Session) -> str:
    """The limits of a range to the second, which the short form rounds."""
    least, most = session.duration_least, session.duration_most
    if least is None or most is None or least == most:
        return ""
    return f"{duration_text(least)} to {duration_text(most)}"


def _active(session: Session) -> str:
    if session.sees_locks:
        return duration_text(session.active)
    known = f"{duration_text(session.active)} connected; " if session.presence else ""
    return f"{known}locks are not audited here"


def _record(entry: Evidence, event: Event, sources: Mapping[int, Source]) -> Fact:
    role = roles()[entry.role].shown if entry.role in roles() else entry.role
    place = ", ".join(
        filter(None, (file_name(event, sources), channel_short(event.channel), f"record {event.record_id}"))
    )
    return Fact(f"{time_text(event.time)}  {event.event_id}  {plain_words(event)}  ({place})", role)
