"""Records found by their own header, wherever they lie: inside another's bytes, in the slack of a chunk, anywhere."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    RECORD_HEADER_BYTES,
    RECORD_MAGIC,
    SMALLEST_RECORD,
    record_chain,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct("<4sIQQ")
_EARLIEST, _LATEST = 119_600_064_000_000_000, 157_766_880_000_000_000
"""1980 and 2100 as FILETIME: what is stamped otherwise is taken for no record."""
_FRAGMENT = b"\x0f\x01"


class FoundRecord(NamedTuple):
    """A record by its header."""

    offset: int
    """Bytes from the beginning of what was searched."""
    size: int
    header_id: int
    written: int
    """FILETIME."""


def record_at(block: bytes, offset: int, outer_size: int = 0) -> FoundRecord | None:
    """What looks like a whole record: of a lawful size that stands at its end again, of our time, with BinXML in it.

    Args:
        block: Bytes.
        offset: Where it may begin.
        outer_size: Size of the record that claims its bytes: that may stand at its end instead.
    """
    if offset + SMALLEST_RECORD > len(block):
        return None
    magic, size, header_id, written = _HEADER.unpack_from(block, offset)
    end = offset + size
    if magic != RECORD_MAGIC or not SMALLEST_RECORD <= size < CHUNK_BYTES or end > len(block):
        return None
    if struct.unpack_from("<I", block, end - 4)[0] not in (size, outer_size or size):
        return None
    if not _EARLIEST <= written <= _LATEST:
        return None
    if block[offset + RECORD_HEADER_BYTES : offset + RECORD_HEADER_BYTES + 2] != _FRAGMENT:
        return None
    return FoundRecord(offset, size, header_id, written)


def records_between(block: bytes, start: int, end: int, outer_size: int = 0) -> Iterator[FoundRecord]:
    """All that look like records and begin in a stretch, in order; one that lies in another's bytes too.

    Args:
        block: Bytes.
        start: Where the stretch begins.
        end: Where it ends.
        outer_size: As in ``record_at``.
    """
    position = block.find(RECORD_MAGIC, start, end)
    while position >= 0:
        found = record_at(block, position, outer_size)
        if found is not None:
            yield found
        position = block.find(RECORD_MAGIC, position + 1, end)


def hidden_records(body: bytes, end: int) -> list[tuple[FoundRecord, int]]:
    """Records inside the bytes of others, as eventlogedit leaves them, with the ID of the one around each.

    Args:
        body: A chunk.
        end: Where its last record ends.
    """
    chain = list(record_chain(body, CHUNK_HEADER_BYTES, end))
    if body.count(RECORD_MAGIC, CHUNK_HEADER_BYTES, end) <= len(chain):
        return []
    return [
        (inner, header_id)
        for offset, size, header_id in chain
        for inner in records_between(body, offset + RECORD_HEADER_BYTES, offset + size - SMALLEST_RECORD, size)
        if inner.offset + inner.size <= offset + size
    ]
