"""The skeleton of an .evt file (Windows NT to 2003): a header, then a ring of records with a mark where it ends.

The header of a log that was copied while in use is stale; the mark at the end of the ring is not. Each record begins
with its size and a signature and ends with its size, so that what is damaged costs itself alone.
Source: MS-EVEN 2.2.3, "Event Log File Format" (EVENTLOGHEADER, EVENTLOGRECORD, EVENTLOGEOF).
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER_BYTES = 48
SIGNATURE = b"LfLe"
RECORD_HEADER = struct.Struct("<I4sIIIIHHHHIIIIII")
_HEADER = struct.Struct("<I4sIIIIIIIIII")
_END = struct.Struct("<IIIIIIIIII")
_END_MAGIC = bytes.fromhex("28000000 11111111 22222222 33333333 44444444")
_NEXT = re.compile(re.escape(SIGNATURE) + b"|" + re.escape(_END_MAGIC), re.DOTALL)
_FILLER = re.compile(rb"(?:\x27\0\0\0|\0\0\0\0)*\0{0,3}\Z")
_DIRTY = 1
_BLOCK = 1 << 20
LARGEST_RECORD = 1 << 20


class EvtLayout(NamedTuple):
    """Where the ring of records begins, and which records it should hold."""

    begin: int
    """Offset of the oldest record."""
    oldest: int
    next_number: int
    """The number that the next record would have got; the same as ``oldest`` where that is not known."""
    notes: tuple[str, ...]


class Piece(NamedTuple):
    """One thing found in the ring."""

    offset: int
    """Where it begins in the file."""
    raw: bytes
    """A record; empty for something else."""
    reason: str = ""
    """What is wrong here; empty for a record and for the end."""
    is_end: bool = False
    """Whether it is the end of the log: what comes after it is older than the log."""


def read_evt_layout(file: BinaryIO, size: int) -> EvtLayout:
    """Find where the ring begins.

    Args:
        file: The file; its position is moved.
        size: Bytes.
    """
    file.seek(0)
    head = file.read(HEADER_BYTES).ljust(HEADER_BYTES, b"\0")
    _, _, _, _, begin, end, next_number, oldest, _, flags, _, _ = _HEADER.unpack(head)
    if not flags & _DIRTY and _is_end(file, end):
        return EvtLayout(begin if HEADER_BYTES <= begin < size else HEADER_BYTES, oldest, next_number, ())
    marks = [mark for mark in _ends(file) if HEADER_BYTES <= mark[5] < size]
    said = "copied while in use (dirty flag)" if flags & _DIRTY else "the header does not say where the log ends"
    if not marks:
        return EvtLayout(HEADER_BYTES, 0, 0, (said, "no mark of the log's end: records may be older than the log"))
    newest = max(marks, key=lambda mark: mark[7])
    return EvtLayout(newest[5], newest[8], newest[7], (said,))


def _is_end(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    return file.read(len(_END_MAGIC)) == _END_MAGIC


def _ends(file: BinaryIO) -> Iterator[tuple[int, ...]]:
    """The marks of an end that the file holds."""
    file.seek(0)
    held = b""
    while block := file.read(_BLOCK):
        held += block
        for found in re.finditer(re.escape(_END_MAGIC), held):
            if found.start() + _END.size <= len(held):
                yield _END.unpack_from(held, found.start())
        held = held[-_END.size + 1 :]


class Ring:
    """The records of a file in their order: from the oldest to the end of the file, and on after the header.

    Args:
        file: The file.
        size: Bytes.
        begin: Offset of the oldest record.
    """

    def __init__(self, file: BinaryIO, size: int, begin: int) -> None:
        self._file = file
        self._size = size
        self._begin = begin

    def offset(self, place: int) -> int:
        """Where in the file a place of the ring lies."""
        tail = self._size - self._begin
        return self._begin + place if place < tail else HEADER_BYTES + place - tail

    def _blocks(self, place: int) -> Iterator[bytes]:
        tail = self._size - self._begin
        parts = ((self._begin + min(place, tail), self._size), (HEADER_BYTES + max(place - tail, 0), self._begin))
        for first, last in parts:
            self._file.seek(first)
            while first < last and (block := self._file.read(min(_BLOCK, last - first))):
                first += len(block)
                yield block

    def pieces(self, place: int = 0) -> Iterator[Piece]:
        """All that is in the ring.

        Args:
            place: How far into it to begin.
        """
        blocks = self._blocks(place)
        held, at, start, skipped = b"", 0, place, 0
        more = True
        while more or at < len(held):
            if more and len(held) - at < LARGEST_RECORD:
                block = next(blocks, b"")
                held, start, at, more = held[at:] + block, start + at, 0, bool(block)
                continue
            size = _record_size(held, at)
            is_end = held.startswith(_END_MAGIC, at)
            if not size and not is_end:
                following = _next_thing(held, at)
                skipped += following - at if skipped or not _FILLER.match(held[at:following]) else 0
                at = following
                continue
            if skipped:
                yield self._skipped(start + at, skipped)
                skipped = 0
            yield Piece(self.offset(start + at), held[at : at + size], is_end=is_end)
            at += size or _END.size
        if skipped:
            yield self._skipped(start + at, skipped)

    def _skipped(self, place: int, count: int) -> Piece:
        """What was left out before a place of the ring."""
        return Piece(self.offset(place - count), b"", f"no sound record in {count:,} bytes")


def _record_size(held: bytes, at: int) -> int:
    """The size of the record that begins here, 0 where none does."""
    if at + RECORD_HEADER.size > len(held):
        return 0
    size, signature = struct.unpack_from("<I4s", held, at)
    if signature != SIGNATURE or not RECORD_HEADER.size <= size <= LARGEST_RECORD or at + size > len(held):
        return 0
    return size if held[at + size - 4 : at + size] == held[at : at + 4] else 0


def _next_thing(held: bytes, at: int) -> int:
    """Where the next sound record or end of the log begins, or the end of what is held."""
    for found in _NEXT.finditer(held, at + 4):
        place = found.start() - 4 if found[0] == SIGNATURE else found.start()
        if place > at and (found[0] != SIGNATURE or _record_size(held, place)):
            return place
    return len(held) if len(held) - at < LARGEST_RECORD else len(held) - _END.size
