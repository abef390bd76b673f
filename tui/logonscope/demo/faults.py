"""What can be wrong with an event log: functions from a sound log to one with exactly that fault.

Those that take and return bytes damage the file. Those that take and return records write a sound file
whose contents are odd, but lawful.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from struct import Struct
from typing import TYPE_CHECKING
from zlib import crc32

from logonscope.demo.evtx_writer import (
    CHUNK_HEADER_SIZE,
    CHUNK_SIZE,
    FILE_HEADER_SIZE,
    RECORD_HEADER,
    RECORD_MAGIC,
    file_header,
    seal_chunk,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from logonscope.demo.records import Record

_U32 = Struct("<I")
_U64 = Struct("<Q")
_DIRTY = 1
_LAST_ID_AT = 32
_FIRST_IDS_AT = (8, 16, 24, 32)
"""Where a chunk's header has the numbers of its first and last record, first and last in turn."""
_FREE_SPACE_AT = 48
_CHECKSUM_AT = 52
_INVALID_TOKEN = 0x1F
_FRAGMENT_HEADER_SIZE = 4


def dirty_header(log: bytes, unsaved_chunks: int = 1) -> bytes:
    """A log that was copied while in use: marked dirty, with a header from before the last chunks were written."""
    saved = _chunk_count(log) - unsaved_chunks
    last_id = Struct("<Q").unpack_from(log, _chunk_start(saved - 1) + _LAST_ID_AT)[0]
    return file_header(saved, last_id + 1, flags=_DIRTY) + log[FILE_HEADER_SIZE:]


def wrong_header_checksum(log: bytes) -> bytes:
    """A file header whose checksum does not hold."""
    return _with_flipped_byte(log, 124)


def truncated(log: bytes, size: int) -> bytes:
    """The first bytes of a log only."""
    return log[:size]


def without_chunk_magic(log: bytes, chunk: int) -> bytes:
    """A log with zeros where a chunk (counted from 0) should say that it is one."""
    start = _chunk_start(chunk)
    return log[:start] + bytes(8) + log[start + 8 :]


def wrong_chunk_checksum(log: bytes, chunk: int) -> bytes:
    """A log in which the checksum over one chunk's records does not hold, while its header's does."""
    image = bytearray(_with_flipped_byte(log, _chunk_start(chunk) + _CHECKSUM_AT))
    seal_chunk(image, _chunk_start(chunk))
    return bytes(image)


def broken_record(log: bytes, header_id: int) -> bytes:
    """A log with an impossible BinXML token in one record. All checksums hold.

    Raises:
        KeyError: If there is no such record.
    """
    image = bytearray(log)
    start = _record_start(log, header_id)
    image[start + RECORD_HEADER.size + _FRAGMENT_HEADER_SIZE] = _INVALID_TOKEN
    return _resealed(image, start)


def zero_record_size(log: bytes, header_id: int) -> bytes:
    """A log in which one record says that it is 0 bytes long, so that the next cannot be found from it.

    Raises:
        KeyError: If there is no such record.
    """
    image = bytearray(log)
    start = _record_start(log, header_id)
    _U32.pack_into(image, start + len(RECORD_MAGIC), 0)
    return _resealed(image, start)


def hidden_record(log: bytes, header_id: int) -> bytes:
    """A log in which the record before one claims its bytes, so that readers step over it.

    Raises:
        KeyError: If there is no such record, or it is the first of its chunk.
    """
    starts = dict(_records(log))
    start = starts[header_id]
    before = max(other for other in starts.values() if other < start)
    if _chunk_of(before) != _chunk_of(start):
        raise KeyError(header_id)
    image = bytearray(log)
    size = _record_size(log, before) + _record_size(log, start)
    _U32.pack_into(image, before + len(RECORD_MAGIC), size)
    _U32.pack_into(image, before + size - _U32.size, size)
    return _resealed(image, start)


