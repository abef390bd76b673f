"""Zip archives: the directory at the end, or what lies before the cut where an archive has lost its end.

Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3 to 4.5. The standard library's ``zipfile`` keeps every member's entry in
memory, and reads nothing of an archive that is cut off.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from logonscope.readers.archives.member import Member
from logonscope.readers.archives.streams import BUFFER_BYTES, ArchiveError, Lender, unpacking
from logonscope.readers.archives.unpackers import copied, inflated, unbzip2, unxz, unzstd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.archives.limits import Limits
    from logonscope.readers.archives.streams import Opener, Unpacker

_END = struct.Struct("<4s4H2IH")
_END_64_LOCATOR = struct.Struct("<4sIQI")
_END_64 = struct.Struct("<4sQ2H2I4Q")
_ENTRY = struct.Struct("<4s4B4H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_LONGEST_COMMENT = 0xFFFF
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 1, 8, 0x800
_FULL_32 = 0xFFFFFFFF
_ZIP64 = 1
_DEFLATE = 8
_LONGEST_DESCRIPTOR = 24


def _inflated_64(packed: BinaryIO) -> Iterator[bytes]:
    """Deflate64, as Windows Explorer uses for files beyond 2 GB."""
    from inflate64 import Inflater

    inflater = Inflater()
    while piece := packed.read(1 << 14):
        yield from filter(None, [inflater.inflate(piece)])


_UNPACKERS: dict[int, Unpacker] = {0: copied, _DEFLATE: inflated, 9: _inflated_64, 12: unbzip2, 93: unzstd, 95: unxz}


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a member lies, and what it promises."""

    name: str
    flags: int
    method: int
    crc: int | None
    packed: int
    size: int | None
    offset: int
    """Of its local header."""

    @property
    def refusal(self) -> str:
        if self.flags & _ENCRYPTED:
            return "encrypted"
        return "" if self.method in _UNPACKERS else f"compressed by method {self.method}, which is not known"


def zip_members(opener: Opener, limits: Limits) -> Iterator[Member]:
    """List a zip archive.

    Args:
        opener: Opens it.
        limits: What is too much.

    Raises:
        OSError: It cannot be read, or is damaged from some place on; the members before that have been listed.
    """
    lender = Lender(opener)
    with opener() as file:
        end = _find_end(file)
        if end is not None:
            yield from (_member(lender, entry, limits) for entry in _directory(file, *end))
            return
        yield from (_member(lender, entry, limits) for entry in _entries_before_cut(file))
    raise ArchiveError("the archive is cut off: its directory is missing, the members before the cut were looked at")


def _member(lender: Lender, entry: _Entry, limits: Limits) -> Member:
    return Member(entry.name, lambda: _open(lender, entry, limits), entry.size, entry.refusal)


def _open(lender: Lender, entry: _Entry, limits: Limits) -> BinaryIO:
    if entry.refusal:
        raise ArchiveError(entry.refusal)
    with lender.section(entry.offset, _LOCAL.size) as header:
        local = header.read(_LOCAL.size)
    if len(local) < _LOCAL.size or local[:4] != b"PK\3\4":
        raise ArchiveError("the archive's directory leads to a place where no member begins")
    names = sum(_LOCAL.unpack(local)[-2:])
    packed = lender.section(entry.offset + _LOCAL.size + names, entry.packed)
    return unpacking(packed, _UNPACKERS[entry.method], entry.size, entry.crc, limits)


def _find_end(file: BinaryIO) -> tuple[int, int, int] | None:
    """Where the directory begins, its bytes, and by how much all offsets are off; None where it is missing."""
    total = file.seek(0, io.SEEK_END)
    tail_offset = max(0, total - _END.size - _LONGEST_COMMENT - _END_64_LOCATOR.size)
    file.seek(tail_offset)
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or place + _END.size > len(tail):
        return None
    *_, size, offset, _ = _END.unpack_from(tail, place)
    before = tail_offset + place
    found = _find_end_64(file, tail, place)
    if found:
        before, size, offset = found
    return (before - size, size, before - size - offset) if before >= size + offset else None


