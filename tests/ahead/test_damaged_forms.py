"""Chunks that somebody has been at, with checksums that hold, after their forms were borne out: what the parser refuses
is refused, and what it reads is read the same."""

from __future__ import annotations

import struct
from random import Random
from typing import TYPE_CHECKING

import pytest

from logonscope.demo.binxml import Element, Slot
from logonscope.demo.evtx_writer import CHUNK_SIZE
from logonscope.normalise import understanding
from logonscope.readers import evtx_definitions
from support.columns_read import CountedForms, spared
from support.raw_records import NOW, chunk_of, event_data, raw, resealed, text, user_data

if TYPE_CHECKING:
    from pathlib import Path

SID = 19, b"\1\2\0\0\0\0\0\5" + struct.pack("<II", 21, 1104)
LOGOFF = event_data("TargetUserSid", "TargetUserName", "TargetLogonId", event_id=4634)
CLEARED = user_data("SubjectUserName", "When", event_id=1102)
NOTHING = event_data(event_id=3, qualifiers=5)
CHUNK = chunk_of(
    *(
        record
        for first in (1, 4)
        for record in (
            raw(LOGOFF, SID, text("alice\0"), (21, b"\1\2" + bytes(6)), record_id=first, system={"UserID": SID}),
            raw(CLEARED, text("bob\0"), (17, struct.pack("<Q", NOW)), record_id=first + 1),
            raw(NOTHING, record_id=first + 2),
        )
    )
)
END = struct.unpack_from("<I", CHUNK, 48)[0]
TABLES, RECORDS = range(128, 512), range(512, END)


@pytest.fixture
def forms(tmp_path: Path) -> CountedForms:
    """Those of the chunk, borne out."""
    found = CountedForms()
    assert [spared(tmp_path, found, CHUNK) for _ in range(2)] == [0, 1]
    return found


def with_byte(at: int, value: int) -> bytes:
    return resealed(CHUNK[:at] + bytes((value,)) + CHUNK[at + 1 :])


def with_words(*words: tuple[int, int]) -> bytes:
    image = bytearray(CHUNK)
    for at, value in words:
        struct.pack_into("<I", image, at, value)
    return resealed(bytes(image))


@pytest.mark.parametrize(("seed", "place"), enumerate([TABLES, RECORDS, RECORDS, RECORDS]))
def test_a_byte_is_another(tmp_path: Path, forms: CountedForms, seed: int, place: range) -> None:
    random = Random(seed)
    places = random.sample(place, 120)
    damaged = [
        with_byte(at, random.choice((CHUNK[at] ^ 1, CHUNK[at] ^ 0x80, 0, 255, CHUNK[at] + 1 & 255))) for at in places
    ]
    assert spared(tmp_path, forms, *damaged) > 20


def test_numbers_of_the_header(tmp_path: Path, forms: CountedForms) -> None:
    for at in (8, 16, 24, 32, 40, 44, 48, 120):
        (number,) = struct.unpack_from("<I", CHUNK, at)
        odd = (0, 512, number - 8 & 0xFFFFFFFF, number + 8, 65536, 0xFFFFFFFF)
        spared(tmp_path, forms, *(with_words((at, other)) for other in odd))


@pytest.mark.parametrize("link", [512, END, CHUNK_SIZE - 9, CHUNK_SIZE - 4, CHUNK_SIZE, 0xFFFFFFFF])
def test_a_chain_of_names_leads_astray(tmp_path: Path, forms: CountedForms, link: int) -> None:
    entry = next(at for at in range(128, 384, 4) if any(CHUNK[at : at + 4]))
    (name,) = struct.unpack_from("<I", CHUNK, entry)
    empty = next(at for at in range(128, 384, 4) if not any(CHUNK[at : at + 4]))
    astray = [with_words((entry, link)), with_words((empty, link)), with_words((name, link)), with_words((name, name))]
    assert spared(tmp_path, forms, *astray) == 0


def test_a_chain_leads_to_what_is_no_text(tmp_path: Path, forms: CountedForms) -> None:
    """A name in the slack, of half a pair of surrogates."""
    slack = END + 64
    image = bytearray(with_words((128, slack)))
    image[slack : slack + 12] = struct.pack("<IHHHH", 0, 0, 1, 0xD800, 0)
    assert spared(tmp_path, forms, resealed(bytes(image))) == 0


@pytest.mark.parametrize(("after", "is_spared"), [(0, 0), (1, 0), (2, 1)])
def test_something_follows_the_last_value(tmp_path: Path, after: int, is_spared: int) -> None:
    """After the values of the payload, after those of the head, and after the end of all."""
    said = text("the last")
    chunk = chunk_of(raw(event_data("Field"), said))
    at = chunk.index(said[1]) + len(said[1]) + after
    found = CountedForms()
    spared(tmp_path, found, chunk)
    for token in (1, 5, 0x0C, 0x0F):
        assert spared(tmp_path, found, resealed(chunk[:at] + bytes((token,)) + chunk[at + 1 :])) == is_spared


