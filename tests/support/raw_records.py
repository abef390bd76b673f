"""Records whose values are any bytes of any type, which the writer of the demo's logs refuses to write."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import patch
from zlib import crc32

from logonscope.demo import evtx_writer
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE
from logonscope.demo.records import EventData, EventKind, Field, FieldType, Provider, Record, UserData
from logonscope.demo.templates import KindTemplates, Template, templates_of
from logonscope.demo.values import Cell, cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from logonscope.demo.binxml import Element
    from logonscope.demo.records import Payload

Value = tuple[int, bytes]
"""A BinXML type and bytes."""
NOW = 134_000_000_000_000_000
"""FILETIME, in 2025."""
_SYSTEM = (
    "Provider", "Guid", "EventSourceName", "EventID", "Qualifiers", "Version", "Level", "Task", "Opcode", "Keywords",
    "Channel", "SystemTime", "EventRecordID", "ActivityID", "ProcessID", "ThreadID", "Computer", "UserID",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RawRecord(Record):
    """A record that says what its values are, byte for byte."""

    cells: tuple[Value, ...] = ()
    system: Mapping[str, Value] = field(default_factory=dict)
    """Values of the System part, by the names of its slots, in place of the usual ones."""


class _RawTemplates(KindTemplates):
    def payload_cells(self, record: Record) -> list[Cell]:
        assert isinstance(record, RawRecord)
        return [cell(*value) for value in record.cells]

    def system_cells(self, record: Record) -> list[Cell]:
        assert isinstance(record, RawRecord)
        cells = super().system_cells(record)
        for name, value in record.system.items():
            cells[_SYSTEM.index(name)] = cell(*value)
        return cells


def text(said: str) -> Value:
    """A text just as it is given, lone surrogates and missing NUL and all."""
    return 1, said.encode("utf-16-le", "surrogatepass")


def event_data(*names: str, event_id: int = 7, qualifiers: int | None = None) -> EventKind:
    """A kind with some fields in ``EventData``."""
    return _kind(EventData(_fields(names)), event_id, qualifiers)


def user_data(*names: str, event_id: int = 7) -> EventKind:
    """A kind with some fields in ``UserData``."""
    return _kind(UserData("Inner", "urn:inner", _fields(names)), event_id)


def raw(kind: EventKind, *cells: Value, record_id: int = 1, system: Mapping[str, Value] | None = None) -> RawRecord:
    """A record with some values."""
    return RawRecord(kind, record_id, NOW + record_id, "WS01", cells=cells, system=system or {})


def chunk_of(
    *records: RawRecord, first_header_id: int | None = None, guid: bytes = b"", root: Element | None = None
) -> bytes:
    """A chunk of its own, numbered from its first record.

    Args:
        records: Few enough for one chunk.
        first_header_id: ID of the first header, if not the record's own.
        guid: The GUID that all payloads' templates get, whatever they say.
        root: What the payloads' templates say instead.
    """

    def templates(kind: EventKind, payloads: dict[Payload, Template]) -> KindTemplates:
        usual = templates_of(kind, payloads)
        payload = Template(root or usual.payload.root, guid or b"raw " * 4) if guid or root else usual.payload
        return _RawTemplates(usual.system, payload, usual.encoders, usual.kind_cells)

    with patch.object(evtx_writer, "templates_of", templates):
        log = evtx_writer.encode_log(records, first_header_id=first_header_id)
    assert len(log) == FILE_HEADER_SIZE + CHUNK_SIZE
    return log[FILE_HEADER_SIZE:]


def resealed(chunk: bytes) -> bytes:
    """The same with checksums that hold."""
    image = bytearray(chunk)
    (end,) = struct.unpack_from("<I", image, 48)
    struct.pack_into("<I", image, 52, crc32(image[512 : min(max(end, 512), CHUNK_SIZE)]))
    evtx_writer.seal_chunk(image)
    return bytes(image)


def _fields(names: tuple[str, ...]) -> tuple[Field, ...]:
    return tuple(Field(name, FieldType.BINARY) for name in names)


def _kind(payload: Payload, event_id: int, qualifiers: int | None = None) -> EventKind:
    return EventKind(Provider("Logonscope-Test"), event_id, "Security", qualifiers=qualifiers, payload=payload)