def _find_end_64(file: BinaryIO, tail: bytes, place: int) -> tuple[int, int, int] | None:
    place -= _END_64_LOCATOR.size
    if place < 0 or tail[place : place + 4] != b"PK\6\7":
        return None
    before = _END_64_LOCATOR.unpack_from(tail, place)[2]
    file.seek(before)
    record = file.read(_END_64.size)
    if len(record) < _END_64.size or record[:4] != b"PK\6\6":
        return None
    *_, size, offset = _END_64.unpack(record)
    return before, size, offset


def _directory(file: BinaryIO, place: int, size: int, shift: int) -> Iterator[_Entry]:
    file.seek(place)
    while size >= _ENTRY.size:
        head = file.read(_ENTRY.size)
        if len(head) < _ENTRY.size or head[:4] != b"PK\1\2":
            raise ArchiveError("the archive's directory is damaged, the members before that were looked at")
        (_, _, _, _, _, flags, method, _, _, crc, packed, unpacked, *lengths, _, _, _, offset) = _ENTRY.unpack(head)
        rest = file.read(sum(lengths))
        size -= _ENTRY.size + len(rest)
        name, extra = rest[: lengths[0]], rest[lengths[0] : lengths[0] + lengths[1]]
        unpacked, packed, offset = _wide(extra, unpacked, packed, offset)
        if not name.endswith(b"/"):
            yield _Entry(_text(name, flags), flags, method, crc, packed, unpacked, offset + shift)


def _wide(extra: bytes, *values: int) -> tuple[int, ...]:
    """Numbers that do not fit 32 bits stand in an extra field, in this order."""
    wide = b""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == _ZIP64:
            wide = extra[4 : 4 + length]
        extra = extra[4 + length :]
    found = list(values)
    for position, value in enumerate(values):
        if value == _FULL_32 and len(wide) >= 8:
            found[position] = int.from_bytes(wide[:8], "little")
            wide = wide[8:]
    return tuple(found)


def _text(name: bytes, flags: int) -> str:
    return name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")


def _entries_before_cut(file: BinaryIO) -> Iterator[_Entry]:
    """Walk from member to member as they lie; the last one is cut off."""
    total = file.seek(0, io.SEEK_END)
    offset = 0
    while True:
        file.seek(offset)
        head = file.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
            return
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(head)
        rest = file.read(name_length + extra_length)
        size, packed = _wide(rest[name_length:], size, packed)
        begin = offset + _LOCAL.size + len(rest)
        entry = _Entry(_text(rest[:name_length], flags), flags, method, crc, packed, size, offset)
        if flags & _SIZES_FOLLOW:
            entry = replace(entry, crc=None, packed=total - begin, size=None)
            if method == _DEFLATE and not flags & _ENCRYPTED:
                entry = _measured(file, begin, entry)
        if not entry.name.endswith("/"):
            yield entry
        offset = begin + entry.packed
        if flags & _SIZES_FOLLOW:
            file.seek(offset)
            offset += max(0, file.read(_LONGEST_DESCRIPTOR + 4).find(b"PK\3\4"))


def _measured(file: BinaryIO, begin: int, entry: _Entry) -> _Entry:
    """The entry with the sizes that its deflate stream shows, if it is whole."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size = packed = 0
    file.seek(begin)
    while not inflater.eof:
        piece = inflater.unconsumed_tail
        if not piece:
            piece = file.read(BUFFER_BYTES)
            packed += len(piece)
        try:
            found = inflater.decompress(piece, BUFFER_BYTES)
        except zlib.error:
            return entry
        size += len(found)
        if not piece and not found:
            return entry
    return replace(entry, size=size, packed=packed - len(inflater.unused_data))
