"""Reads a record again, as its file has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.errors import SourceError

if TYPE_CHECKING:
    from logonscope.case.loading import Loading
    from logonscope.case.opened_lake import OpenedLake
    from logonscope.model import Event

_ADVICE = "The columns and fields shown were kept when it was loaded."


def read_again(loading: Loading | OpenedLake | None, event: Event) -> str:
    """Read the record of an event again.

    Args:
        loading: What loaded it.
        event: The event.

    Raises:
        SourceError: The file is gone or changed.
    """
    source = next((s for s in loading.sources if s.number == event.source), None) if loading else None
    if source is None or loading is None:
        raise SourceError("the file of this record is still being read", "Try again when loading is done.")
    try:
        record = loading.record(event)
    except OSError as error:
        raise SourceError(f"{source.path}: {error.strerror or error}", _ADVICE) from error
    is_xml = source.kind == "evtx" or bool(event.recovered)
    if record is None or (is_xml and event.time and event.time.isoformat(timespec="microseconds") not in record):
        raise SourceError(f"{source.path}: record {event.header_id} is no longer there", _ADVICE)
    return record
