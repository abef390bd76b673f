"""The templates that chunks define: which of them are the same, and what the odd ones cost."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from logonscope.demo.evtx_writer import CHUNK_SIZE
from logonscope.readers.evtx_bytes import ManyChunks
from logonscope.readers.evtx_definitions import UNKNOWN, Definitions
from logonscope.readers.evtx_name_chains import chained_names
from logonscope.readers.evtx_outline import OutlineError, outline_of
from support.raw_records import chunk_of, event_data, raw, text, user_data

FIRST, OTHER = user_data("Name", "Domain"), user_data("Name", "Realm_")
FIELDS = (text("a\0"), text("b\0"))
GUID = b"one and the same"


def payload_place(chunk: bytes) -> int:
    """Where the definition with the GUID begins."""
    return chunk.index(GUID) - 4


def numbered(definitions: Definitions, *chunks: bytes) -> list[int]:
    """The numbers of those definitions, one of each chunk."""
    places = np.array([payload_place(chunk) + number * CHUNK_SIZE for number, chunk in enumerate(chunks)])
    found: list[int] = definitions.numbers(ManyChunks(list(chunks)), places).tolist()
    return found


def test_a_template_is_the_same_wherever_its_names_stand() -> None:
    definitions = Definitions()
    alone = chunk_of(raw(FIRST, *FIELDS), guid=GUID)
    later = chunk_of(raw(event_data("Before"), text("a\0")), raw(FIRST, *FIELDS, record_id=2))
    borrowed = chunk_of(raw(OTHER, *FIELDS), raw(FIRST, *FIELDS, record_id=2))
    assert numbered(definitions, alone, alone) == [0, 0]
    for chunk in (later, borrowed):
        at = later_place(chunk)
        same = chunk[: at + 4] + GUID + chunk[at + 20 :]
        assert numbered(definitions, same) == [0]
        assert numbered(definitions, same, alone) == [0, 0]


def later_place(chunk: bytes) -> int:
    """Where the last definition of a chunk begins: that of the payload of its last record."""
    return chunk.rindex(b"\x0f\1\1\0\x41\xff\xff") - 24


def test_another_name_makes_another_template() -> None:
    definitions = Definitions()
    chunks = [chunk_of(raw(kind, *FIELDS), guid=GUID) for kind in (FIRST, OTHER, event_data("Name", "Domain"))]
    assert numbered(definitions, *chunks, *chunks) == [0, 1, 2, 0, 1, 2]
    assert [root.name for root in definitions.templates] == ["Inner", "Inner", "EventData"]


def renamed(chunk: bytes) -> bytes:
    return chunk.replace(text("Domain")[1], text("Realms")[1])


def test_a_name_that_was_changed_where_it_stands() -> None:
    """Its template is another one; one that borrows a changed name is not known until it is looked at anew."""
    definitions = Definitions()
    chunk = chunk_of(raw(FIRST, *FIELDS), guid=GUID)
    assert numbered(definitions, chunk, renamed(chunk)) == [0, 1]
    borrowed = chunk_of(raw(FIRST, *FIELDS), raw(user_data("Domain"), text("a\0"), record_id=2))
    at = later_place(borrowed)
    borrowed = borrowed[: at + 4] + GUID + borrowed[at + 20 :]
    changed = renamed(borrowed)
    assert numbered(definitions, borrowed, borrowed) == [2, 2]
    assert numbered(definitions, changed) == [UNKNOWN]


def test_one_guid_for_two_templates_in_a_chunk() -> None:
    """Where their sizes are the same too, the parser may take one for the other."""
    before, one, other = (event_data(*names) for names in (("Abcd", "Def"), ("Abc", "Def"), ("Abc", "Xyz")))
    said = [raw(kind, *FIELDS, record_id=number) for number, kind in enumerate((before, one, other), 1)]
    chunk = chunk_of(*said, guid=GUID)
    places = np.array([place - 4 for place in range(len(chunk)) if chunk.startswith(GUID, place)])
    assert chunk[places[1] + 20 : places[1] + 24] == chunk[places[2] + 20 : places[2] + 24]
    definitions = Definitions()
    assert definitions.numbers(ManyChunks([chunk]), places).tolist() == [0, UNKNOWN, UNKNOWN]
    assert definitions.numbers(ManyChunks([chunk]), places[:2]).tolist() == [0, 1]


@pytest.mark.parametrize("place", [CHUNK_SIZE - 4, CHUNK_SIZE - 8, CHUNK_SIZE - 10, 0xFFFFFFFF])
def test_a_name_at_the_end_of_the_chunk(place: int) -> None:
    definitions = Definitions()
    image = bytearray(chunk_of(raw(FIRST, *FIELDS), guid=GUID))
    struct.pack_into("<I", image, payload_place(bytes(image)) + 24 + 4 + 7, place)
    assert numbered(definitions, bytes(image)) == [UNKNOWN]


def test_definitions_that_share_bytes_are_left_to_the_parser() -> None:
    """The link of a name, 0, is taken for the size of the other."""
    definitions = Definitions()
    chunk = chunk_of(raw(FIRST, *FIELDS), guid=GUID)
    at = payload_place(chunk)
    inside = at + 24 + 4 + 11 - 20
    assert chunk[inside + 20 : inside + 24] == bytes(4)
    assert numbered(definitions, chunk) == [0]
    found = definitions.numbers(ManyChunks([chunk, chunk]), np.array([at, inside, at + CHUNK_SIZE]))
    assert found.tolist() == [UNKNOWN, UNKNOWN, 0]


def test_a_name_of_any_length_is_not_kept() -> None:
    image = bytearray(chunk_of(raw(FIRST, *FIELDS), guid=GUID))
    at = payload_place(bytes(image))
    (name,) = struct.unpack_from("<I", image, at + 24 + 4 + 7)
    struct.pack_into("<H", image, name + 6, 257)
    with pytest.raises(OutlineError, match="too long"):
        outline_of(bytes(image), at)


def test_chains_of_names() -> None:
    chunk = chunk_of(raw(FIRST, *FIELDS), raw(event_data("Abc", "Def"), *FIELDS, record_id=2))
    names, are_whole = chained_names(ManyChunks([chunk, bytes(CHUNK_SIZE)]))
    assert are_whole.all()
    said = {chunk[at + 8 : at + 8 + 2 * int.from_bytes(chunk[at + 6 : at + 8], "little")] for at in names.tolist()}
    assert {text(name)[1] for name in ("Event", "System", "Inner", "Name", "Domain", "EventData")} <= said


@pytest.mark.parametrize("link", [1, 511, CHUNK_SIZE - 8, CHUNK_SIZE, 0xFFFFFFFF])
def test_chains_that_lead_astray(link: int) -> None:
    image = bytearray(chunk_of(raw(FIRST, *FIELDS)))
    struct.pack_into("<I", image, 128, link)
    names, are_whole = chained_names(ManyChunks([bytes(image), bytes(image)]))
    assert not are_whole.any()
    assert len(names)


def test_a_chain_that_goes_round_or_on_for_ever_ends() -> None:
    image = bytearray(chunk_of(raw(FIRST, *FIELDS)))
    for at in range(60000, 1000, -8):
        struct.pack_into("<I", image, at, at - 8)
    struct.pack_into("<I", image, 128, 60000)
    names, are_whole = chained_names(ManyChunks([bytes(image)]))
    assert not are_whole.any()
    assert len(names) < 200