def test_record_numbers_and_sizes(tmp_path: Path, forms: CountedForms) -> None:
    places = [at for at in RECORDS if CHUNK[at : at + 4] == b"**\0\0"]
    damaged = [
        with_words((at + field, struct.unpack_from("<I", CHUNK, at + field)[0] + more & 0xFFFFFFFF))
        for at in places
        for field in (4, 8, 12)
        for more in (-8, -1, 1, 8, 1 << 31)
    ]
    assert spared(tmp_path, forms, *damaged) == 0


def test_a_record_inside_another(tmp_path: Path, forms: CountedForms) -> None:
    record = CHUNK[CHUNK.rindex(b"**\0\0") : END]
    hidden = text("x" * 40 + "\0")[1] + record
    chunk = chunk_of(raw(LOGOFF, SID, (1, hidden + bytes(len(hidden) % 2)), (21, bytes(8)), system={"UserID": SID}))
    for _ in range(2):
        spared(tmp_path, forms, chunk)


def test_a_value_in_many_fields_is_left_to_the_parser(tmp_path: Path, forms: CountedForms) -> None:
    """A few records of that kind take any number of bytes."""
    root = Element("EventData", content=tuple(Element("Data", (("Name", f"N{n}"),), (Slot(0, 1),)) for n in range(40)))
    for said in ("a", "a", "\u20ac" * 3000):
        assert spared(tmp_path, forms, chunk_of(raw(LOGOFF, text(said)), root=root)) == 0


def test_fields_that_are_long_together_are_cut_too(tmp_path: Path, forms: CountedForms) -> None:
    """A SID is nearly three times as long in writing."""
    kind = event_data(*(f"N{number}" for number in range(58)))
    longest = 19, b"\1\xff\0\0\0\0\0\5" + b"\xff" * 4 * 255
    for sid in (SID, SID, longest):
        spared(tmp_path, forms, chunk_of(raw(kind, *[sid] * 58)))
    assert forms.spared == 4


def test_more_forms_than_are_kept_are_left_to_the_parser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few heads and few payloads, but many of both together."""
    monkeypatch.setattr(understanding, "_MOST_FORMS", 4)
    computers, kinds = [text("A" * length) for length in (1, 2, 3)], [event_data(name) for name in "ABC"]
    chunks = [chunk_of(raw(kind, text("a"), system={"Computer": name})) for kind in kinds for name in computers]
    found = CountedForms()
    spared(tmp_path, found, *chunks)
    assert spared(tmp_path, found, *chunks) == 4
    for kind in map(event_data, "DEF"):
        assert spared(tmp_path, found, chunk_of(raw(kind, text("a")))) == 0


def test_no_more_templates_are_kept_than_there_is_room_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = [chunk_of(raw(event_data(name), text("a\0"))) for name in ("First", "Second")]
    found = CountedForms()
    assert [spared(tmp_path, found, chunks[0]) for _ in range(2)] == [0, 1]
    monkeypatch.setattr(evtx_definitions, "_MOST_BYTES", 1)
    assert [spared(tmp_path, found, chunk) for chunk in (*chunks, *chunks)] == [1, 0, 1, 0]


def test_one_chunk_leaves_the_others_of_a_task_as_they_are(tmp_path: Path, forms: CountedForms) -> None:
    """Numbers that lead out of the chunk, or fit no type."""
    first, last = CHUNK.index(b"**\0\0"), CHUNK.rindex(b"**\0\0")
    (template,) = struct.unpack_from("<I", CHUNK, first + 34)
    words = [(first + 4, 0xFFFFFFFF), (last + 4, 1 << 31), (last + 34, CHUNK_SIZE - 26), (template + 20, CHUNK_SIZE)]
    words += [(28, 0xFFFFFFFF), (36, 0xFFFFFFFF), (24, 0xFFFFFFFF), (48, 0xFFFFFFFF), (last + 38, 0xFFFFFFFF)]
    words += [(template + 20, CHUNK_SIZE - 24 - template), (template + 20, 0x7FFFFFFF), (last + 34, 0xFFFFFFFF)]
    for damaged in map(with_words, words):
        assert spared(tmp_path, forms, CHUNK, damaged) == 1
        assert spared(tmp_path, forms, damaged, CHUNK) == 1
    magic = bytearray(CHUNK.ljust(CHUNK_SIZE, b"\0"))
    struct.pack_into("<II", magic, CHUNK_SIZE - 12, CHUNK_SIZE - 520, 0x2A2A)
    struct.pack_into("<I", magic, 48, CHUNK_SIZE)
    assert spared(tmp_path, forms, CHUNK, resealed(bytes(magic))) == 1
