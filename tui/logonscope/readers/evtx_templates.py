"""Templates of .evtx records: which ones a record uses, and where a chunk defines them.

A record names a template by the first four bytes of its GUID and by its place in the chunk. Where that place was
written over, the same template can be taken from elsewhere: one ID is one template on all machines.
Source: libyal's description of Windows XML Event Log, "template instance" and "template definition".
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from logonscope.readers.evtx_layout import BINXML, CHUNK_BYTES, FRAGMENT_HEADER, RECORD_HEADER_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.evtx_hidden import FoundRecord

_REFERENCE = struct.Struct("<BBII")
_DEFINITION = struct.Struct("<I4s12sI")
_TOKEN = 0x0C
_DEEPEST = 4
_MOST_VALUES = 4096
_TABLE = struct.Struct("<32I")
_TABLE_AT = 384
_MANY_CHUNKS = 256


class TemplateUse(NamedTuple):
    """Where a record refers to a template."""

    field: int
    """Bytes from the beginning of the record to the place in the reference."""
    template_id: bytes
    place: int
    """Bytes from the beginning of the chunk to the definition."""
    is_inside: bool
    """Whether the record itself holds the definition, right after the reference."""


def template_uses(record: bytes) -> list[TemplateUse] | None:
    """The templates of a record, that of the event first; None where it does not begin as events do."""
    try:
        return list(_uses(record, RECORD_HEADER_BYTES, len(record) - 4, 0)) or None
    except (struct.error, ValueError):
        return None


def _uses(record: bytes, position: int, end: int, depth: int) -> Iterator[TemplateUse]:
    if record[position : position + 4] == FRAGMENT_HEADER:
        position += 4
    token, _, template_id, place = _REFERENCE.unpack_from(record, position)
    if token != _TOKEN or depth > _DEEPEST:
        return
    field = position + 6
    position += _REFERENCE.size
    size = definition_size(record, position, struct.pack("<I", template_id))
    yield TemplateUse(field, struct.pack("<I", template_id), place, size > 0)
    position += size
    count = struct.unpack_from("<I", record, position)[0]
    value = position + 4 + 4 * count
    if count > _MOST_VALUES or value > end:
        raise ValueError("more values than there are bytes")
    for entry in range(position + 4, value, 4):
        length, kind = struct.unpack_from("<HB", record, entry)
        if kind == BINXML and length:
            yield from _uses(record, value, value + length, depth + 1)
        value += length


def definition_size(block: bytes | bytearray, position: int, template_id: bytes) -> int:
    """Bytes of the definition of a template at a place; 0 where it is not there."""
    if position <= 0 or position + _DEFINITION.size > len(block):
        return 0
    _, found, _, size = _DEFINITION.unpack_from(block, position)
    whole = _DEFINITION.size + int(size)
    return whole if found == template_id and position + whole <= min(len(block), CHUNK_BYTES) else 0


def definitions(image: bytes | bytearray) -> dict[bytes, int]:
    """The templates that a chunk lists: their places by their IDs."""
    found: dict[bytes, int] = {}
    seen: set[int] = set()
    for place in _TABLE.unpack_from(image, _TABLE_AT):
        while 0 < place <= CHUNK_BYTES - _DEFINITION.size and place not in seen:
            seen.add(place)
            older, template_id, _, _ = _DEFINITION.unpack_from(image, place)
            if definition_size(image, place, template_id):
                found[template_id] = place
            place = older
    return found


class Donor(NamedTuple):
    """A chunk whose templates serve records of other chunks."""

    image: bytes
    places: dict[bytes, int]
    end: int
    """Where a record can be put: behind the last of the templates that are asked for."""


class Templates:
    """The templates of the chunks seen last, some hundred of them; together they have all kinds of records."""

    def __init__(self) -> None:
        self._donors: OrderedDict[frozenset[bytes], tuple[bytes, dict[bytes, int]]] = OrderedDict()

    def learn(self, image: bytes) -> None:
        """Take note of the templates of a chunk.

        Args:
            image: 64 KiB.
        """
        places = definitions(image)
        known = frozenset(places)
        if not known or any(known <= other for other in self._donors):
            return
        self._donors[known] = image, places
        if len(self._donors) > _MANY_CHUNKS:
            self._donors.popitem(last=False)

    def donors(self, wanted: set[bytes], record: FoundRecord) -> Iterator[Donor]:
        """The chunks that define all of some templates and have room for a record behind them."""
        for known, (image, places) in reversed(self._donors.items()):
            if wanted <= known:
                used = {template_id: places[template_id] for template_id in wanted}
                last = max(place + definition_size(image, place, template_id) for template_id, place in used.items())
                end = (last + 7) & ~7
                if end + record.size <= CHUNK_BYTES:
                    yield Donor(image, used, end)
