"""Reads and normalises parts of files together: small batches cost much for each record."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.ahead.known_forms import NO_ROWS
from logonscope.ahead.parts import PartRead
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.normalise.envelope import TakenApart
from logonscope.normalise.portable import with_texts
from logonscope.readers.evtx_facts import ChunkFacts
from logonscope.readers.evtx_layout import CHUNK_BYTES
from logonscope.readers.evtx_run import CLEARED, RunReader, without_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.ahead.known_forms import KnownForms
    from logonscope.ahead.parts import Part
    from logonscope.readers.evtx_parse import Parts
    from logonscope.readers.evtx_run import EvtxRun, Stretch


def read_parts(parts: list[Part], events: Path, forms: KnownForms) -> tuple[list[PartRead], Path]:
    """Read some parts and normalise them together.

    Args:
        parts: The parts.
        events: Where to write their events.
        forms: What is known of the forms of records.
    """
    dims = Dims()
    reading = _Reading(Normaliser(dims), forms)
    for part in parts:
        reading.add(part)
    read, found = reading.finish()
    portable = with_texts(found, dims)
    with events.open("xb") as target, pa.ipc.new_file(target, portable.schema) as writer:
        writer.write_batch(portable)
    return read, events


class _Parsed:
    """The records of the stretches that the parser read."""

    def __init__(self, normalise: Normaliser) -> None:
        self._normalise = normalise
        self._apart = TakenApart()
        self._stamps: list[str] = []
        self.header_ids: list[int] = []

    def add(self, parts: Parts) -> range:
        """Take some; which rows are theirs."""
        before = len(self._apart)
        self._apart.add(self._normalise.take_apart(parts.texts))
        self.header_ids += parts.header_ids
        self._stamps += parts.stamps
        return range(before, len(self._apart))

    def events(self) -> tuple[pa.RecordBatch, list[int]]:
        """The events, and the rows of those that could not be understood."""
        events, odd = self._normalise.events(self._apart, self.header_ids, self._stamps, 0)
        return events, sorted({*self._apart.bad, *odd})


class _Read:
    """A stretch of a part that is read, but maybe not parsed yet."""

    def __init__(self, reader: RunReader, stretch: Stretch) -> None:
        self.reader = reader
        self.stretch = stretch
        self.run: EvtxRun | None = None
        self.rows = NO_ROWS
        self.needs_parser = bool(stretch.chunks)

    @property
    def is_plain(self) -> bool:
        """Whether it is one whole chunk with a checksum that holds."""
        last = self.stretch.pieces[-1]
        return (
            isinstance(last, ChunkFacts) and last.is_sound and not last.chunk.newer and last.chunk.size == CHUNK_BYTES
        )

    def parse(self, parsed: _Parsed) -> None:
        """Have the parser read it, unless it has done so."""
        if self.run is None:
            self.run = self.reader.parse(self.stretch)
            self.rows = parsed.add(self.run.parts)


class _Reading:
    """Reads parts.

    Args:
        normalise: Makes events.
        forms: What is known of the forms of records.
    """

    def __init__(self, normalise: Normaliser, forms: KnownForms) -> None:
        self._normalise = normalise
        self._forms = forms
        self._parsed = _Parsed(normalise)
        self._parts: list[tuple[list[_Read], OSError | None]] = []

    def add(self, part: Part) -> None:
        """Read the chunks of a part, each as a stretch of its own."""
        read: list[_Read] = []
        error = None
        try:
            with part.file.open() as file:
                reader = RunReader(file, part.file.place)
                for stretch in reader.stretches(1, 1, part.start, part.stop):
                    read.append(_Read(reader, stretch))  # noqa: PERF401 - what was read before an error counts
        except OSError as problem:
            error = problem
        self._parts.append((read, error))

    def finish(self) -> tuple[list[PartRead], pa.RecordBatch]:
        """Parse what needs it; what came of each part, and the events of all, in their order."""
        known = self._known_events()
        for read, _ in self._parts:
            for one in read:
                if one.needs_parser:
                    one.parse(self._parsed)
        events, odd = self._parsed.events()
        parts = [self._part_read(read, error, odd) for read, error in self._parts]
        order = [one for read, _ in self._parts for one in read if one.rows]
        if known is None:
            return parts, events
        runs = [
            (events if needs_parser else known).slice(first, stop - first) for needs_parser, first, stop in _runs(order)
        ]
        return parts, pa.concat_batches(runs) if len(runs) > 1 else runs[0] if runs else events

    def _known_events(self) -> pa.RecordBatch | None:
        """The events of all chunks that need no parser."""
        plain = [one for read, _ in self._parts for one in read if one.needs_parser and one.is_plain]

        def parse(asked: list[int]) -> tuple[pa.RecordBatch, list[range]]:
            for number in asked:
                plain[number].parse(self._parsed)
            return self._parsed.events()[0], [plain[number].rows for number in asked]

        chunks, images = [one.stretch.chunks[0] for one in plain], [one.stretch.images[0] for one in plain]
        events, rows = self._forms.events(chunks, images, self._normalise, parse)
        for one, own in zip(plain, rows, strict=True):
            if own and events is not None:
                begins_cleared = events.column("event_id")[own.start].as_py() in CLEARED
                one.run = one.reader.known(one.stretch, begins_cleared=begins_cleared)
                one.rows, one.needs_parser = own, False
        return events

    def _part_read(self, read: list[_Read], error: OSError | None, odd: list[int]) -> PartRead:
        runs, misread, last = [], [], 0
        for one in read:
            runs.append(one.run or one.reader.known(one.stretch, begins_cleared=False))
            if not one.needs_parser:
                last = max([last, *(chunk.last_header_id for chunk in one.stretch.chunks)])
            elif one.rows:
                ids = self._parsed.header_ids
                last = max(last, *ids[one.rows.start : one.rows.stop])
                misread += [ids[row] for row in odd[bisect_left(odd, one.rows.start) : bisect_left(odd, one.rows.stop)]]
        return PartRead(without_records(runs), sum(len(one.rows) for one in read), misread, last, error)


def _runs(order: list[_Read]) -> Iterator[tuple[bool, int, int]]:
    """Rows that follow one another, of the parser's or of the others."""
    needs_parser, first, stop = False, 0, 0
    for one in order:
        if (one.needs_parser, one.rows.start) != (needs_parser, stop):
            if stop > first:
                yield needs_parser, first, stop
            needs_parser, first = one.needs_parser, one.rows.start
        stop = one.rows.stop
    if stop > first:
        yield needs_parser, first, stop
