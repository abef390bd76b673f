"""Field values as BinXML stores them: a descriptor (size and type) and the bytes (MS-EVEN6 2.2.12, 2.2.18)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from struct import Struct, error
from uuid import UUID

from logonscope.demo.records import FieldType, FieldValue

Cell = tuple[bytes, bytes]
"""Descriptor and bytes of one value."""
Encoder = Callable[[FieldValue], Cell]
"""Turns a value of one type into a cell. Raises ValueError for a value that does not fit the type."""

BINXML = 0x21
"""The BinXML type of a value that is itself BinXML, as the payload of a record is."""

NULL: Cell = (bytes(4), b"")
"""The value that is not there."""

_DESCRIPTOR = Struct("<HBx")
_COUNT = Struct("<I")
_LARGEST = 0xFFFF
_CACHED_VALUES = 4096


def instance(cells: list[Cell]) -> bytes:
    """The part of a record that fills a template: how many values, their descriptors, their bytes."""
    return b"".join([_COUNT.pack(len(cells)), *[cell[0] for cell in cells], *[cell[1] for cell in cells]])


def instance_size(cells: list[Cell]) -> int:
    """How many bytes `instance` makes of some cells."""
    return _COUNT.size + len(cells) * _DESCRIPTOR.size + sum(len(raw) for _, raw in cells)


def cell(code: int, raw: bytes) -> Cell:
    """One value of a BinXML type.

    Raises:
        ValueError: If it is longer than the 65535 bytes that a descriptor can state.
    """
    if len(raw) > _LARGEST:
        raise ValueError(f"a value of {len(raw)} bytes is too long for an event record")
    return _DESCRIPTOR.pack(len(raw), code), raw


def _number(code: int, layout: str) -> Encoder:
    """The encoder of a number of fixed size."""
    structure = Struct(layout)
    pack = structure.pack
    descriptor = _DESCRIPTOR.pack(structure.size, code)

    def encode(value: FieldValue) -> Cell:
        if value is None:
            return NULL
        try:
            return descriptor, pack(value)
        except error as problem:
            raise ValueError(f"{value!r} does not fit a field of type {code:#x}: {problem}") from problem

    return encode


def _repeating(code: int, encode_bytes: Callable[[FieldValue], bytes]) -> Encoder:
    """The encoder of a type whose values repeat from record to record."""

    @lru_cache(maxsize=_CACHED_VALUES)
    def encode(value: FieldValue) -> Cell:
        return NULL if value is None else cell(code, encode_bytes(value))

    return encode


def _string(value: FieldValue) -> bytes:
    """UTF-16 with the closing NUL that Windows' own events have; lone surrogates are written as they are."""
    text = str(value)
    if "\0" in text:
        raise ValueError(f"the text {text!r} has a NUL in it, where Windows would end it")
    return text.encode("utf-16-le", "surrogatepass") + b"\0\0"


def _ansi_string(value: FieldValue) -> bytes:
    return str(value).encode("cp1252") + b"\0"


def _strings(value: FieldValue) -> bytes:
    return b"".join(map(_string, value)) if isinstance(value, tuple) else _string(value)


def _guid(value: FieldValue) -> bytes:
    return UUID(str(value)).bytes_le


def _sid(value: FieldValue) -> bytes:
    """A security identifier in its binary form (MS-DTYP 2.4.2.2)."""
    letter, *parts = str(value).split("-")
    if letter != "S" or len(parts) < 2:
        raise ValueError(f"{value!r} is not a SID")
    revision, authority, *rest = (int(part, 0) for part in parts)
    head = bytes((revision, len(rest))) + authority.to_bytes(6, "big")
    return head + b"".join(part.to_bytes(4, "little") for part in rest)


def _binary(value: FieldValue) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError(f"{value!r} is not bytes")
    return value


CODECS: dict[FieldType, tuple[int, Encoder]] = {
    FieldType.UNICODE_STRING: (0x01, _repeating(0x01, _string)),
    FieldType.ANSI_STRING: (0x02, _repeating(0x02, _ansi_string)),
    FieldType.UINT8: (0x04, _number(0x04, "<B")),
    FieldType.UINT16: (0x06, _number(0x06, "<H")),
    FieldType.INT32: (0x07, _number(0x07, "<i")),
    FieldType.UINT32: (0x08, _number(0x08, "<I")),
    FieldType.UINT64: (0x0A, _number(0x0A, "<Q")),
    FieldType.BOOLEAN: (0x0D, _number(0x0D, "<I")),
    FieldType.BINARY: (0x0E, _repeating(0x0E, _binary)),
    FieldType.GUID: (0x0F, _repeating(0x0F, _guid)),
    # 64-bit Windows states HexInt64 for the value of a pointer, whatever its template says.
    FieldType.POINTER: (0x10, _number(0x15, "<Q")),
    FieldType.FILETIME: (0x11, _number(0x11, "<Q")),
    FieldType.SID: (0x13, _repeating(0x13, _sid)),
    FieldType.HEX_INT32: (0x14, _number(0x14, "<I")),
    FieldType.HEX_INT64: (0x15, _number(0x15, "<Q")),
    FieldType.STRING_ARRAY: (0x81, _repeating(0x81, _strings)),
}
"""The BinXML type that templates state for a field type, and how its values are encoded."""
