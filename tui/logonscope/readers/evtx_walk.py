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
_READ_BYTES = 1 << 20


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
    """A file that is read forward, with a look ahead.

    Args:
        file: The file.
        offset: Where to begin.
        stop: Where nothing more begins: up to there much is read at once. Without it no more is read than needed,
            since the file may be in use.
    """

    def __init__(self, file: BinaryIO, offset: int, stop: int | None) -> None:
        self._file = file
        self._stop = stop
        self._block = b""
        self._at = 0
        self.offset = offset
        file.seek(offset)

    def peek(self, size: int) -> bytes:
        """The next bytes, as many as asked for or what is left of the file."""
        self._read(size)
        return self._block[self._at : self._at + size]

    def find(self, wanted: bytes, start: int, stop: int) -> int:
        """Where something stands next, counted from here; -1 for nowhere."""
        self._read(stop)
        found = self._block.find(wanted, self._at + start, self._at + stop)
        return found - self._at if found >= 0 else -1

    def pass_by(self, size: int) -> None:
        """Go on by so many bytes that were seen."""
        self._at += size
        self.offset += size

    def take(self, size: int) -> bytes:
        """The next bytes, and go on by them."""
        taken = self.peek(size)
        self.pass_by(len(taken))
        return taken

    def _read(self, size: int) -> None:
        """Have so many bytes at hand, where the file has them."""
        while (there := len(self._block) - self._at) < size:
            until_stop = 0 if self._stop is None else self._stop - self.offset - there
            more = self._file.read(max(size - there, min(_READ_BYTES, until_stop)))
            if not more:
                return
            self._block, self._at = self._block[self._at :] + more, 0


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
    ahead = _Ahead(file, start, stop)
    while (stop is None or ahead.offset < stop) and (block := ahead.peek(CHUNK_BYTES)):
        offset = ahead.offset
        header = file_header(offset, block)
        if header is not None:
            yield HeaderPiece(header, ahead.take(header.size))
        elif block[:8] == CHUNK_MAGIC and len(block) >= CHUNK_HEADER_BYTES:
            yield _chunk_piece(ahead, block)
        elif block == _ZEROS:
            yield OtherPiece(offset, len(ahead.take(CHUNK_BYTES)), True)
        else:
            taken = ahead.take(_until_next(ahead))
            yield OtherPiece(offset, len(taken), not taken.strip(b"\0"))


def _chunk_piece(ahead: _Ahead, block: bytes) -> ChunkPiece | OtherPiece:
    """A chunk as far as it reaches; where its records are sound, only its slack can be cut short."""
    offset, is_sound = ahead.offset, records_hold(block)
    body = block[: _until_next(ahead, _records_end(block) if is_sound else 1)]
    ahead.pass_by(len(body))
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
    limit = CHUNK_BYTES + 2
    found = ahead.find(b"Elf", start, limit)
    while found >= 0:
        block = ahead.peek(found + CHUNK_HEADER_BYTES)
        is_log = block[found : found + 8] == FILE_MAGIC and file_header(0, block[found:])
        if is_log or begins_chunk(block, found):
            return found
        found = ahead.find(b"Elf", found + 1, limit)
    return CHUNK_BYTES
