"""Whether all records of a chunk lie outside of a stretch of time, seen without parsing them.

The time in a record's header proves nothing: in exported logs it is often that of a neighbour. The time that counts is
among the values of the record's template, where those of the type FILETIME are found by their descriptors.
Source: libyal's description of Windows XML Event Log, "template instance" and "template instance values".
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from logonscope.readers.evtx_layout import CHUNK_HEADER_BYTES, RECORD_HEADER_BYTES, record_chain

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTANCE = b"\x0f\x01\x01\x00\x0c"
_DEFINITION_AT = RECORD_HEADER_BYTES + len(_INSTANCE) + 5
_VALUES_AT = _DEFINITION_AT + 4
_DEFINITION_HEADER_BYTES = 24
_FILETIME_TYPE = 0x11
_MOST_VALUES = 1024


def records_outside(body: bytes, end: int, since: int, until: int) -> int:
    """Count the records of a chunk, if every one of them is stamped outside.

    Args:
        body: The chunk.
        end: Bytes from its beginning to the end of its last record.
        since: The first moment inside, in 100 ns since 1601.
        until: The first moment after it.

    Returns:
        How many there are; 0 where one lies inside, or where that cannot be told.
    """
    count, following = 0, CHUNK_HEADER_BYTES
    try:
        for offset, size, _ in record_chain(body, CHUNK_HEADER_BYTES, end):
            times = list(_times(body, offset, size))
            if not times or any(since <= time < until for time in times):
                return 0
            if min(times) < since and max(times) >= until:
                return 0
            count, following = count + 1, offset + size
    except (struct.error, IndexError):
        return 0
    return count if following == end else 0


def _times(body: bytes, offset: int, size: int) -> Iterator[int]:
    """All times among the values of a record; none where it has another form."""
    if body[offset + RECORD_HEADER_BYTES : offset + RECORD_HEADER_BYTES + len(_INSTANCE)] != _INSTANCE:
        return
    values = offset + _VALUES_AT
    (definition,) = struct.unpack_from("<I", body, offset + _DEFINITION_AT)
    if definition == values:  # the template itself stands here, where it is used first
        (body_bytes,) = struct.unpack_from("<I", body, values + _DEFINITION_HEADER_BYTES - 4)
        values += _DEFINITION_HEADER_BYTES + body_bytes
    (count,) = struct.unpack_from("<I", body, values)
    if count > _MOST_VALUES:
        return
    descriptors = struct.unpack_from(f"<{2 * count}H", body, values + 4)
    place = values + 4 + 4 * count
    for length, kind in zip(descriptors[::2], descriptors[1::2], strict=True):
        if kind == _FILETIME_TYPE and length == 8 and place + 8 <= offset + size:
            yield struct.unpack_from("<Q", body, place)[0]
        place += length
