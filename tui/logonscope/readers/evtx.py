"""Reader of .evtx files: runs of chunks through the Rust parser, problems located record by record.

A run of chunks behind a header is a small log of its own. That gives progress, cancellation, bounded memory and
the place of every fault, which the parser alone does not tell.
"""

from __future__ import annotations

import io
import struct
import zlib
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, BinaryIO

from evtx import PyEvtxParser

from logonscope.display import plural
from logonscope.model import ReadProblem
from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    RECORD_HEADER_BYTES,
    RECORD_MAGIC,
    SMALLEST_RECORD,
    Chunk,
    EvtxLayout,
    read_layout,
    record_chain,
)
from logonscope.readers.evtx_times import records_outside
from logonscope.readers.raw import RawBatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.source_file import SourceFile


CHUNKS_PER_RUN = 8
_ANY_ERROR = (RuntimeError, OSError, ValueError)
_RECORDS_AT_A_TIME = 128
_header_id = itemgetter("event_record_id")
_stamp = itemgetter("timestamp")
_text = itemgetter("data")


class _Parts:
    """The parts of records, taken out of the parser's dicts."""

    def __init__(self) -> None:
        self.header_ids: list[int] = []
        self.stamps: list[str] = []
        self.texts: list[str] = []

    def add(self, records: list[Any]) -> None:
        self.header_ids += map(_header_id, records)
        self.stamps += map(_stamp, records)
        self.texts += map(_text, records)


class EvtxReader:
    """One open .evtx file.

    Args:
        file: The file.
        places: Its layout, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, file: SourceFile, places: EvtxLayout | None = None) -> None:
        self._path = file.place
        self._file: BinaryIO = file.open()
        self.places = places or read_layout(self._file, file.size)
        self._times: tuple[int, int] | None = None

    def __enter__(self) -> EvtxReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """What the file header said that its contents do not bear out."""
        return self.places.notes

    def batches(self, chunks_per_run: int = CHUNKS_PER_RUN) -> Iterator[RawBatch]:
        """Read all records, the first chunk alone so that something is there at once.

        Args:
            chunks_per_run: How many chunks to parse at a time.

        Yields:
            The records of each run in the order of the file, with the problems met in it.
        """
        chunks = self.places.chunks
        runs = [chunks[:1], *(chunks[i : i + chunks_per_run] for i in range(1, len(chunks), chunks_per_run))]
        problems = tuple(
            ReadProblem(self._path, "chunk", entry.offset, None, entry.reason) for entry in self.places.unreadable
        )
        for run in runs:
            for some, left_out, size in self._inside(run):
                yield self._run(some, problems, left_out, size)
                problems = ()

    def only_times(self, since: int, until: int) -> None:
        """Leave out chunks of which all records lie outside of a time; see ``SkipsByTime``."""
        self._times = since, until

    def _inside(self, run: tuple[Chunk, ...]) -> Iterator[tuple[list[tuple[Chunk, bytes]], int, int]]:
        """Parts of a run without a chunk left out inside, each with the records left out before it and its bytes."""
        some: list[tuple[Chunk, bytes]] = []
        left_out = size = 0
        for chunk in run:
            body = self._body(chunk)
            outside = records_outside(body, chunk.end, *self._times) if self._times else 0
            if outside and some:
                yield some, left_out, size
                some, left_out, size = [], 0, 0
            if not outside:
                some.append((chunk, body))
            left_out += outside
            size += len(body)
        yield some, left_out, size

    def _run(
        self, some: list[tuple[Chunk, bytes]], problems: tuple[ReadProblem, ...], left_out: int, size: int
    ) -> RawBatch:
        run, bodies = [chunk for chunk, _ in some], [body for _, body in some]
        parts = _Parts()
        try:
            records = iter(_parser(self.places.header, b"".join(bodies)).records_json())
            # A few at a time, so that they are still in the processor's cache when they are taken apart.
            while taken := list(islice(records, _RECORDS_AT_A_TIME)):
                parts.add(taken)
            complete = len(parts.texts) == sum(map(_expected, run))
        except _ANY_ERROR:
            complete = False
        if not complete:
            parts = _Parts()
            for chunk, body in zip(run, bodies, strict=True):
                good, bad = self._careful(chunk, body)
                parts.add(good)
                problems += bad
        return RawBatch(parts.header_ids, parts.stamps, parts.texts, size, problems, left_out)

    def _body(self, chunk: Chunk) -> bytes:
        self._file.seek(chunk.offset)
        body = self._file.read(CHUNK_BYTES).ljust(CHUNK_BYTES, b"\0")
        return _brought_up_to_date(chunk, body) if chunk.newer else body

    def _careful(self, chunk: Chunk, body: bytes) -> tuple[list[Any], tuple[ReadProblem, ...]]:
        """Parse one chunk record by record and say where each fault lies."""
        good: list[Any] = []
        reasons: list[str] = []
        try:
            iterator = iter(_parser(self.places.header, body).records_json())
        except _ANY_ERROR as error:
            return [], (ReadProblem(self._path, "chunk", chunk.offset, None, str(error)),)
        while True:
            try:
                record = next(iterator, None)
            except _ANY_ERROR as error:
                reasons.append(str(error))
                continue
            if record is None:
                break
            good.append(record)
        return good, tuple(self._located(chunk, body, good, reasons))

    def _located(self, chunk: Chunk, body: bytes, good: list[Any], reasons: list[str]) -> Iterator[ReadProblem]:
        parsed = set(map(_header_id, good))
        waiting = iter(reasons)
        for offset, size, header_id in _record_places(body):
            place = chunk.offset + offset
            if header_id is None:
                reason = next(waiting, "the chain of records breaks here") + _lost_with_it(chunk, parsed)
                yield ReadProblem(self._path, "record", place, None, reason)
            elif header_id not in parsed:
                reason = next(waiting, "the record could not be parsed")
                yield ReadProblem(self._path, "record", place, header_id, reason)
            for inner, hidden_id in _records_inside(body, offset, size):
                if chunk.first_header_id <= hidden_id <= chunk.last_header_id and hidden_id not in parsed:
                    reason = f"hidden: record {header_id} before it claims its bytes"
                    yield ReadProblem(self._path, "record", chunk.offset + inner, hidden_id, reason)
        for reason in waiting:
            yield ReadProblem(self._path, "chunk", chunk.offset, None, reason)

    def record(self, header_id: int) -> str | None:
        """Re-read one record as XML, as Windows wrote it.

        Args:
            header_id: The record ID in its header.

        Returns:
            The XML text, or None where the file no longer has such a record.
        """
        for chunk in self.places.chunks:
            if chunk.first_header_id <= header_id <= chunk.last_header_id:
                found = _xml_in(self.places.header, self._body(chunk), header_id)
                if found is not None:
                    return found
        return None


def _brought_up_to_date(chunk: Chunk, body: bytes) -> bytes:
    """The chunk with a header that promises all its records."""
    image = bytearray(body)
    struct.pack_into("<Q", image, 16, chunk.last_header_id)
    struct.pack_into("<Q", image, 32, chunk.last_header_id)
    struct.pack_into("<I", image, 48, chunk.end)
    return bytes(image)


def _lost_with_it(chunk: Chunk, parsed: set[int]) -> str:
    missing = chunk.last_header_id - max(parsed, default=chunk.first_header_id - 1)
    return f"; the chunk's header promises {plural(missing, 'more record')}" if missing > 0 else ""


def _expected(chunk: Chunk) -> int:
    """How many records the chunk's header promises."""
    return chunk.last_header_id - chunk.first_header_id + 1


