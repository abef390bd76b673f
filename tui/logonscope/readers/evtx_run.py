"""Runs of chunks, read and parsed without a look at what lies before them, so that many can be read at once.

What a file as a whole says is put together from its runs, in their order, by ``Survey``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO

from logonscope.display import plural
from logonscope.model import ReadProblem
from logonscope.readers.evtx_apart import ParserDiedError, Patience, RunApart, chunk_apart
from logonscope.readers.evtx_facts import ChunkFacts, chunk_facts
from logonscope.readers.evtx_hidden import hidden_records
from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    RECORD_HEADER_BYTES,
    Chunk,
    chunk_of,
    record_chain,
)
from logonscope.readers.evtx_parse import PARSER_ERRORS, Parts
from logonscope.readers.evtx_times import records_outside
from logonscope.readers.evtx_walk import ChunkPiece, HeaderPiece, OtherPiece, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

CHUNKS_PER_RUN = 16
_MOST_BYTES_SILENT = 1 << 24
CLEARED = (1102, 104)
"""Events that say that their log was cleared."""
_EVENT_ID = re.compile(r'"EventID":(?:\{"#attributes":\{[^}]*\},"#text":)?(\d+)')


@dataclass(slots=True)
class Findings:
    """What was found in one chunk besides its records."""

    chunk: Chunk
    problems: list[ReadProblem] = field(default_factory=list)
    signs: list[tuple[str, int, str]] = field(default_factory=list)
    """Of tampering: kind, offset in the file, what was seen."""
    is_faulty: bool = False
    """Whether not all of it could be read."""
    begins_cleared: bool = False
    """Whether its first record says that its log was cleared, where that record does not follow one before."""


@dataclass(slots=True)
class EvtxRun:
    """A stretch of the file, in its order."""

    start: int
    stop: int
    """Bytes from the beginning of the file to where the next run begins."""
    pieces: list[HeaderPiece | ChunkFacts | OtherPiece]
    parts: Parts
    findings: list[Findings]
    """Of the chunks that were parsed."""
    left_out: int = 0
    """How many records were not parsed, since they lie outside of the time that is asked for."""


class Stretch:
    """A stretch of the file, read but not parsed yet."""

    def __init__(self, start: int) -> None:
        self.start = self.stop = start
        self.pieces: list[HeaderPiece | ChunkFacts | OtherPiece] = []
        self.chunks: list[Chunk] = []
        self.images: list[bytes] = []
        self.left_out = 0

    def add(self, piece: ChunkPiece, chunk: Chunk, outside: int) -> None:
        """Take a chunk, of which so many records are not wanted."""
        self.pieces.append(chunk_facts(piece, chunk, outside))
        self.left_out += outside
        if not outside:
            self.chunks.append(chunk)
            self.images.append(chunk.image(piece.body))


class RunReader:
    """Reads a stretch of a file, run by run; while one is used, the next is read and parsed by another process.

    Args:
        file: The file, opened for reading; its position is moved.
        path: Its name, for what is said of it.
        times: Chunks that lie outside of this time are left out; see ``SkipsByTime``.
    """

    def __init__(self, file: BinaryIO, path: Path, times: tuple[int, int] | None = None) -> None:
        self._file = file
        self._path = path
        self._times = times
        self._patience = Patience()

    def runs(self, chunks: int, first: int, start: int = 0, stop: int | None = None) -> Iterator[EvtxRun]:
        """Read and parse.

        Args:
            chunks: How many chunks to parse at a time.
            first: How many to parse at first.
            start: Where to begin: at a piece of the file, as ``walk`` cuts it.
            stop: What begins there or later is not read; the end of the file if None.

        Raises:
            OSError: The file cannot be read.
        """
        waiting: tuple[Stretch, RunApart] | None = None
        try:
            for stretch in self.stretches(chunks, first, start, stop):
                before, waiting = waiting, (stretch, RunApart(stretch.images, self._patience))
                if before:
                    yield self._run(*before)
        except OSError:
            if waiting:
                yield self._run(*waiting)
            raise
        if waiting:
            yield self._run(*waiting)

    def stretches(self, chunks: int, first: int, start: int, stop: int | None) -> Iterator[Stretch]:
        """Read without parsing; see ``runs``."""
        stretch, wanted = Stretch(start), first
        for piece in walk(self._file, start, stop):
            if isinstance(piece, ChunkPiece):
                chunk = chunk_of(piece.offset, piece.body)
                outside = self._outside(chunk, piece.body)
                if outside and stretch.images:
                    yield stretch
                    stretch = Stretch(stretch.stop)
                stretch.add(piece, chunk, outside)
            else:
                stretch.pieces.append(piece)
            stretch.stop = piece.end
            if len(stretch.images) >= wanted or stretch.stop - stretch.start >= _MOST_BYTES_SILENT:
                yield stretch
                stretch, wanted = Stretch(stretch.stop), chunks
        if stretch.pieces:
            yield stretch

    def parse(self, stretch: Stretch) -> EvtxRun:
        """Have the parser read a stretch."""
        return self._run(stretch, RunApart(stretch.images, self._patience))

    def known(self, stretch: Stretch, *, begins_cleared: bool) -> EvtxRun:
        """A stretch of one chunk, or of none, that needs no parser.

        Args:
            stretch: Its records follow one another, as many as the chunk's header says.
            begins_cleared: Whether the first of them says that its log was cleared.
        """
        found = [Findings(chunk, begins_cleared=begins_cleared) for chunk in stretch.chunks]
        for one, image in zip(found, stretch.images, strict=True):
            self._find_hidden(one, image, one.chunk.expected)
        return EvtxRun(stretch.start, stretch.stop, stretch.pieces, Parts(), found)

    def _outside(self, chunk: Chunk, body: bytes) -> int:
        return records_outside(body, chunk.end, *self._times) if self._times and chunk.size == CHUNK_BYTES else 0

    def _run(self, stretch: Stretch, apart: RunApart) -> EvtxRun:
        chunks, images = stretch.chunks, stretch.images
        parts = apart.parts()
        is_whole = parts is not None and len(parts.texts) == sum(chunk.expected for chunk in chunks)
        findings = []
        if parts is None or not is_whole:
            parts = Parts()
            for chunk, image in zip(chunks, images, strict=True):
                good, found = self._careful(chunk, image)
                parts.add(good)
                findings.append(found)
        else:
            position = 0
            for chunk, image in zip(chunks, images, strict=True):
                found = Findings(chunk)
                self._find_hidden(found, image, _records_at(parts, position, chunk))
                position += chunk.expected
                findings.append(found)
        _find_breaks(findings, images, parts, inside=not is_whole)
        return EvtxRun(stretch.start, stretch.stop, stretch.pieces, parts, findings, stretch.left_out)

    def _careful(self, chunk: Chunk, image: bytes) -> tuple[list[Any], Findings]:
        """Parse one chunk record by record and say where each fault lies."""
        found = Findings(chunk)
        try:
            good, reasons = chunk_apart(image, patience=self._patience)
        except PARSER_ERRORS as error:
            found.is_faulty = True
            reason = _left_out(str(error), chunk) if isinstance(error, ParserDiedError) else str(error)
            found.problems.append(ReadProblem(self._path, "chunk", chunk.offset, None, reason))
            return [], found
        if chunk.size == CHUNK_BYTES:
            _compare_counts(found, image)
        found.problems += self._located(chunk, image, good, reasons)
        self._find_hidden(found, image)
        found.is_faulty = bool(found.problems)
        found.problems.sort(key=lambda problem: problem.offset or 0)
        return good, found

    def _located(self, chunk: Chunk, body: bytes, good: list[Any], reasons: list[str]) -> Iterator[ReadProblem]:
        parsed = {record["event_record_id"] for record in good}
        waiting = iter(reasons)
        for offset, header_id in _record_places(body, min(chunk.end, CHUNK_BYTES)):
            place = chunk.offset + offset
            if header_id is None:
                reason = next(waiting, "the chain of records breaks here") + _lost_with_it(chunk, parsed)
                yield ReadProblem(self._path, "record", place, None, reason)
            elif header_id not in parsed:
                reason = next(waiting, "the record could not be parsed")
                yield ReadProblem(self._path, "record", place, header_id, reason)
        for reason in waiting:
            yield ReadProblem(self._path, "chunk", chunk.offset, None, reason)

    def _find_hidden(self, found: Findings, body: bytes, records: int = 0) -> None:
        chunk = found.chunk
        for inner, header_id in hidden_records(body, chunk.end, records):
            place = chunk.offset + inner.offset
            seen = f"hidden: record {header_id} before it claims its bytes"
            inside = f"record {inner.header_id} lies inside the bytes of record {header_id}"
            found.signs.append(("hidden", place, inside))
            found.problems.append(ReadProblem(self._path, "record", place, inner.header_id, seen))


def _records_at(parts: Parts, position: int, chunk: Chunk) -> int:
    """How many records were parsed of a chunk, if those at a position are its first to its last; else 0."""
    ids, last = parts.header_ids, position + chunk.expected - 1
    is_told = position <= last < len(ids) and (ids[position], ids[last]) == (
        chunk.first_header_id,
        chunk.last_header_id,
    )
    return chunk.expected if is_told else 0


def without_records(runs: Iterable[EvtxRun]) -> list[EvtxRun]:
    """The same stretches put together, as far as no other log begins in them, without their records."""
    put: list[EvtxRun] = []
    for run in runs:
        begins_log = any(isinstance(piece, HeaderPiece) for piece in run.pieces)
        if begins_log or not put:
            put.append(replace(run, pieces=[*run.pieces], findings=[*run.findings], parts=Parts()))
        else:
            put[-1].pieces += run.pieces
            put[-1].findings += run.findings
            put[-1].stop = run.stop
    return put


def unparsed_run(file: BinaryIO, path: Path, start: int, stop: int | None, reason: str) -> EvtxRun:
    """A stretch of a file whose chunks are not parsed.

    Args:
        file: The file, opened for reading; its position is moved.
        path: Its name, for what is said of it.
        start: Where to begin: at a piece of the file, as ``walk`` cuts it.
        stop: What begins there or later does not belong to it; the end of the file if None.
        reason: Why they are not.

    Raises:
        OSError: The file cannot be read.
    """
    run = EvtxRun(start, start, [], Parts(), [])
    for piece in walk(file, start, stop):
        run.stop = piece.end
        if isinstance(piece, ChunkPiece):
            chunk = chunk_of(piece.offset, piece.body)
            run.pieces.append(chunk_facts(piece, chunk))
            problem = ReadProblem(path, "chunk", chunk.offset, None, _left_out(reason, chunk))
            run.findings.append(Findings(chunk, [problem], is_faulty=True, begins_cleared=True))
        else:
            run.pieces.append(piece)
    return run


def _left_out(reason: str, chunk: Chunk) -> str:
    return f"{reason}: {plural(max(chunk.expected, 0), 'record')} left out"


def _compare_counts(found: Findings, body: bytes) -> None:
    """Compare the IDs in a chunk's header with those of its records, where the two were found to differ."""
    chunk = found.chunk
    chain = [header_id for _, _, header_id in record_chain(body, CHUNK_HEADER_BYTES, chunk.end)]
    if chain and (chain[0], chain[-1], len(chain)) != (chunk.first_header_id, chunk.last_header_id, chunk.expected):
        seen = (
            f"the chunk's header says records {chunk.first_header_id} to {chunk.last_header_id},"
            f" there are {len(chain):,} from {chain[0]} to {chain[-1]}"
        )
        found.signs.append(("chunk counts", chunk.offset, seen))


