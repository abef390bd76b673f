"""Reader of .evt files, the event logs of Windows NT to 2003."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from logonscope.display import plural
from logonscope.knowledge.before_vista import SECURITY, named_strings
from logonscope.knowledge.toml_file import load
from logonscope.readers.evt_layout import RECORD_HEADER, Piece, Ring, read_evt_layout
from logonscope.readers.open_file import OpenFile
from logonscope.readers.raw import RawBatch
from logonscope.readers.record_text import Head, Tail, record_text
from logonscope.readers.sid import sid_text
from logonscope.readers.text_batches import Places, Problems, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.source_file import SourceFile

_RECORDS = 2000
_RECORDS_LOOKED_AT = 200
"""So many records are looked at for the log that they belong to."""
_RECORDS_PER_PLACE = 500
_TYPES = {1: "Error", 2: "Warning", 4: "Information", 8: "Success Audit", 16: "Failure Audit"}
_LEVELS = {1: 2, 2: 3, 4: 4}
_KEYWORDS = {8: "0xa0000000000000", 16: "0x90000000000000"}
_CLASSIC = "0x80000000000000"
_OLD_EVENTS = (
    "events from before Vista count as those of today: 528 and 540 as 4624, 529 to 537 and 539 as 4625, 538 as 4634, "
    "551 as 4647, others by adding 4096",
    "a 538 may come minutes late or never, and often says type 3 of any logon; no screen locks were recorded",
)


class _Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: dict[str, str]
    files: dict[str, str]


@cache
def _logs() -> _Sources:
    return load("evt.toml", _Sources, "logonscope.readers")


class EvtRecord(NamedTuple):
    """One record taken apart."""

    number: int
    generated: int
    """Seconds since 1970, UTC."""
    written: int
    event_id: int
    """All 32 bits."""
    kind: int
    category: int
    source: str
    computer: str
    sid: str
    strings: list[str]
    data: bytes


class EvtReader(OpenFile):
    """One open .evt file.

    Args:
        file: The file.
        places: What an earlier reading of it found.

    Raises:
        OSError: The file cannot be opened or read.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        super().__init__(file)
        self._layout = read_evt_layout(self._file, file.size)
        self._ring = Ring(self._file, file.size, self._layout.begin)
        self.places = places or Places()
        self._channel = ""
        self._notes = [*self._layout.notes, "times to the second"]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known of the file."""
        return tuple(self._notes)

    def batches(self) -> Iterator[RawBatch]:
        """The log's records, oldest first."""
        problems = Problems(self._path)
        run, taken, count, older = Run(problems), 0, 0, 0
        waiting: list[EvtRecord] = []
        ended = False
        for place, piece in self._pieces():
            if piece.is_end:
                ended = True
            elif ended:
                older += bool(piece.raw)
            elif not piece.raw:
                problems.add(piece.offset, None, piece.reason)
            else:
                record = taken_apart(piece.raw)
                if not count % _RECORDS_PER_PLACE:
                    self.places.add(record.number, place)
                count += 1
                taken += len(piece.raw)
                if self._channel:
                    self._add(run, record)
                else:
                    waiting.append(record)
                    if len(waiting) == _RECORDS_LOOKED_AT:
                        self._add_first(run, waiting)
            if len(run.texts) >= _RECORDS:
                yield run.batch(taken)
                run, taken = Run(problems), 0
        if not self._channel:
            self._add_first(run, waiting)
        # The oldest record of an empty log has the number 0.
        promised = self._layout.next_number - self._layout.oldest if self._layout.oldest else 0
        if count < promised:
            problems.add(None, None, f"the log should hold {promised:,} records, {promised - count:,} are not there")
        if older:
            self._notes.append(f"{plural(older, 'older record')} after the log's end, not read")
        yield run.batch(taken)
        yield RawBatch([], [], [], 0, problems.last())

    def _pieces(self, place: int = 0) -> Iterator[tuple[int, Piece]]:
        """What is in the ring, and how far into it."""
        for piece in self._ring.pieces(place):
            yield place, piece
            place += len(piece.raw)

    def _add_first(self, run: Run, records: list[EvtRecord]) -> None:
        """The first records, of which some may tell which log this is."""
        told = next((log for record in records if (log := _logs().sources.get(record.source))), "")
        stem = self._path.name.rpartition(".")[0] or self._path.name
        self._channel = told or _logs().files.get(stem.lower(), stem)
        if not told:
            self._notes.append(f"no record tells which log this is: taken for {self._channel} by the file's name")
        if self._channel == SECURITY:
            self._notes += _OLD_EVENTS
        for record in records:
            self._add(run, record)

    def _add(self, run: Run, record: EvtRecord) -> None:
        time = _time(record.generated)
        run.add(
            record.number,
            f"{time}.0000000Z UTC",
            record_text(
                Head(
                    record.source,
                    record.event_id & 0xFFFF,
                    None,
                    _LEVELS.get(record.kind, 0),
                    record.category,
                    None,
                    _KEYWORDS.get(record.kind, _CLASSIC),
                ),
                f"{time}.000000",
                record.number,
                None,
                Tail(None, None, self._channel, record.computer, record.sid or None),
                _fields(record),
            ),
        )

    def record(self, header_id: int) -> str | None:
        """Read one record again, as Event Viewer shows its parts.

        Args:
            header_id: Its number.
        """
        _, place = self.places.before(header_id)
        for _, piece in self._pieces(place if self.places.numbers and header_id >= self.places.numbers[0] else 0):
            if piece.is_end:
                return None
            if piece.raw and struct.unpack_from("<I", piece.raw, 8)[0] == header_id:
                return _shown(taken_apart(piece.raw))
        return None


