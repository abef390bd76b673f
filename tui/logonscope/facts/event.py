"""An event line by line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from logonscope.display import exact_time_text, sanitise
from logonscope.knowledge.catalogue import event_kinds
from logonscope.knowledge.meanings import meaning
from logonscope.knowledge.recovery import recoveries, recovery_mark
from logonscope.knowledge.words import field_text, plain_words
from logonscope.model import Fact

if TYPE_CHECKING:
    from logonscope.model import Event, Source

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
    if event.recovered:
        facts += _recovery(event)
    if event.outcome:
        facts.append(Fact(event.outcome, "Audit"))
    if kind and kind.audit:
        facts.append(Fact(kind.audit, "Audit subcategory"))
    return tuple(facts)


def _recovery(event: Event) -> tuple[Fact, ...]:
    recovery = recoveries()[event.recovered]
    place = "" if event.found_at is None else f"found at {event.found_at:#x}"
    return (
        Fact(recovery_mark(event.recovered), "Recovered", place),
        Fact(recovery.means),
        Fact(recovery.caution),
    )
