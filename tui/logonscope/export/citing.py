"""Records as they are cited in exported rows: file, its SHA-256, channel, EventRecordID, offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from logonscope.export.fields import RowField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logonscope.case.case import Case
    from logonscope.model import Event


@dataclass(frozen=True, slots=True)
class Citing:
    """Cites the records of a case, as far as it is loaded."""

    files: dict[int, str]
    """The path of each source, by its number."""
    hashes: dict[int, str]
    """Their SHA-256, as far as known."""
    events: dict[int, Event]
    """The records to be cited, by row number."""
    chunks: dict[int, int]
    """Where the chunks begin that hold them, by row number, as far as known."""
    offsets: dict[int, int]
    """Where they themselves begin."""

    @classmethod
    def of(cls, case: Case, rows: Iterable[int | None]) -> Citing:
        """Fetch the records to be cited.

        Args:
            case: The case.
            rows: Row numbers.
        """
        wanted = sorted({row for row in rows if row is not None})
        files = {source.number: str(source.path) for source in case.sources}
        events = {event.row: event for event in case.events(wanted)}
        places = case.chunk_places({event.source for event in events.values()})
        chunks = {row: place for row, event in events.items() if (place := places.chunk_offset(event)) is not None}
        return cls(files, dict(case.hashes.sha256), events, chunks, _offsets(case, events, chunks))

    def cite(self, row: int | None) -> dict[str, Any]:
        """The parts of a citation by name; none are empty texts."""
        event = self.events.get(row) if row is not None else None
        if event is None:
            return dict.fromkeys(("file", "sha256", "channel", "record_id", "offset", "chunk_offset"))
        return {
            "file": self.files.get(event.source),
            "sha256": self.hashes.get(event.source),
            "channel": event.channel,
            "record_id": event.record_id,
            "offset": self.offsets.get(event.row, event.found_at),
            "chunk_offset": self.chunks.get(event.row),
        }

    def fields(self, what: str, row: Callable[[Any], int | None]) -> tuple[RowField[Any], ...]:
        """The columns of a citation.

        Args:
            what: Which record, in words.
            row: Its row number.
        """

        def part(name: str) -> Callable[[Any], Any]:
            return lambda item: self.cite(row(item))[name]

        return (
            RowField("file", "text", f"The file of {what}.", part("file")),
            RowField("sha256", "text", "The SHA-256 of that file; empty where it is not known.", part("sha256")),
            RowField("channel", "text", "The log of that record.", part("channel")),
            RowField("record_id", "id", "The EventRecordID of that record.", part("record_id")),
            RowField(
                "offset", "id",
                "Where that record begins in the file, in bytes; known of records in .evtx and of recovered ones.",
                part("offset"),
            ),
            RowField(
                "chunk_offset", "id",
                "Where the chunk that holds that record begins in the file, in bytes; known of live records in .evtx.",
                part("chunk_offset"),
            ),
        )  # fmt: skip


def _offsets(case: Case, events: dict[int, Event], chunks: dict[int, int]) -> dict[int, int]:
    live = [events[row] for row in chunks]
    with case.record_offsets() as finding:
        found = finding.find(
            pa.array([event.source for event in live], pa.int32()),
            pa.array(chunks.values(), pa.uint64()),
            pa.array([event.header_id for event in live], pa.uint64()),
        )
    return {row: offset for row, offset in zip(chunks, found.to_pylist(), strict=True) if offset is not None}


NOTHING_CITED = Citing({}, {}, {}, {}, {})
"""For those who only ask for the columns."""
