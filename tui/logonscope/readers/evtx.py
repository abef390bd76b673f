"""Reader of .evtx files: runs of chunks through the Rust parser, problems located record by record.

The file is read once, from its beginning to its end. That gives progress, cancellation, bounded memory and the place of
every fault, which the parser alone does not tell.
"""

from __future__ import annotations

import re
import struct
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from logonscope.display import plural
from logonscope.model import ReadProblem
from logonscope.readers.evtx_hidden import hidden_records
from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    RECORD_HEADER_BYTES,
    Chunk,
    EvtxLayout,
    record_chain,
)
from logonscope.readers.evtx_parse import PARSER_ERRORS, Parts, parse_chunk, parse_run, xml_in
from logonscope.readers.evtx_survey import Survey
from logonscope.readers.evtx_times import records_outside
from logonscope.readers.evtx_walk import ChunkPiece, HeaderPiece, walk
from logonscope.readers.open_file import OpenFile
from logonscope.readers.raw import RawBatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.model import TamperSign
    from logonscope.readers.source_file import SourceFile


CHUNKS_PER_RUN = 8
_MOST_BYTES_SILENT = 1 << 24
_CLEARED = re.compile(r'"EventID":(?:\{[^}]*"#text":)?(?:1102|104)\b')


class EvtxReader(OpenFile):
    """One open .evtx file.

    Args:
        file: The file.
        places: Its layout, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, file: SourceFile, places: EvtxLayout | None = None) -> None:
        super().__init__(file)
        self._survey = Survey(self._path)
        self.places = places
        self._times: tuple[int, int] | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the headers said that the contents do not bear out; complete when all of the file has been read."""
        return self.places.notes if self.places else ()

    @property
    def signs(self) -> tuple[TamperSign, ...]:
        """What a change of the file may have left behind; complete when all of it has been read."""
        return self.places.signs if self.places else ()

    def batches(self, chunks_per_run: int = CHUNKS_PER_RUN) -> Iterator[RawBatch]:
        """Read all records, the first chunk alone so that something is there at once.

        Args:
            chunks_per_run: How many chunks to parse at a time.

        Yields:
            The records of each run in the order of the file, with the problems met in it.
        """
        survey = self._survey = Survey(self._path)
        try:
            yield from self._batches(survey, chunks_per_run)
        finally:
            self.places = survey.layout()

    def only_times(self, since: int, until: int) -> None:
        """Leave out chunks of which all records lie outside of a time; see ``SkipsByTime``."""
        self._times = since, until

    def _batches(self, survey: Survey, chunks_per_run: int) -> Iterator[RawBatch]:
        run: list[tuple[Chunk, bytes]] = []
        wanted, silent, left_out = 1, 0, 0
        for piece in walk(self._file):
            if isinstance(piece, HeaderPiece):
                survey.begin_log(piece)
            elif isinstance(piece, ChunkPiece):
                chunk = survey.chunk(piece)
                outside = self._outside(chunk, piece.body)
                if outside and run:
                    yield self._run(run, silent, left_out)
                    run, silent, left_out = [], 0, 0
                if outside:
                    survey.break_before(chunk)
                    left_out, silent = left_out + outside, silent + chunk.size
                else:
                    run.append((chunk, piece.body))
            else:
                survey.other(piece)
                silent += piece.size
            if len(run) >= wanted or silent >= _MOST_BYTES_SILENT:
                yield self._run(run, silent, left_out)
                run, silent, left_out, wanted = [], 0, 0, chunks_per_run
        if run or left_out:
            yield self._run(run, silent, left_out)
            silent = 0
        survey.finish()
        problems = survey.take_problems()
        if problems or silent:
            yield RawBatch([], [], [], silent, problems)

    def _outside(self, chunk: Chunk, body: bytes) -> int:
        return records_outside(body, chunk.end, *self._times) if self._times and chunk.size == CHUNK_BYTES else 0

    def _run(self, run: list[tuple[Chunk, bytes]], silent: int, left_out: int) -> RawBatch:
        problems = [*self._survey.take_problems()]
        chunks = [chunk for chunk, _ in run]
        images = [chunk.image(body) for chunk, body in run]
        parts = parse_run(images) if run else Parts()
        is_whole = parts is not None and len(parts.texts) == sum(chunk.expected for chunk in chunks)
        if parts is None or not is_whole:
            parts = Parts()
            for chunk, image in zip(chunks, images, strict=True):
                good, bad = self._careful(chunk, image)
                parts.add(good)
                problems += bad
        else:
            for chunk, image in zip(chunks, images, strict=True):
                problems += self._hidden(chunk, image)
        for chunk, image in zip(chunks, images, strict=True):
            self._note_breaks(chunk, image, parts, inside=not is_whole)
        size = silent + sum(chunk.size for chunk in chunks)
        return RawBatch(parts.header_ids, parts.stamps, parts.texts, size, tuple(problems), left_out=left_out)

    def _careful(self, chunk: Chunk, image: bytes) -> tuple[list[Any], list[ReadProblem]]:
        """Parse one chunk record by record and say where each fault lies."""
        try:
            good, reasons = parse_chunk(image)
        except PARSER_ERRORS as error:
            self._survey.faulty.add(chunk.offset)
            return [], [ReadProblem(self._path, "chunk", chunk.offset, None, str(error))]
        if chunk.size == CHUNK_BYTES:
            self._survey.compare_counts(chunk, image)
        found = [*self._located(chunk, image, good, reasons), *self._hidden(chunk, image)]
        if found:
            self._survey.faulty.add(chunk.offset)
        return good, sorted(found, key=lambda problem: problem.offset or 0)

    def _located(self, chunk: Chunk, body: bytes, good: list[Any], reasons: list[str]) -> Iterator[ReadProblem]:
        parsed = {record["event_record_id"] for record in good}
        waiting = iter(reasons)
        for offset, header_id in _record_places(body):
            place = chunk.offset + offset
            if header_id is None:
                reason = next(waiting, "the chain of records breaks here") + _lost_with_it(chunk, parsed)
                yield ReadProblem(self._path, "record", place, None, reason)
            elif header_id not in parsed:
                reason = next(waiting, "the record could not be parsed")
                yield ReadProblem(self._path, "record", place, header_id, reason)
        for reason in waiting:
            yield ReadProblem(self._path, "chunk", chunk.offset, None, reason)

    def _hidden(self, chunk: Chunk, body: bytes) -> Iterator[ReadProblem]:
        for inner, header_id in hidden_records(body, chunk.end):
            place = chunk.offset + inner.offset
            seen = f"hidden: record {header_id} before it claims its bytes"
            self._survey.sign("hidden", place, f"record {inner.header_id} lies inside the bytes of record {header_id}")
            yield ReadProblem(self._path, "record", place, inner.header_id, seen)

    def _note_breaks(self, chunk: Chunk, body: bytes, parts: Parts, *, inside: bool) -> None:
        """Record IDs that are missing before a chunk or in it, where no record says that the log was cleared."""
        found = (
            [(chunk.offset, chunk.first_header_id, missing)] if (missing := self._survey.break_before(chunk)) else []
        )
        if inside:
            chain = list(record_chain(body, CHUNK_HEADER_BYTES, chunk.end))
            found += [
                (chunk.offset + offset, header_id, header_id - before - 1)
                for (_, _, before), (offset, _, header_id) in pairwise(chain)
                if header_id > before + 1
            ]
        for offset, header_id, missing in found:
            if not _is_clear(parts, header_id):
                seen = f"{plural(missing, 'record ID')} before {header_id} {'is' if missing == 1 else 'are'} missing"
                self._survey.sign("ID break", offset, seen)

    def record(self, header_id: int) -> str | None:
        """Re-read one record as XML, as Windows wrote it.

        Args:
            header_id: The record ID in its header.

        Returns:
            The XML text, or None where the file no longer has such a record.
        """
        places = self.places or self._surveyed()
        for chunk in places.chunks:
            if chunk.first_header_id <= header_id <= chunk.last_header_id:
                self._file.seek(chunk.offset)
                body = self._file.read(chunk.size)
                found = xml_in(chunk.image(body), header_id) if len(body) == chunk.size else None
                if found is not None:
                    return found
        return None

    def _surveyed(self) -> EvtxLayout:
        """Where the chunks lie, of a file that was not read."""
        survey = Survey(self._path)
        for piece in walk(self._file):
            if isinstance(piece, HeaderPiece):
                survey.begin_log(piece)
            elif isinstance(piece, ChunkPiece):
                survey.chunk(piece)
        self.places = survey.layout()
        return self.places


def _lost_with_it(chunk: Chunk, parsed: set[int]) -> str:
    missing = chunk.last_header_id - max(parsed, default=chunk.first_header_id - 1)
    return f"; the chunk's header promises {plural(missing, 'more record')}" if missing > 0 else ""


def _is_clear(parts: Parts, header_id: int) -> bool:
    """Whether a record says that its log was cleared (1102, 104)."""
    if header_id not in parts.header_ids:
        return False
    return _CLEARED.search(parts.texts[parts.header_ids.index(header_id)]) is not None


def _record_places(body: bytes) -> Iterator[tuple[int, int | None]]:
    """Walk the chain of records: offset in the chunk and header ID, None where the chain breaks."""
    end = min(struct.unpack_from("<I", body, 48)[0], CHUNK_BYTES)
    following = CHUNK_HEADER_BYTES
    for offset, size, header_id in record_chain(body, CHUNK_HEADER_BYTES, end):
        yield offset, header_id
        following = offset + size
    if following + RECORD_HEADER_BYTES <= end:
        yield following, None
