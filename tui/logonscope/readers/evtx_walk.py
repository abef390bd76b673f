"""Reads an .evtx file once, from its beginning to its end: file headers, chunks and what is neither.

A file may hold several logs one after another, chunks without a file header, and chunks that do not lie where they
should because bytes were cut out or put in: wherever no chunk is, the next file header or chunk is looked for.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    CHUNK_MAGIC,
    FILE_MAGIC,
    FileHeader,
    begins_chunk,
    file_header,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_ZEROS = bytes(CHUNK_BYTES)


@dataclass(frozen=True, slots=True)
class HeaderPiece:
    """The header of a log."""

    header: FileHeader
    block: bytes

    @property
    def end(self) -> int:
        """Where what follows it begins."""
        return self.header.offset + len(self.block)


@dataclass(frozen=True, slots=True)
class ChunkPiece:
    """What begins as a chunk does, 64 KiB or less."""

    offset: int
    body: bytes
    is_sound: bool
    """Whether the checksum of its records holds."""

    @property
    def end(self) -> int:
        """Where what follows it begins."""
        return self.offset + len(self.body)


@dataclass(frozen=True, slots=True)
class OtherPiece:
    """What is neither, 64 KiB or less."""

    offset: int
    size: int
    is_zeros: bool

    @property
    def end(self) -> int:
        """Where what follows it begins."""
        return self.offset + self.size


class _Ahead:
    """A file that is read forward, with a look ahead."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file = file
        self._waiting = b""
        self.offset = offset
        file.seek(offset)

    def peek(self, size: int) -> bytes:
        """The next bytes, as many as asked for or what is left of the file."""
        while len(self._waiting) < size:
            more = self._file.read(size - len(self._waiting))
            if not more:
                break
            self._waiting += more
        return self._waiting

    def take(self, size: int) -> bytes:
        """Go on by so many bytes."""
        taken = self.peek(size)[:size]
        self._waiting = self._waiting[size:]
        self.offset += len(taken)
        return taken


def walk(file: BinaryIO, start: int = 0, stop: int | None = None) -> Iterator[HeaderPiece | ChunkPiece | OtherPiece]:
    """Read a file from its beginning to its end.

    What is found from one place on is the same whatever lies before it.

    Args:
        file: The file, opened for reading; its position is moved.
        start: Where to begin instead.
        stop: Nothing that begins there or later is read.

    Yields:
        All of it, piece by piece.

    Raises:
        OSError: It cannot be read.
    """
    ahead = _Ahead(file, start)
    while (stop is None or ahead.offset < stop) and (block := ahead.peek(CHUNK_BYTES)):
        offset = ahead.offset
        header = file_header(offset, block)
        if header is not None:
            yield HeaderPiece(header, ahead.take(header.size))
        elif block[:8] == CHUNK_MAGIC and len(block) >= CHUNK_HEADER_BYTES:
            yield _chunk_piece(ahead)
        elif block[:CHUNK_BYTES] == _ZEROS:
            yield OtherPiece(offset, len(ahead.take(CHUNK_BYTES)), True)
        else:
            taken = ahead.take(_until_next(ahead))
            yield OtherPiece(offset, len(taken), not taken.strip(b"\0"))


def _chunk_piece(ahead: _Ahead) -> ChunkPiece | OtherPiece:
    """A chunk as far as it reaches; where its records are sound, only its slack can be cut short."""
    offset, block = ahead.offset, ahead.peek(CHUNK_BYTES)
    is_sound = records_hold(block)
    body = ahead.take(_until_next(ahead, _records_end(block) if is_sound else 1))
    if len(body) < CHUNK_HEADER_BYTES:
        return OtherPiece(offset, len(body), False)
    return ChunkPiece(offset, body, is_sound)


def records_hold(block: bytes) -> bool:
    """Whether the checksum of a chunk's records holds."""
    (checksum,) = struct.unpack_from("<I", block, 52)
    return bool(zlib.crc32(memoryview(block)[CHUNK_HEADER_BYTES : _records_end(block)]) == checksum)


def _records_end(block: bytes) -> int:
    (end,) = struct.unpack_from("<I", block, 48)
    return int(min(max(end, CHUNK_HEADER_BYTES), CHUNK_BYTES))


def _until_next(ahead: _Ahead, start: int = 1) -> int:
    """Bytes to the next beginning of a log or chunk, 64 KiB at the most."""
    block = ahead.peek(CHUNK_BYTES + 2)
    found = block.find(b"Elf", start, CHUNK_BYTES + 2)
    while found >= 0:
        block = ahead.peek(found + CHUNK_HEADER_BYTES)
        is_log = block[found : found + 8] == FILE_MAGIC and file_header(0, block[found : found + CHUNK_HEADER_BYTES])
        if is_log or begins_chunk(block, found):
            return found
        found = block.find(b"Elf", found + 1, CHUNK_BYTES + 2)
    return CHUNK_BYTES