def taken_apart(raw: bytes) -> EvtRecord:
    """The parts of a record; what lies outside of it is left out.

    Args:
        raw: The record, whole.
    """
    (_, _, number, generated, written, event_id, kind, count, category, _, _, strings_at, sid_size, sid_at, data_size,
     data_at) = RECORD_HEADER.unpack_from(raw)  # fmt: skip
    source, computer = _texts(raw, RECORD_HEADER.size, 2)
    data = raw[data_at : min(data_at + data_size, len(raw) - 4)] if data_size else b""
    strings = _texts(raw, strings_at, count) if count else []
    return EvtRecord(
        number, generated, written, event_id, kind, category, source, computer,
        sid_text(raw[sid_at : sid_at + sid_size]), strings, data,
    )  # fmt: skip


def _texts(raw: bytes, at: int, count: int) -> list[str]:
    """Texts that end with zero, one after the other; those that are not there are empty."""
    whole = raw[at : at + (len(raw) - 4 - at) // 2 * 2] if RECORD_HEADER.size <= at < len(raw) else b""
    found = whole.decode("utf-16-le", "replace").split("\0", count)[:count]
    return found + [""] * (count - len(found)) if count <= len(raw) else found


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _fields(record: EvtRecord) -> dict[str, Any] | None:
    if record.source == SECURITY:
        found = named_strings(record.event_id & 0xFFFF, record.strings, record.sid)
        if found is not None:
            return found
    if not (record.strings or record.data):
        return None
    strings: Any = record.strings[0] if len(record.strings) == 1 else record.strings
    return {"Data": {"#text": strings or ""}, "Binary": record.data.hex().upper() or None}


def _shown(record: EvtRecord) -> str:
    lines = [
        f"Event Type: {_TYPES.get(record.kind, record.kind)}",
        f"Event Source: {record.source}",
        f"Event Category: {record.category}",
        f"Event ID: {record.event_id & 0xFFFF} (0x{record.event_id:08X})",
        f"Time generated: {_time(record.generated)} UTC",
        f"Time written: {_time(record.written)} UTC",
        f"User: {record.sid or 'N/A'}",
        f"Computer: {record.computer}",
        f"Record number: {record.number}",
        *(f"String {number}: {text}" for number, text in enumerate(record.strings, 1)),
    ]
    return "\n".join([*lines, f"Data: {record.data.hex()}"] if record.data else lines)
