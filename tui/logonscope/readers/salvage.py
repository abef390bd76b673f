"""Records that no reader finds: in the slack of chunks, hidden in other records, behind breaks, outside of all chunks.

A log is searched where its reader did not read. Any other file (a memory image, unallocated space, a page file) is
searched from its beginning to its end, in bounded memory.
"""

from __future__ import annotations

import re
from collections import Counter
from operator import attrgetter
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from logonscope.model import ReadProblem
from logonscope.readers.evtx_apart import chunk_apart
from logonscope.readers.evtx_hidden import FoundRecord, hidden_records, record_at, records_between
from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    EvtxLayout,
    Gap,
    begins_chunk,
    chunk_of,
    record_chain,
)
from logonscope.readers.evtx_parse import PARSER_ERRORS
from logonscope.readers.evtx_rebuild import Rebuilder
from logonscope.readers.evtx_templates import Templates, template_uses
from logonscope.readers.raw import RawBatch
from logonscope.readers.stamps import filetime_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.readers.evtx_layout import Chunk
    from logonscope.readers.source_file import SourceFile

_BLOCK_BYTES = 1 << 22
_CHUNK = re.compile(rb"ElfChnk\0")
_MANY_LOST = 1000
"""Of one file: more records that cannot be rebuilt are only counted."""
_WHERE = {
    "chunk": "in a carved chunk",
    "slack": "in slack",
    "hidden": "hidden in another",
    "chain": "behind a break",
    "single": "outside of all chunks",
}


class Salvaged(NamedTuple):
    """One record that was found."""

    kind: str
    """An entry of ``knowledge/recovery.toml``."""
    offset: int
    """Bytes from the beginning of the file."""
    header_id: int
    stamp: str
    text: str
    """JSON in the shape of the parser, or XML."""


class _Wanted(NamedTuple):
    kind: str
    record: FoundRecord


