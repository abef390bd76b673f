"""What is to be known of a chunk for the file as a whole, without its bytes."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

from logonscope.readers.evtx_layout import CHUNK_HEADER_BYTES

if TYPE_CHECKING:
    from logonscope.readers.evtx_layout import Chunk
    from logonscope.readers.evtx_walk import ChunkPiece


class ChunkFacts(NamedTuple):
    """A chunk, and whether it is as its header says."""

    chunk: Chunk
    end: int
    """Bytes from the beginning of the file to what follows."""
    promised: int
    """How many records its header promises."""
    header_holds: bool
    """Whether the checksum of its header holds; that of a header from before its last records holds too."""
    is_sound: bool
    """Whether the checksum of its records holds."""
    left_out: int
    """How many records it has that lie outside of the time that is asked for, and are not parsed."""


def chunk_facts(piece: ChunkPiece, chunk: Chunk, left_out: int = 0) -> ChunkFacts:
    """Look at the header of a chunk."""
    body = piece.body
    first, last = struct.unpack_from("<QQ", body, 24)
    checksum = zlib.crc32(body[128:CHUNK_HEADER_BYTES], zlib.crc32(body[:120]))
    holds = checksum == struct.unpack_from("<I", body, 124)[0]
    return ChunkFacts(chunk, piece.end, last - first + 1, holds, piece.is_sound, left_out)
