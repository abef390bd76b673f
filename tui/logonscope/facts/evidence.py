"""The evidence of a session as a list to cite: one line per record, and the gaps that touch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.columns import Column
from logonscope.display import sanitise, shorten_start, time_text
from logonscope.facts.citation import citation, file_name
from logonscope.knowledge.coverage import channel_short, mark_kinds, mark_sentence
from logonscope.knowledge.roles import roles
from logonscope.knowledge.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logonscope.model import CoverageMark, Event, Evidence, Source

_NAME_WIDTH = 20
"""Of a longer name the end is shown: it tells one log from another."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One record, or one gap; every text is sanitised."""

    shows: str
    """What it shows, in a few words."""
    event: str
    what: str
    file: str
    channel: str
    record: str
    time: str
    cited: str
    """The record as it is cited; the whole sentence for a gap."""
    tone: str = ""


EVIDENCE_COLUMNS: tuple[Column[EvidenceLine], ...] = (
    Column("It shows", 18, 0, lambda line: line.shows),
    Column("Event", 5, 0, lambda line: line.event, right=True),
    Column("What happened", 16, 0, lambda line: line.what, takes_rest=True),
    Column("File", _NAME_WIDTH, 4, lambda line: shorten_start(line.file, _NAME_WIDTH)),
    Column("Channel", _NAME_WIDTH, 3, lambda line: shorten_start(line.channel, _NAME_WIDTH)),
    Column("Record", 8, 1, lambda line: line.record, right=True),
    Column("Time (UTC)", 19, 0, lambda line: line.time),
)
"""Columns of the list of evidence."""


def evidence_line(entry: Evidence, event: Event, sources: Mapping[int, Source]) -> EvidenceLine:
    """A record of the evidence.

    Args:
        entry: What it shows.
        event: The record.
        sources: The files of the case by their number.
    """
    role = roles().get(entry.role)
    return EvidenceLine(
        shows=role.shown if role else entry.role,
        event=str(event.event_id),
        what=plain_words(event, short=True),
        file=file_name(event, sources),
        channel=channel_short(event.channel),
        record=str(event.record_id),
        time=time_text(event.time),
        cited=citation(event, sources.get(event.source)),
    )


def gap_line(mark: CoverageMark) -> EvidenceLine:
    """A gap that touches the session."""
    sentence = mark_sentence(mark)
    kind = mark_kinds()[mark.kind]
    return EvidenceLine(
        shows=kind.shown,
        event="-",
        what=sentence,
        file="-",
        channel=channel_short(mark.channel),
        record="-",
        time=time_text(mark.since),
        cited=f"{sanitise(mark.machine)}: {sentence} {kind.so}",
        tone="warn",
    )
