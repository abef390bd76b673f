"""Records as they are cited in exported rows: file, its SHA-256, channel, EventRecordID, offsets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from logonscope.export.fields import RowField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from logonscope.case.case import Case

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
        chunks = case.chunk_places()
        records: dict[int, CitedRecord] = {}
        for start in range(0, len(wanted), _AT_A_TIME):
            for event in case.events(wanted[start : start + _AT_A_TIME]):
                place = chunks.chunk_offset(event)
                records[event.row] = CitedRecord(
                    event.source, event.channel, event.record_id, event.found_at, place, event.event_id, event.time
                )
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
                "offset", "id", "Where that record begins in the file, in bytes; known of recovered records only.",
                part("offset"),
            ),
            RowField(
                "chunk_offset", "id",
                "Where the chunk that holds that record begins in the file, in bytes; known of live records in .evtx.",
                part("chunk_offset"),
            ),
        )  # fmt: skip


NOTHING_CITED = Citing({}, {}, {})
"""For those who only ask for the columns."""
