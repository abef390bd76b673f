"""What has come to an .evtx file since it was read: its changed chunks, as a small log of their own.

A log in use is written in place: records are added to its last chunk, whose header and the file's are written
later; new chunks come behind; and a full log begins again at its first chunk.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    CHUNK_MAGIC,
    FILE_HEADER_BYTES,
    record_chain,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from logonscope.readers.evtx_layout import Chunk, EvtxLayout

_LARGEST = 1 << 63
_MOST_CHUNKS = 64
"""In one go, so that memory is bounded however much has come."""


@dataclass(slots=True)
class Growth:
    """Chunks that have changed."""

    offsets: list[int] = field(default_factory=list)
    """Where they lie in the file."""
    bodies: list[bytes] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    """First and last header ID of each."""
    known: set[int] = field(default_factory=set)
    """Header IDs of records in them that have been read before."""

    @property
    def is_full(self) -> bool:
        """Whether there may be more."""
        return len(self.bodies) == _MOST_CHUNKS

    def log(self) -> bytes:
        """A log of these chunks alone."""
        header = bytearray(FILE_HEADER_BYTES)
        count = len(self.bodies)
        struct.pack_into("<8s3QI4H", header, 0, b"ElfFile\0", 0, max(0, count - 1), 0, 128, 1, 3, 4096, count)
        struct.pack_into("<I", header, 124, zlib.crc32(header[:120]))
        return bytes(header) + b"".join(self.bodies)

    def place(self, offset: int) -> int:
        """Where in the file something lies that is here in ``log``."""
        index, inside = divmod(offset - FILE_HEADER_BYTES, CHUNK_BYTES)
        return self.offsets[index] + inside if 0 <= index < len(self.offsets) else offset

    def added_to(self, layout: EvtxLayout, part: EvtxLayout) -> EvtxLayout:
        """The file's layout as it is now.

        Args:
            layout: As it was.
            part: That of ``log``.
        """
        chunks = {chunk.offset: chunk for chunk in layout.chunks}
        for chunk in part.chunks:
            place = self.place(chunk.offset)
            chunks[place] = chunk._replace(offset=place)
        return replace(layout, chunks=tuple(chunks[offset] for offset in sorted(chunks)))


class Growing:
    """Watches one file.

    Args:
        chunks: Its chunks as they were read.
    """

    def __init__(self, chunks: Iterable[Chunk]) -> None:
        self._known = {chunk.offset: (chunk.first_header_id, chunk.last_header_id) for chunk in chunks}

    def growth(self, file: BinaryIO, size: int, *, has_changed: bool) -> Growth:
        """Find chunks that have changed: from the newest one on, as they are written.

        Args:
            file: The file, opened for reading.
            size: Its size in bytes.
            has_changed: Whether the file system says so; then all chunks are looked at where the newest have not.

        Raises:
            OSError: It cannot be read.
        """
        newest = max(self._known, key=lambda offset: self._known[offset][1], default=FILE_HEADER_BYTES)
        offsets = range(FILE_HEADER_BYTES, size, CHUNK_BYTES)
        in_turn = chain(range(newest, size, CHUNK_BYTES), range(FILE_HEADER_BYTES, newest, CHUNK_BYTES))
        found = Growth()
        for offset in in_turn:
            if not self._add_changed(found, file, offset, is_newest=offset == newest) and offset != newest:
                break
            if found.is_full:
                return found
        if has_changed and not found.bodies:
            for offset in offsets:
                self._add_changed(found, file, offset, is_newest=False)
                if found.is_full:
                    break
        return found

    def _add_changed(self, found: Growth, file: BinaryIO, offset: int, *, is_newest: bool) -> bool:
        """Add a chunk if it has changed; records may have come to the newest though its header knows of none."""
        file.seek(offset)
        header = file.read(CHUNK_HEADER_BYTES)
        if len(header) < CHUNK_HEADER_BYTES or header[:8] != CHUNK_MAGIC:
            return False
        first, last = struct.unpack_from("<QQ", header, 24)
        before = self._known.get(offset, (first, first - 1))
        is_the_same = before[0] == first
        if not 0 < first <= last + 1 < _LARGEST or (is_the_same and last <= before[1] and not is_newest):
            return False
        body = header + file.read(CHUNK_BYTES - CHUNK_HEADER_BYTES)
        last = max([last, *(header_id for _, _, header_id in record_chain(body, CHUNK_HEADER_BYTES, len(body)))])
        if is_the_same and last <= before[1]:
            return False
        if is_the_same:
            found.known.update(range(first, before[1] + 1))
        found.ranges.append((first, last))
        found.offsets.append(offset)
        found.bodies.append(body)
        return True

    def took(self, growth: Growth, header_ids: Collection[int]) -> None:
        """Note what could be read of changed chunks: a record that is still being written is looked for again."""
        for offset, (first, last) in zip(growth.offsets, growth.ranges, strict=True):
            read = max((header_id for header_id in header_ids if first <= header_id <= last), default=first - 1)
            before = self._known.get(offset, (first, first - 1))
            self._known[offset] = first, max(read, before[1]) if before[0] == first else read
