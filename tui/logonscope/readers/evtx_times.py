"""Whether all records of a chunk lie outside of a stretch of time, seen without parsing them.

The time in a record's header proves nothing: in exported logs it is often that of a neighbour. The time that counts is
among the values of the record's template, where those of the type FILETIME are found by their descriptors.
Source: libyal's description of Windows XML Event Log, "template instance" and "template instance values".
"""

from __future__ import annotations

import struct

from logonscope.readers.evtx_layout import (
    CHUNK_HEADER_BYTES,
    DEFINITION_HEADER_BYTES,
    RECORD_HEADER_BYTES,
    record_chain,
)

_INSTANCE = b"\x0f\x01\x01\x00\x0c"
_DEFINITION_AT = RECORD_HEADER_BYTES + len(_INSTANCE) + 5
_VALUES_AT = _DEFINITION_AT + 4
_FILETIME_TYPE = b"\x11"
_UINT32, _FILETIME = struct.Struct("<I").unpack_from, struct.Struct("<Q").unpack_from
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
            times = _times(body, offset, size)
            if not times or not (max(times) < since or min(times) >= until):
                return 0
            count, following = count + 1, offset + size
    except (struct.error, IndexError):
        return 0
    return count if following == end else 0


def _times(body: bytes, offset: int, size: int) -> list[int]:
    """All times among the values of a record; none where it has another form."""
    if body[offset + RECORD_HEADER_BYTES : offset + RECORD_HEADER_BYTES + len(_INSTANCE)] != _INSTANCE:
        return []
    values = offset + _VALUES_AT
    (definition,) = _UINT32(body, offset + _DEFINITION_AT)
    if definition == values:  # the template itself stands here, where it is used first
        values += DEFINITION_HEADER_BYTES + _UINT32(body, values + DEFINITION_HEADER_BYTES - 4)[0]
    (count,) = _UINT32(body, values)
    begin = values + 4 + 4 * count
    if count > _MOST_VALUES or begin > offset + size:
        return []
    descriptors = body[values + 4 : begin]
    kinds = descriptors[2::4]
    times = []
    index = kinds.find(_FILETIME_TYPE)
    while index >= 0:
        place = begin + sum(descriptors[: 4 * index : 4]) + 256 * sum(descriptors[1 : 4 * index : 4])
        if place + 8 > offset + size:
            return []
        times.append(_FILETIME(body, place)[0])
        index = kinds.find(_FILETIME_TYPE, index + 1)
    return times