def edited_out(log: bytes, header_id: int) -> bytes:
    """A log in which eventlogedit hid a record: its number is given to the next, and all checksums hold.

    Raises:
        KeyError: If there is no such record, or it is the first of its chunk.
    """
    image = bytearray(hidden_record(log, header_id))
    chunk = _chunk_of(_record_start(log, header_id))
    for other, start in _records(log):
        if other > header_id:
            _U64.pack_into(image, start + len(RECORD_MAGIC) + _U32.size, other - 1)
    for number in range(chunk, _chunk_count(log)):
        start = _chunk_start(number)
        for position in _FIRST_IDS_AT[number == chunk :: 2] if number == chunk else _FIRST_IDS_AT:
            _U64.pack_into(image, start + position, _U64.unpack_from(image, start + position)[0] - 1)
        image = bytearray(_resealed(image, start))
    next_id = _U64.unpack_from(log, 24)[0] - 1
    return file_header(_chunk_count(log), next_id) + bytes(image[FILE_HEADER_SIZE:])


def joined(*logs: bytes) -> bytes:
    """Several logs in one file, one after another."""
    return b"".join(logs)


def with_bytes(log: bytes, position: int, extra: bytes) -> bytes:
    """A log with bytes put in, so that what follows does not lie where it should."""
    return log[:position] + extra + log[position:]


def preallocated(log: bytes, zero_chunks: int) -> bytes:
    """A log followed by space that Windows has reserved but not used."""
    return log + bytes(zero_chunks * CHUNK_SIZE)


def wrapped(log: bytes, newest: int) -> bytes:
    """A circular log that has gone round: its newest chunks stand first in the file."""
    count = _chunk_count(log)
    turn = _chunk_start(count - newest)
    next_id = Struct("<Q").unpack_from(log, 24)[0]
    return file_header(count, next_id, first_chunk=newest % count) + log[turn:] + log[FILE_HEADER_SIZE:turn]


def with_gap(records: Iterable[Record], missing: Collection[int]) -> list[Record]:
    """A log from which some record IDs are missing."""
    return [record for record in records if record.record_id not in missing]


def clock_set_back(records: Iterable[Record], from_id: int, seconds: int) -> list[Record]:
    """A log whose times from one record ID on are earlier than they were, with no record that says why."""
    earlier = seconds * 10_000_000
    return [replace(record, time=record.time - earlier * (record.record_id >= from_id)) for record in records]


def forwarded(*logs: Iterable[Record]) -> list[Record]:
    """The records of several computers in one log, by time. Write it with ``first_header_id``."""
    return sorted((record for log in logs for record in log), key=attrgetter("time"))


def _chunk_start(chunk: int) -> int:
    return FILE_HEADER_SIZE + chunk * CHUNK_SIZE


def _chunk_count(log: bytes) -> int:
    return (len(log) - FILE_HEADER_SIZE) // CHUNK_SIZE


def _chunk_of(position: int) -> int:
    return (position - FILE_HEADER_SIZE) // CHUNK_SIZE


def _record_size(log: bytes, start: int) -> int:
    size: int = _U32.unpack_from(log, start + len(RECORD_MAGIC))[0]
    return size


def _records(log: bytes) -> Iterator[tuple[int, int]]:
    """Header ID and place of every record."""
    for chunk in range(_chunk_count(log)):
        start = _chunk_start(chunk)
        end = start + _U32.unpack_from(log, start + _FREE_SPACE_AT)[0]
        position = start + CHUNK_HEADER_SIZE
        while position < end:
            _, size, header_id, _ = RECORD_HEADER.unpack_from(log, position)
            yield header_id, position
            if not size:
                break
            position += size


def _record_start(log: bytes, header_id: int) -> int:
    return dict(_records(log))[header_id]


def _with_flipped_byte(log: bytes, position: int) -> bytes:
    return log[:position] + bytes([log[position] ^ 0xFF]) + log[position + 1 :]


def _resealed(image: bytearray, position: int) -> bytes:
    """Make the checksums of the chunk around a position hold again."""
    start = _chunk_start(_chunk_of(position))
    end = start + _U32.unpack_from(image, start + _FREE_SPACE_AT)[0]
    _U32.pack_into(image, start + _CHECKSUM_AT, crc32(image[start + CHUNK_HEADER_SIZE : end]))
    seal_chunk(image, start)
    return bytes(image)