class Salvage:
    """Searches the files of one case; templates of each serve the others."""

    def __init__(self) -> None:
        self._templates = Templates()

    def learn(self, file: SourceFile, layout: EvtxLayout) -> None:
        """Take note of the templates of a log.

        Raises:
            OSError: It cannot be read.
        """
        with file.open() as opened:
            for chunk in layout.chunks:
                self._templates.learn(_image(opened, chunk))

    def search(self, file: SourceFile, layout: EvtxLayout | None) -> Iterator[RawBatch]:
        """Search one file.

        Args:
            file: The file.
            layout: Of a log that was read: only what was not read is searched.

        Yields:
            Records of one kind at a time, in the order of the file by and large. What looks like a record and could
            not be read is a problem, with what its header says.

        Raises:
            OSError: It cannot be read.
        """
        lost = 0
        with file.open() as opened:
            for size, found, bad in self._pieces(opened, layout):
                told = bad[: max(_MANY_LOST - lost, 0)]
                lost += len(bad)
                problems = tuple(_lost(file.place, wanted) for wanted in told)
                yield from _batches(found, size, problems)
        if lost > _MANY_LOST:
            reason = f"and {lost - _MANY_LOST:,} more records that could not be rebuilt"
            yield RawBatch([], [], [], 0, (ReadProblem(file.place, "record", None, None, reason),))

    def xml(self, file: SourceFile, layout: EvtxLayout | None, offset: int) -> str | None:
        """One record that was found, as XML.

        Args:
            file: The file.
            layout: As in ``search``.
            offset: Where the record begins.

        Raises:
            OSError: It cannot be read.
        """
        with file.open() as opened:
            for chunk in layout.chunks if layout else ():
                if chunk.offset <= offset < chunk.offset + chunk.size:
                    found, _ = self._in_chunk(chunk, _image(opened, chunk), True, as_xml=True)
                    break
            else:
                start = max(offset - CHUNK_BYTES, 0)
                opened.seek(start)
                found, _, _ = self._in_block(opened.read(3 * CHUNK_BYTES), start, 0, 2 * CHUNK_BYTES, as_xml=True)
        return next((record.text for record in found if record.offset == offset), None)

    def _pieces(
        self, opened: BinaryIO, layout: EvtxLayout | None
    ) -> Iterator[tuple[int, list[Salvaged], list[_Wanted]]]:
        """Bytes searched, records found, records lost: piece by piece."""
        if layout is None:
            yield from self._stretch(opened, 0, None)
            return
        places: list[Chunk | Gap] = sorted((*layout.chunks, *layout.gaps), key=attrgetter("offset"))
        for place in places:
            if isinstance(place, Gap):
                yield from self._stretch(opened, place.offset, place.size)
            else:
                image = _image(opened, place)
                yield place.size, *self._in_chunk(place, image, place.offset in layout.faulty)

    def _in_chunk(
        self, chunk: Chunk, image: bytes, is_faulty: bool, *, as_xml: bool = False
    ) -> tuple[list[Salvaged], list[_Wanted]]:
        """What a chunk holds besides the records that its reader finds."""
        wanted = {inner.offset: _Wanted("hidden", inner) for inner, _ in hidden_records(image, chunk.end)}
        chain_end = CHUNK_HEADER_BYTES
        for offset, size, _ in record_chain(image, CHUNK_HEADER_BYTES, chunk.end):
            chain_end = offset + size
        for record in records_between(image, chain_end, chunk.end):
            wanted.setdefault(record.offset, _Wanted("chain", record))
        for record in records_between(image, max(chunk.end, CHUNK_HEADER_BYTES), len(image)):
            wanted.setdefault(record.offset, _Wanted("slack", record))
        if is_faulty:
            for record in _refused(image, chunk.end):
                wanted.setdefault(record.offset, _Wanted("chain", record))
        return self._rebuilt(image, list(wanted.values()), 0, chunk.offset, as_xml=as_xml)

    def _rebuilt(
        self, block: bytes, wanted: list[_Wanted], base: int, start: int, *, as_xml: bool
    ) -> tuple[list[Salvaged], list[_Wanted]]:
        """Read records of one chunk; ``start`` is where the block lies in the file."""
        if not wanted:
            return [], []
        wanted.sort(key=lambda entry: entry.record.offset)
        kinds = {entry.record.offset: entry.kind for entry in wanted}
        good, bad = Rebuilder(self._templates, as_xml=as_xml).read(block, [entry.record for entry in wanted], base)
        found = [
            Salvaged(
                "lent" if rebuilt.is_lent else kinds[rebuilt.record.offset],
                start + rebuilt.record.offset,
                rebuilt.record.header_id,
                rebuilt.stamp,
                rebuilt.text,
            )
            for rebuilt in good
        ]
        return found, [_Wanted(kinds[record.offset], record._replace(offset=start + record.offset)) for record in bad]

    def _stretch(
        self, opened: BinaryIO, start: int, size: int | None
    ) -> Iterator[tuple[int, list[Salvaged], list[_Wanted]]]:
        """Search a part of the file, or all of it; blocks overlap by more than a chunk."""
        opened.seek(start)
        block, begin, left = b"", 0, size
        while True:
            more = opened.read(_BLOCK_BYTES if left is None else min(_BLOCK_BYTES, left))
            left = None if left is None else left - len(more)
            block += more
            stop = len(block) - CHUNK_BYTES if more else len(block)
            if stop > begin:
                found, bad, covered = self._in_block(block, start, begin, stop)
                yield stop - begin, found, bad
                # What lies before helps to find the chunk of a single record.
                cut = max(stop - CHUNK_BYTES, 0)
                start, block, begin = start + cut, block[cut:], max(covered, stop) - cut
            if not more:
                return

    def _in_block(
        self, block: bytes, start: int, covered: int, stop: int, *, as_xml: bool = False
    ) -> tuple[list[Salvaged], list[_Wanted], int]:
        """Carve what begins in a part of a block.

        Args:
            block: Bytes.
            start: Where they lie in the file.
            covered: Where to begin.
            stop: Where nothing begins any more.
            as_xml: XML rather than JSON.

        Returns:
            What was found, what could not be rebuilt, and how far the last chunk reaches.
        """
        found: list[Salvaged] = []
        bad: list[_Wanted] = []
        free: list[tuple[int, int]] = []
        for match in _CHUNK.finditer(block, covered, stop):
            place = match.start()
            if place < covered or not begins_chunk(block, place):
                continue
            free.append((covered, place))
            carved, lost, covered = self._carved(block, place, start, as_xml=as_xml)
            found += carved
            bad += lost
        free.append((covered, stop))
        for begin, end in free:
            for base, wanted in _by_chunk(block, begin, min(end, stop)):
                good, lost = self._rebuilt(block, wanted, base, start, as_xml=as_xml)
                found += good
                bad += lost
        return found, bad, covered

    def _carved(
        self, block: bytes, place: int, start: int, *, as_xml: bool
    ) -> tuple[list[Salvaged], list[_Wanted], int]:
        """Read a chunk that was carved; also says where it ends."""
        body = block[place : place + CHUNK_BYTES]
        following = next((m.start() for m in _CHUNK.finditer(body, 8) if begins_chunk(body, m.start())), len(body))
        chunk = chunk_of(start + place, body[:following])
        image = chunk.image(body[:following])
        self._templates.learn(image)
        try:
            good, _ = chunk_apart(image, as_xml=as_xml)
        except PARSER_ERRORS:
            good = []
        places = {header_id: offset for offset, _, header_id in record_chain(image, CHUNK_HEADER_BYTES, chunk.end)}
        found = [
            Salvaged("chunk", chunk.offset + places[record["event_record_id"]], record["event_record_id"],
                     record["timestamp"], record["data"])
            for record in good if record["event_record_id"] in places
        ]  # fmt: skip
        more, bad = self._in_chunk(chunk, image, len(good) < len(places), as_xml=as_xml)
        return found + more, bad, place + chunk.size


