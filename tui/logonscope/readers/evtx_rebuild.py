"""Records that no chain of a chunk leads to, made readable: in their own chunk, or with the templates of another.

The parser walks from record to record by their sizes. So the sizes of a copy of the chunk are set to lead it to the
records that are wanted, and the places of templates that were written over are set to where the same template is.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from logonscope.readers.evtx_apart import chunk_apart
from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    CHUNK_MAGIC,
    RECORD_MAGIC,
    SMALLEST_RECORD,
)
from logonscope.readers.evtx_parse import PARSER_ERRORS
from logonscope.readers.evtx_templates import Templates, definition_size, definitions, template_uses
from logonscope.readers.stamps import filetime_stamp, utc_stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.readers.evtx_hidden import FoundRecord
    from logonscope.readers.evtx_templates import Donor, TemplateUse

_UNCOMMON_ID = 1 << 62
_TABLES_AT = 128
_HEADER = struct.Struct("<8sQQQQIII")


class Rebuilt(NamedTuple):
    """A record that could be read."""

    record: FoundRecord
    stamp: str
    text: str
    """JSON or XML."""
    is_lent: bool
    """Whether its templates come from another chunk."""


class Rebuilder:
    """Reads records by their places.

    Args:
        templates: Those of other chunks.
        as_xml: Give XML rather than JSON.
    """

    def __init__(self, templates: Templates, *, as_xml: bool = False) -> None:
        self._templates = templates
        self._as_xml = as_xml

    def read(
        self, block: bytes, wanted: Sequence[FoundRecord], base: int = 0
    ) -> tuple[list[Rebuilt], list[FoundRecord]]:
        """Read records of a chunk.

        Args:
            block: Bytes that hold the records, and the chunk around them as far as it is there.
            wanted: The records, in order.
            base: Where in the bytes their chunk begins, or would if they reached so far.

        Returns:
            Those that could be read, and those that could not.
        """
        image = bytearray(bytes(max(-base, 0)) + block[max(base, 0) : base + CHUNK_BYTES]).ljust(CHUNK_BYTES, b"\0")
        at_home: list[FoundRecord] = []
        own = definitions(image)
        uses: dict[int, list[TemplateUse]] = {}
        for record in wanted:
            found = template_uses(block[record.offset : record.offset + record.size])
            if found is None:
                continue
            uses[record.offset] = found
            if 0 <= record.offset - base <= CHUNK_BYTES - record.size and _point_home(
                image, record.offset - base, found, own
            ):
                at_home.append(record)
        moved = [record._replace(offset=record.offset - base) for record in at_home]
        texts = {record.offset + base: found for record, found in self._parsed(image, moved)}
        good: list[Rebuilt] = []
        bad: list[FoundRecord] = []
        for record in wanted:
            if (parsed := texts.get(record.offset)) is not None:
                good.append(Rebuilt(record, *parsed, False))
            elif (parsed := self._borrowed(block, record, uses.get(record.offset, []))) is not None:
                good.append(Rebuilt(record, *parsed, True))
            else:
                bad.append(record)
        return good, bad

    def _borrowed(self, block: bytes, record: FoundRecord, uses: list[TemplateUse]) -> tuple[str, str] | None:
        """Read a record behind the templates of another chunk."""
        if not uses or any(use.is_inside for use in uses):
            return None
        for donor in self._templates.donors({use.template_id for use in uses}, record):
            image = _hosted(donor, block[record.offset : record.offset + record.size], uses)
            found = self._parsed(image, [record._replace(offset=donor.end)])
            if found:
                return found[0][1]
        return None

    def _parsed(self, image: bytearray, wanted: Sequence[FoundRecord]) -> list[tuple[FoundRecord, tuple[str, str]]]:
        if not wanted:
            return []
        good = self._parsed_by(image, wanted, with_tables=image[:8] == CHUNK_MAGIC)
        if good is None:
            good = self._parsed_by(image, wanted, with_tables=False) or []
        waiting = iter(wanted)
        found: list[tuple[FoundRecord, tuple[str, str]]] = []
        for parsed in good:
            record = next((record for record in waiting if _is_of(parsed, record)), None)
            if record is None:
                waiting = iter(wanted)
                continue
            if self._as_xml or _is_event(parsed["data"]):
                found.append((record, (parsed["timestamp"], parsed["data"])))
        return found

    def _parsed_by(self, image: bytearray, wanted: Sequence[FoundRecord], *, with_tables: bool) -> list[Any] | None:
        """What the parser makes of them; None where the chunk's tables of names and templates lead it astray."""
        led = _leading_to(image, wanted)
        if not with_tables:
            led[_TABLES_AT:CHUNK_HEADER_BYTES] = bytes(CHUNK_HEADER_BYTES - _TABLES_AT)
        try:
            return chunk_apart(bytes(led), as_xml=self._as_xml)[0]
        except PARSER_ERRORS:
            return None


def _point_home(image: bytearray, offset: int, uses: list[TemplateUse], own: dict[bytes, int]) -> bool:
    """Let a record point to its templates in its own chunk; whether all are there."""
    for use in uses:
        place = offset + use.field + 4 if use.is_inside else use.place
        if not definition_size(image, place, use.template_id):
            place = own.get(use.template_id, 0)
        if not place or (use.is_inside and place != use.place):
            return False
        struct.pack_into("<I", image, offset + use.field, place)
    return True


def _hosted(donor: Donor, record: bytes, uses: list[TemplateUse]) -> bytearray:
    image = bytearray(donor.image)
    image[donor.end : donor.end + len(record)] = record
    for use in uses:
        struct.pack_into("<I", image, donor.end + use.field, donor.places[use.template_id])
    return image


def _leading_to(image: bytearray, wanted: Sequence[FoundRecord]) -> bytearray:
    """A chunk whose chain of records leads from its beginning to those that are wanted, and to no other."""
    led = bytearray(image)
    chain = [record.offset for record in wanted]
    if chain[0] >= CHUNK_HEADER_BYTES + SMALLEST_RECORD:
        led[CHUNK_HEADER_BYTES : CHUNK_HEADER_BYTES + 4] = RECORD_MAGIC
        chain.insert(0, CHUNK_HEADER_BYTES)
    end = wanted[-1].offset + wanted[-1].size
    for place, following in zip(chain, [*chain[1:], end], strict=True):
        struct.pack_into("<I", led, place + 4, following - place)
    _HEADER.pack_into(led, 0, CHUNK_MAGIC, 1, _UNCOMMON_ID, 0, _UNCOMMON_ID, 128, chain[-1], end)
    return led


def _is_of(parsed: dict[str, Any], record: FoundRecord) -> bool:
    if parsed["event_record_id"] != record.header_id:
        return False
    written, told = filetime_stamp(record.written), utc_stamp(parsed["timestamp"].removesuffix(" UTC"))
    return written == told


def _is_event(text: str) -> bool:
    """Whether what was read has what every event has: a provider, an ID and a time."""
    try:
        system = msgspec.json.decode(text)["Event"]["System"]
        provider = system["Provider"]["#attributes"]
        time = system["TimeCreated"]["#attributes"]["SystemTime"]
        is_named = provider.get("Name") or provider.get("Guid")
    except (msgspec.DecodeError, RecursionError, KeyError, TypeError, AttributeError):
        return False
    return bool(system.get("EventID") is not None and is_named and isinstance(time, str) and utc_stamp(time))