def _parser(header: bytes, chunks: bytes) -> PyEvtxParser:
    return PyEvtxParser(io.BytesIO(_clean_header(header, len(chunks) // CHUNK_BYTES) + chunks), 1)


def _clean_header(header: bytes, count: int) -> bytes:
    """The file's header, made to fit a run of so many chunks."""
    clean = bytearray(header)
    struct.pack_into("<8sQQ", clean, 0, b"ElfFile\0", 0, max(count - 1, 0))
    struct.pack_into("<H", clean, 42, count)
    struct.pack_into("<I", clean, 120, 0)
    struct.pack_into("<I", clean, 124, zlib.crc32(clean[:120]))
    return bytes(clean)


def _xml_in(header: bytes, body: bytes, header_id: int) -> str | None:
    try:
        iterator = iter(_parser(header, body).records())
    except _ANY_ERROR:
        return None
    while True:
        try:
            record = next(iterator, None)
        except _ANY_ERROR:
            continue
        if record is None:
            return None
        if record["event_record_id"] == header_id:
            return str(record["data"])


def _record_places(body: bytes) -> Iterator[tuple[int, int, int | None]]:
    """Walk the chain of records: offset in the chunk, size and header ID; size 0 and None where the chain breaks."""
    end = min(struct.unpack_from("<I", body, 48)[0], CHUNK_BYTES)
    following = CHUNK_HEADER_BYTES
    for offset, size, header_id in record_chain(body, CHUNK_HEADER_BYTES, end):
        yield offset, size, header_id
        following = offset + size
    if following + RECORD_HEADER_BYTES <= end:
        yield following, 0, None


def _records_inside(body: bytes, offset: int, size: int) -> Iterator[tuple[int, int]]:
    """What looks like records inside the bytes of another: offset in the chunk and header ID."""
    end = offset + size
    inner = body.find(RECORD_MAGIC, offset + RECORD_HEADER_BYTES, end)
    while 0 <= inner <= end - SMALLEST_RECORD:
        inner_size, header_id = struct.unpack_from("<IQ", body, inner + 4)
        if SMALLEST_RECORD <= inner_size <= end - inner:
            yield inner, header_id
        inner = body.find(RECORD_MAGIC, inner + len(RECORD_MAGIC), end)