def _image(opened: BinaryIO, chunk: Chunk) -> bytes:
    opened.seek(chunk.offset)
    return chunk.image(opened.read(chunk.size)).ljust(CHUNK_BYTES, b"\0")


def _refused(image: bytes, end: int) -> Iterator[FoundRecord]:
    """Records of the chain that the parser does not read."""
    try:
        good, _ = chunk_apart(image)
    except PARSER_ERRORS:
        good = []
    read = {record["event_record_id"] for record in good}
    for offset, size, header_id in record_chain(image, CHUNK_HEADER_BYTES, end):
        record = None if header_id in read else record_at(image, offset, size)
        if record is not None:
            yield record


def _by_chunk(block: bytes, begin: int, end: int) -> Iterator[tuple[int, list[_Wanted]]]:
    """Single records of a stretch, with where the chunk that they were written in would begin.

    A record that holds a template says at which place of its chunk it was written.
    """
    singles = list(records_between(block, begin, end))
    votes = Counter(base for record in singles if (base := _base(block, record)) is not None)
    waiting: dict[int, list[_Wanted]] = {}
    for record in singles:
        bases = [base for base in votes if base < record.offset <= base + CHUNK_BYTES - record.size]
        base = max(bases, key=votes.__getitem__, default=record.offset - CHUNK_HEADER_BYTES)
        waiting.setdefault(base, []).append(_Wanted("single", record))
    yield from waiting.items()


def _base(block: bytes, record: FoundRecord) -> int | None:
    uses = template_uses(block[record.offset : record.offset + record.size]) or ()
    return next((record.offset + use.field + 4 - use.place for use in uses if use.is_inside), None)


def _batches(found: list[Salvaged], size: int, problems: tuple[ReadProblem, ...]) -> Iterator[RawBatch]:
    """The records by their kinds; the bytes and the problems come with the first."""
    kinds = dict.fromkeys(record.kind for record in found)
    if not kinds:
        yield RawBatch([], [], [], size, problems)
    for kind in kinds:
        offsets, header_ids, stamps, texts = (
            list(part) for part in zip(*(record[1:] for record in found if record.kind == kind), strict=True)
        )
        yield RawBatch(header_ids, stamps, texts, size, problems, kind, offsets)
        size, problems = 0, ()


def _lost(path: Path, wanted: _Wanted) -> ReadProblem:
    record = wanted.record
    written = filetime_stamp(record.written)
    when = written[0][:19].replace("T", " ") if written else "an impossible time"
    reason = f"found {_WHERE[wanted.kind]}, written {when}; its template was written over"
    return ReadProblem(path, "record", record.offset, record.header_id, reason)
