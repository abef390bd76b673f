"""Writes event logs in the EVTX format: a file header, then chunks of 64 KiB that each stand alone.

The layout is that of the libyal EVTX format description, checked against logs that Windows wrote.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING
from zlib import crc32

from logonscope.demo.binxml import END_OF_STREAM, FRAGMENT_HEADER, NameTable, encode_template
from logonscope.demo.templates import templates_of
from logonscope.demo.values import BINXML, NULL, cell, instance, instance_size

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from logonscope.demo.records import EventKind, Payload, Record
    from logonscope.demo.templates import KindTemplates, Template

FILE_HEADER_SIZE = 4096
"""Bytes before the first chunk."""
CHUNK_SIZE = 65536
CHUNK_HEADER_SIZE = 512
RECORD_MAGIC = b"**\0\0"
CHUNK_MAGIC = b"ElfChnk\0"

_FILE_HEADER = Struct("<8sQQQIHHHH76xI")
_CHUNK_HEADER = Struct("<8sQQQQIIII64xI")
_CHUNK_TABLES = Struct("<64I32I")
RECORD_HEADER = Struct("<4sIQQ")
_TEMPLATE_REFERENCE = Struct("<BBII")
_TEMPLATE_HEADER = Struct("<I16sI")
_GUID_WORDS = Struct("<8H")
_U32 = Struct("<I")
_TEMPLATE_TOKEN = 0x0C
_TEMPLATE_BUCKETS = 32
_NO_RECORD = 0xFFFFFFFFFFFFFFFF
_CHUNK_FLAGS = 1


class RecordTooLargeError(ValueError):
    """A record does not fit into a chunk, even alone."""


class _Chunk:
    """A chunk that is being filled."""

    def __init__(self) -> None:
        self.content = bytearray(CHUNK_HEADER_SIZE)
        self.first_id = self.last_id = _NO_RECORD
        self._last_offset = 0
        self._names = NameTable()
        self._templates: dict[Template, int] = {}
        self._template_heads: dict[int, int] = {}

    @property
    def is_empty(self) -> bool:
        return self.first_id == _NO_RECORD

    def append(self, record: Record, templates: KindTemplates, header_id: int) -> bool:
        """Write a record, unless it does not fit any more.

        Returns:
            Whether it was written. A chunk that has refused a record must not be written to again.
        """
        start = len(self.content)
        body = self._event(record, templates, start + RECORD_HEADER.size)
        unpadded = RECORD_HEADER.size + len(body) + _U32.size
        size = (unpadded + 7) & ~7
        if start + size > CHUNK_SIZE:
            return False
        header = RECORD_HEADER.pack(RECORD_MAGIC, size, header_id, record.time)
        self.content += b"".join((header, body, bytes(size - unpadded), _U32.pack(size)))
        self._last_offset = start
        self.last_id = header_id
        if self.is_empty:
            self.first_id = header_id
        return True

    def _event(self, record: Record, templates: KindTemplates, position: int) -> bytes:
        """The BinXML of a record that goes to a position in the chunk."""
        head = FRAGMENT_HEADER + self._use(templates.system, position + len(FRAGMENT_HEADER))
        cells = templates.system_cells(record)
        values_size = instance_size([*cells, NULL])
        reference = self._use(templates.payload, position + len(head) + values_size)
        values = instance(templates.payload_cells(record))
        cells.append(cell(BINXML, reference + values + END_OF_STREAM))
        return head + instance(cells) + END_OF_STREAM

    def _use(self, template: Template, position: int) -> bytes:
        """Refer to a template, defining it here when the chunk does not have it yet."""
        template_id = _U32.unpack_from(template.guid)[0]
        known = self._templates.get(template)
        if known is not None:
            return _TEMPLATE_REFERENCE.pack(_TEMPLATE_TOKEN, 1, template_id, known)
        offset = position + _TEMPLATE_REFERENCE.size
        bucket = _template_bucket(template)
        older = self._template_heads.get(bucket, 0)
        self._templates[template] = self._template_heads[bucket] = offset
        tree = encode_template(template.root, offset + _TEMPLATE_HEADER.size, self._names)
        reference = _TEMPLATE_REFERENCE.pack(_TEMPLATE_TOKEN, 1, template_id, offset)
        return reference + _TEMPLATE_HEADER.pack(older, template.guid, len(tree)) + tree

    def finish(self) -> bytes:
        """Write the header and its tables, and fill up to the size of a chunk."""
        end = len(self.content)
        templates = [0] * _TEMPLATE_BUCKETS
        for template, offset in self._templates.items():
            if offset < end:
                templates[_template_bucket(template)] = offset
        first = 1 if self.is_empty else self.first_id
        _CHUNK_HEADER.pack_into(
            self.content, 0, CHUNK_MAGIC, first, self.last_id, self.first_id, self.last_id, 128,
            self._last_offset, end, crc32(self.content[CHUNK_HEADER_SIZE:]), _CHUNK_FLAGS,
        )  # fmt: skip
        _CHUNK_TABLES.pack_into(self.content, 128, *self._names.heads(end), *templates)
        seal_chunk(self.content)
        return bytes(self.content) + bytes(CHUNK_SIZE - end)


def _template_bucket(template: Template) -> int:
    value = 0
    for word in _GUID_WORDS.unpack(template.guid):
        value = (value * 65599 + word) & 0xFFFFFFFF
    return value % _TEMPLATE_BUCKETS


def seal_chunk(chunk: bytearray, start: int = 0) -> None:
    """Set the checksum of a chunk's header.

    Args:
        chunk: Bytes that hold the chunk; changed in place.
        start: Where the chunk begins in them.
    """
    _U32.pack_into(chunk, start + 124, crc32(chunk[start : start + 120] + chunk[start + 128 : start + 512]))


def file_header(
    chunk_count: int,
    next_record_id: int,
    *,
    first_chunk: int = 0,
    last_chunk: int | None = None,
    flags: int = 0,
) -> bytes:
    """The 4096 bytes before the chunks.

    Args:
        chunk_count: Number of chunks in the file.
        next_record_id: Header ID of the record that would be written next.
        first_chunk: Number of the oldest chunk.
        last_chunk: Number of the newest chunk; the one before the oldest when it is not given.
        flags: 1 dirty, 2 full.
    """
    last = (first_chunk - 1) % chunk_count if last_chunk is None else last_chunk
    header = bytearray(
        _FILE_HEADER.pack(
            b"ElfFile\0", first_chunk, last, next_record_id, 128, 1, 3, FILE_HEADER_SIZE, chunk_count, flags
        )
    )
    return bytes(header + _U32.pack(crc32(header[:120]))).ljust(FILE_HEADER_SIZE, b"\0")


def encode_log(records: Iterable[Record], *, first_header_id: int | None = None) -> bytes:
    """Encode an event log.

    Args:
        records: What to write, in the order in which it was written.
        first_header_id: Number the records' headers from here, as a log of forwarded events does. Without
            it each header has the record's own EventRecordID.

    Returns:
        The bytes of the file.

    Raises:
        ValueError: If a value does not fit its field.
        RecordTooLargeError: If one record is larger than a chunk.
    """
    kinds: dict[EventKind, KindTemplates] = {}
    payloads: dict[Payload, Template] = {}
    finished: list[bytes] = []
    chunk = _Chunk()
    header_id = 0
    for number, record in enumerate(records):
        templates = kinds.get(record.kind)
        if templates is None:
            templates = kinds[record.kind] = templates_of(record.kind, payloads)
        header_id = record.record_id if first_header_id is None else first_header_id + number
        if chunk.append(record, templates, header_id):
            continue
        if not chunk.is_empty:
            finished.append(chunk.finish())
        chunk = _Chunk()
        if not chunk.append(record, templates, header_id):
            raise RecordTooLargeError(f"record {record.record_id} does not fit into a chunk")
    finished.append(chunk.finish())
    return b"".join([file_header(len(finished), header_id + 1), *finished])


def write_log(path: Path, records: Iterable[Record], *, first_header_id: int | None = None) -> None:
    """Write an event log to a file; see `encode_log`.

    Args:
        path: The file; replaced when it exists.
        records: What to write, in the order in which it was written.
        first_header_id: Number the records' headers from here.

    Raises:
        OSError: If the file cannot be written.
        ValueError: If a value does not fit its field.
        RecordTooLargeError: If one record is larger than a chunk.
    """
    path.write_bytes(encode_log(records, first_header_id=first_header_id))