def _find_breaks(findings: Sequence[Findings], images: Sequence[bytes], parts: Parts, *, inside: bool) -> None:
    """Record IDs that are missing in chunks, where no record says that the log was cleared."""
    before = None
    for found, image in zip(findings, images, strict=True):
        chunk = found.chunk
        if chunk.first_header_id - 1 != before:
            found.begins_cleared = _is_clear(parts, chunk.first_header_id)
        before = chunk.last_header_id
        if inside:
            chain = record_chain(image, CHUNK_HEADER_BYTES, chunk.end)
            for (_, _, last), (offset, _, header_id) in pairwise(chain):
                if header_id > last + 1 and not _is_clear(parts, header_id):
                    missing = header_id - last - 1
                    found.signs.append(("ID break", chunk.offset + offset, missing_ids(missing, header_id)))


def missing_ids(missing: int, header_id: int) -> str:
    """What is said of record IDs that are missing before one."""
    return f"{plural(missing, 'record ID')} before {header_id} {'is' if missing == 1 else 'are'} missing"


def _lost_with_it(chunk: Chunk, parsed: set[int]) -> str:
    missing = chunk.last_header_id - max(parsed, default=chunk.first_header_id - 1)
    return f"; the chunk's header promises {plural(missing, 'more record')}" if missing > 0 else ""


def _is_clear(parts: Parts, header_id: int) -> bool:
    """Whether a record says that its log was cleared."""
    if header_id not in parts.header_ids:
        return False
    found = _EVENT_ID.search(parts.texts[parts.header_ids.index(header_id)])
    return found is not None and int(found[1]) in CLEARED


def _record_places(body: bytes, end: int) -> Iterator[tuple[int, int | None]]:
    """Walk the chain of records: offset in the chunk and header ID, None where the chain breaks."""
    following = CHUNK_HEADER_BYTES
    for offset, size, header_id in record_chain(body, CHUNK_HEADER_BYTES, end):
        yield offset, header_id
        following = offset + size
    if following + RECORD_HEADER_BYTES <= end:
        yield following, None
