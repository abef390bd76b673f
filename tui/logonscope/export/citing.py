"""Records as they are cited in exported rows: file, its SHA-256, channel, EventRecordID, offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from logonscope.export.fields import RowField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.case.record_offsets import RecordOffsets
    from logonscope.model import Event

_AT_A_TIME = 10_000


class CitedRecord(NamedTuple):
    """What is cited of a record: there may be millions, and an event is large."""

    source: int
    channel: str
    record_id: int
    offset: int | None
    chunk_offset: int | None
    event_id: int
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Citing:
    """Cites the records of a case, as far as it is loaded."""

    files: dict[int, str]
    """The path of each source, by its number."""
    hashes: dict[int, str]
    """Their SHA-256, as far as known."""
    records: dict[int, CitedRecord]
    """Those to be cited, by row number."""

    @classmethod
    def of(cls, case: Case, rows: Iterable[int | None]) -> Citing:
        """Fetch the records to be cited.

        Args:
            case: The case.
            rows: Row numbers.
        """
        wanted = sorted({row for row in rows if row is not None})
        files = {source.number: str(source.path) for source in case.sources}
        records: dict[int, CitedRecord] = {}
        with case.record_offsets() as offsets:
            for start in range(0, len(wanted), _AT_A_TIME):
                records.update(_cited(case, case.events(wanted[start : start + _AT_A_TIME]), offsets))
        return cls(files, dict(case.hashes.sha256), records)

    def cite(self, row: int | None) -> dict[str, Any]:
        """The parts of a citation by name; none are empty texts."""
        record = self.records.get(row) if row is not None else None
        if record is None:
            return dict.fromkeys(("file", "sha256", "channel", "record_id", "offset", "chunk_offset"))
        return {
            "file": self.files.get(record.source),
            "sha256": self.hashes.get(record.source),
            "channel": record.channel,
            "record_id": record.record_id,
            "offset": record.offset,
            "chunk_offset": record.chunk_offset,
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


def _cited(case: Case, events: Sequence[Event], offsets: RecordOffsets) -> Iterator[tuple[int, CitedRecord]]:
    places = case.chunk_places({event.source for event in events})
    chunks = [places.chunk_offset(event) for event in events]
    begins = offsets.find(
        pa.array([event.source for event in events], pa.int32()),
        pa.array(chunks, pa.uint64()),
        pa.array([event.header_id for event in events], pa.uint64()),
    )
    for event, chunk, begin in zip(events, chunks, begins.to_pylist(), strict=True):
        offset = event.found_at if begin is None else begin
        yield (
            event.row,
            CitedRecord(event.source, event.channel, event.record_id, offset, chunk, event.event_id, event.time),
        )


NOTHING_CITED = Citing({}, {}, {})
"""For those who only ask for the columns."""
