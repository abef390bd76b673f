"""How a record is cited: file, channel, EventRecordID and time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import exact_time_text, sanitise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logonscope.model import Event, Source


def citation(event: Event, source: Source | None) -> str:
    """Cite a record so that others can find it, sanitised.

    Args:
        event: The event.
        source: The file that it was read from, if known.
    """
    file = sanitise(str(source.path)) if source else "a file that is still being read"
    time = exact_time_text(event.time, event.tick)
    cited = f"{file}, {sanitise(event.channel)}, EventRecordID {event.record_id}, event {event.event_id}, {time}"
    return cited if event.found_at is None else f"{cited}, recovered at {event.found_at:#x}"


def file_name(event: Event, sources: Mapping[int, Source]) -> str:
    """The name of the file that an event was read from, sanitised; empty while it is being read."""
    source = sources.get(event.source)
    return sanitise(source.path.name) if source else ""
