"""The skeleton of an .evtx file: its header and where its chunks lie.

A file is a 4096-byte header and chunks of 65536 bytes. The header's chunk count is stale in a log that was
copied while in use, so every chunk's own header is read, whatever the file header says.
Source: MS-EVEN6 2.2 and libyal's description of the format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from logonscope.display import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FILE_HEADER_BYTES = 4096
CHUNK_BYTES = 65536
CHUNK_HEADER_BYTES = 512
CHUNK_MAGIC = b"ElfChnk\0"
RECORD_MAGIC = b"**\0\0"
RECORD_HEADER_BYTES = 24
SMALLEST_RECORD = 28
_DIRTY = 1


@dataclass(frozen=True, slots=True)
class Chunk:
    """One readable chunk."""

    offset: int
    """Bytes from the beginning of the file."""
    first_header_id: int
    last_header_id: int
    end: int
    """Bytes from the beginning of the chunk to the end of its last record."""
    newer: int = 0
    """How many of its last records its header does not know of."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stretch of the file that holds no readable chunk though it should."""

    offset: int
    reason: str


@dataclass(frozen=True, slots=True)
class EvtxLayout:
    """What lies where in a file."""

    header: bytes
    """The file header, padded to 4096 bytes."""
    chunks: tuple[Chunk, ...]
    unreadable: tuple[Unreadable, ...]
    notes: tuple[str, ...]
    """What the file header said that its contents do not bear out."""


def read_layout(file: BinaryIO, size: int) -> EvtxLayout:
    """Find the chunks of an open .evtx file.

    Args:
        file: The file, opened for reading; its position is moved.
        size: Bytes.
    """
    file.seek(0)
    header = file.read(FILE_HEADER_BYTES).ljust(FILE_HEADER_BYTES, b"\0")
    declared = struct.unpack_from("<H", header, 42)[0]
    flags = struct.unpack_from("<I", header, 120)[0]
    chunks: list[Chunk] = []
    unreadable: list[Unreadable] = []
    for index, offset, slot, whole in _slots(file, size):
        if slot[:8] == CHUNK_MAGIC and whole:
            chunks.append(_chunk(file, offset, slot))
        elif any(slot) or (index < declared and whole):
            unreadable.append(Unreadable(offset, _why(slot, whole, size - offset)))
    places = (size - FILE_HEADER_BYTES) // CHUNK_BYTES
    if places < declared:
        unreadable.append(Unreadable(size, f"the file ends here, after {max(places, 0)} of {declared} chunks"))
    return EvtxLayout(header, tuple(chunks), _joined(unreadable), _notes(flags, declared, chunks))


def _slots(file: BinaryIO, size: int) -> Iterator[tuple[int, int, bytes, bool]]:
    for index, offset in enumerate(range(FILE_HEADER_BYTES, size, CHUNK_BYTES)):
        file.seek(offset)
        yield index, offset, file.read(CHUNK_HEADER_BYTES), offset + CHUNK_BYTES <= size


def _chunk(file: BinaryIO, offset: int, slot: bytes) -> Chunk:
    """The chunk of a header, with the records that were written after the header was.

    Where those go on from the last record that it knows, they belong to a log that was copied while in use.
    """
    first, last = struct.unpack_from("<QQ", slot, 24)
    end = min(struct.unpack_from("<I", slot, 48)[0], CHUNK_BYTES)
    file.seek(offset + end)
    rest = file.read(CHUNK_BYTES - end)
    newer = used = 0
    for position, size, header_id in record_chain(rest, 0, len(rest)):
        if header_id != last + newer + 1:
            break
        newer, used = newer + 1, position + size
    return Chunk(offset, first, last + newer, end + used, newer)


def record_chain(body: bytes, offset: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Walk from record to record until there is none.

    Args:
        body: A chunk, or the rest of one.
        offset: Where the first record begins.
        end: Where no more record begins.

    Yields:
        Offset, size in bytes, and header ID of each record.
    """
    while offset + RECORD_HEADER_BYTES <= end:
        magic, size, header_id = struct.unpack_from("<4sIQ", body, offset)
        if magic != RECORD_MAGIC or not SMALLEST_RECORD <= size <= len(body) - offset:
            return
        yield offset, size, header_id
        offset += size


def _why(slot: bytes, whole: bool, left: int) -> str:
    if not whole:
        what = "a chunk" if slot[:8] == CHUNK_MAGIC else "data"
        return f"the file ends inside {what}: {left:,} of {CHUNK_BYTES:,} bytes are there, not read"
    return "a chunk is missing: its place holds " + ("other bytes" if any(slot) else "zeros")


def _joined(unreadable: list[Unreadable]) -> tuple[Unreadable, ...]:
    """One entry for neighbours that fail alike: a megabyte of zeros is one problem, not sixteen."""
    joined: list[Unreadable] = []
    last_offset, last_reason, count = -1, "", 0
    for entry in unreadable:
        if entry.reason == last_reason and entry.offset == last_offset + CHUNK_BYTES:
            count += 1
            joined[-1] = Unreadable(joined[-1].offset, f"{entry.reason} ({count} in a row)")
        else:
            joined.append(entry)
            count = 1
        last_offset, last_reason = entry.offset, entry.reason
    return tuple(joined)


def _notes(flags: int, declared: int, chunks: Sequence[Chunk]) -> tuple[str, ...]:
    notes = []
    newer = sum(chunk.newer for chunk in chunks)
    if flags & _DIRTY:
        notes.append("copied while in use (dirty flag)")
    if declared != min(len(chunks), 0xFFFF):
        notes.append(f"header says {declared} chunks, {len(chunks)} found")
    if newer:
        notes.append(f"{plural(newer, 'record')} written after the header of their chunk")
    return tuple(notes)
