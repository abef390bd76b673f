"""Records found by their own header, wherever they lie: inside another's bytes, in the slack of a chunk, anywhere."""

from __future__ import annotations

import re
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
_EARLIEST = 119_600_064_000_000_000
"""1980 as FILETIME: what is stamped before is taken for no record, nor is what is stamped after 2057."""
BEGINNING = re.compile(rb"\*\*\0\0..\0\0.{15}\x01\x0f\x01\x01\0", re.DOTALL)
"""Magic, a size that fits a chunk, ID, time, head of BinXML: quicker to look for than the magic alone."""
_BEGINNING_BYTES = 28


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
    if struct.unpack_from("<I", block, end - 4)[0] not in (size, outer_size or size) or written < _EARLIEST:
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
    for match in BEGINNING.finditer(block, start, min(end + _BEGINNING_BYTES, len(block))):
        found = record_at(block, match.start(), outer_size) if match.start() < end else None
        if found is not None:
            yield found


def hidden_records(body: bytes, end: int, records: int = 0) -> list[tuple[FoundRecord, int]]:
    """Records inside the bytes of others, as eventlogedit leaves them, with the ID of the one around each.

    Args:
        body: A chunk.
        end: Where its last record ends.
        records: How many it has, as far as that is known.
    """
    beginnings = len(BEGINNING.findall(body, CHUNK_HEADER_BYTES, end))
    if beginnings <= records:
        return []
    chain = list(record_chain(body, CHUNK_HEADER_BYTES, end))
    if beginnings <= len(chain):
        return []
    return [
        (inner, header_id)
        for offset, size, header_id in chain
        for inner in records_between(body, offset + RECORD_HEADER_BYTES, offset + size - SMALLEST_RECORD, size)
        if inner.offset + inner.size <= offset + size
    ]
