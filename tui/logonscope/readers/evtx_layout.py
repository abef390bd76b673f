"""The skeleton of an .evtx file: what its headers say, and where its chunks lie.

A file is a 4096-byte header and chunks of 65536 bytes. The header's chunk count is stale in a log that was copied while
in use, so every chunk's own header is read, whatever the file header says.
Source: MS-EVEN6 2.2 and libyal's description of the format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.model import TamperSign

FILE_HEADER_BYTES = 4096
CHUNK_BYTES = 65536
CHUNK_HEADER_BYTES = 512
FILE_MAGIC = b"ElfFile\0"
CHUNK_MAGIC = b"ElfChnk\0"
RECORD_MAGIC = b"**\0\0"
RECORD_HEADER_BYTES = 24
SMALLEST_RECORD = 28
DEFINITION_HEADER_BYTES = 24
"""Of a template."""
FRAGMENT_HEADER = b"\x0f\x01\x01\0"
"""What binary XML begins with."""
BINXML = 0x21
"""Type of a value that is binary XML itself."""
NAME_TABLE_AT, NAME_TABLE_BYTES = 128, 64 * 4
"""In the header of a chunk: the places of the first names of 64 chains."""
NAME_HEADER = struct.Struct("<IHH")
"""Place of the next name of its chain, hash, characters."""
DIRTY = 1
HEADER_SIZE = 128
"""What a file header and a chunk header say of their own size."""

_FILE_HEADER = struct.Struct("<8sQQQIHHHH")
_CHUNK_HEADER = struct.Struct("<8sQQQQIII")
_TABLES = struct.Struct("<96I")
_NO_RECORD = 0xFFFFFFFFFFFFFFFF


class Chunk(NamedTuple):
    """One readable chunk; a tuple, since very many go from process to process."""

    offset: int
    """Bytes from the beginning of the file."""
    first_header_id: int
    last_header_id: int
    end: int
    """Bytes from the beginning of the chunk to the end of its last record."""
    newer: int = 0
    """How many of its last records its header does not know of."""
    size: int = CHUNK_BYTES
    """Bytes of it that are there: fewer where the file, or what follows, cuts it short."""

    @property
    def expected(self) -> int:
        """How many records it should hold."""
        return self.last_header_id - self.first_header_id + 1

    def image(self, body: bytes) -> bytes:
        """The chunk as it should have been written.

        Args:
            body: Its bytes as the file has them, ``size`` of them.

        Returns:
            64 KiB with a header that promises the records that are there, and points to nothing that is not.
        """
        if not self.newer and self.size == CHUNK_BYTES:
            return body
        image = bytearray(body.ljust(CHUNK_BYTES, b"\0"))
        promise(image, self.last_header_id, self.end)
        tables = _TABLES.unpack_from(image, NAME_TABLE_AT)
        _TABLES.pack_into(image, NAME_TABLE_AT, *(place if place < self.size else 0 for place in tables))
        return bytes(image)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of the file that is no readable chunk."""

    offset: int
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class EvtxLayout:
    """What lies where in a file."""

    chunks: tuple[Chunk, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """What holds other bytes than zeros, and no chunk."""
    signs: tuple[TamperSign, ...] = ()
    notes: tuple[str, ...] = ()
    """What the headers said that the contents do not bear out."""
    faulty: frozenset[int] = frozenset()
    """Offsets of the chunks of which not all could be read."""
    headers: tuple[FileHeader, ...] = ()
    """Of each log in the file; fewer where a header is missing."""
    checksums_good: int = 0
    checksums_bad: int = 0


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What the header of a log says."""

    offset: int
    first_chunk: int
    last_chunk: int
    next_header_id: int
    size: int
    """Bytes before the first chunk."""
    chunks: int
    flags: int
    checksum: int

    @property
    def is_dirty(self) -> bool:
        """Whether the log was in use when it was copied, or its service was not stopped."""
        return bool(self.flags & DIRTY)


def file_header(offset: int, block: bytes) -> FileHeader | None:
    """Read the header of a log.

    Args:
        offset: Where it lies in the file.
        block: The bytes there.

    Returns:
        None where no such header is.
    """
    if block[:8] != FILE_MAGIC:
        return None
    block = block[:HEADER_SIZE].ljust(HEADER_SIZE, b"\0")
    _, first, last, following, size, _, _, before, chunks = _FILE_HEADER.unpack_from(block)
    if size != HEADER_SIZE or not HEADER_SIZE <= before <= CHUNK_BYTES:
        before = FILE_HEADER_BYTES
    flags, checksum = struct.unpack_from("<II", block, 120)
    return FileHeader(offset, first, last, following, before, chunks, flags, checksum)


def clean_header(chunks: int) -> bytes:
    """A file header that fits a run of so many chunks."""
    header = _FILE_HEADER.pack(
        FILE_MAGIC, 0, max(chunks - 1, 0), 1, HEADER_SIZE, 1, 3, FILE_HEADER_BYTES, min(chunks, 0xFFFF)
    )
    return header.ljust(FILE_HEADER_BYTES, b"\0")


def promise(image: bytearray, last_header_id: int, end: int, *, start: int = 0) -> None:
    """Let the header of a chunk promise its records.

    Args:
        image: Bytes that hold the chunk; changed in place.
        last_header_id: ID of its last record; -1 where it has none and would begin with 0.
        end: Bytes from the beginning of the chunk to the end of that record.
        start: Where the chunk begins in the bytes.
    """
    struct.pack_into("<Q", image, start + 16, last_header_id & _NO_RECORD)
    struct.pack_into("<Q", image, start + 32, last_header_id & _NO_RECORD)
    struct.pack_into("<I", image, start + 48, end)


def begins_chunk(block: bytes, position: int) -> bool:
    """Whether a chunk begins there: its magic alone may also stand in the text of an event."""
    if len(block) < position + CHUNK_HEADER_BYTES or block[position : position + 8] != CHUNK_MAGIC:
        return False
    *_, size, last, end = _CHUNK_HEADER.unpack_from(block, position)
    return bool(size == HEADER_SIZE and last < CHUNK_BYTES and CHUNK_HEADER_BYTES <= end <= CHUNK_BYTES)


def chunk_of(offset: int, body: bytes) -> Chunk:
    """The chunk of a header, with the records that were written after the header was.

    Where those go on from the last record that it knows, they belong to a log that was copied while in use. Of a chunk
    that was cut short only the whole records count.

    Args:
        offset: Where it lies in the file.
        body: Its bytes, a whole header at least.
    """
    *_, first, last, _, _, end = _CHUNK_HEADER.unpack_from(body)
    end = min(end, CHUNK_BYTES)
    if last == _NO_RECORD:
        first = next((header_id for _, _, header_id in record_chain(body, end, len(body))), 1)
        last = first - 1
    if end > len(body):
        return _cut_chunk(offset, body, first, end)
    newer = used = 0
    for position, size, header_id in record_chain(body, end, len(body)):
        if header_id != last + newer + 1:
            break
        newer, used = newer + 1, position + size - end
    return Chunk(offset, first, last + newer, end + used, newer, len(body))


def _cut_chunk(offset: int, body: bytes, first: int, end: int) -> Chunk:
    last, used = first - 1, CHUNK_HEADER_BYTES
    for position, size, header_id in record_chain(body, CHUNK_HEADER_BYTES, min(end, len(body))):
        last, used = header_id, position + size
    return Chunk(offset, first, last, used, 0, len(body))


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
