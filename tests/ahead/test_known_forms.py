"""Records of known forms, read without the parser: whatever their values, the rows are those that the parser gives."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, encode_log
from support.columns_read import CountedForms, spared
from support.logs import hostile_logons, notes, two_boots
from support.raw_records import NOW, chunk_of, event_data, raw, resealed, text, user_data

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.demo.records import EventKind
    from support.raw_records import Value

KINDS = (event_data("First", "Second"), user_data("First", "Second"))
A_TEXT = text("alice\0")
A_SID = 19, b"\1\2\0\0\0\0\0\5" + struct.pack("<II", 21, 1104)
PLAIN: dict[int, Value] = {
    1: A_TEXT, 4: (4, b"\5"), 6: (6, b"\5\0"), 8: (8, b"\5\0\0\0"), 10: (10, b"\5" + bytes(7)),
    15: (15, bytes(range(16))), 17: (17, struct.pack("<Q", NOW)), 19: A_SID, 20: (20, b"\5\0\0\0"),
    21: (21, b"\5" + bytes(7)),
}  # fmt: skip
"""A plain value of each type that is read by columns."""
ODD_TEXTS = (
    "", "\0", "\0\0", "a\0b\0", "a\0\0", "\0a", " \0", " a \0", "\t\n\r\0", '"\0', "\\u0000\0", "null", "-\0",
    "<a b='c'>&amp;\0", "\x01\0", "\x1b[2J\0", "\x7f\x80\x9f\0", "\ud800\0", "\udc00a", "a\ud83d", "\U0001f600\0",
    "\U0010ffff", "\ufffe\0", "\uffff", "\ufeffa\0", "\u2028\u202e\0", "%%1842\0", "0x3e7\0", "x" * 9000,
    "\u20ac" * 9000,
)  # fmt: skip
ODD_TIMES = (
    0, 1, 116_444_735_999_999_999, 116_444_736_000_000_000, NOW + 7, 2_650_152_383_999_999_999,
    2_650_152_384_000_000_000, 2_650_467_744_000_000_000, (1 << 63) - 1, 1 << 63, (1 << 64) - 1,
)  # fmt: skip
ODD_SIDS = [
    bytes((revision, count)) + authority + bytes(max(4 * count + more, 0))
    for revision in (0, 1, 2, 255)
    for count in (0, 1, 15, 16, 255)
    for authority in (b"\0\0\0\0\0\5", b"\0\1\0\0\0\0", b"\xff" * 6)
    for more in (-4, 0, 1, 4)
]


def numbers(kind: int, size: int) -> list[Value]:
    """The extremes of a type, and values that have not its size."""
    bits = 8 * size
    extremes = (0, 9, (1 << (bits - 1)) - 1, 1 << (bits - 1), (1 << bits) - 1)
    return [(kind, number.to_bytes(size, "little")) for number in extremes] + [(kind, b"\7" * n) for n in range(17)]


ODD: dict[int, list[Value]] = {
    1: [*map(text, ODD_TEXTS), (1, b"a"), (1, b"a\0b")],
    **{kind: numbers(kind, len(PLAIN[kind][1])) for kind in (4, 6, 8, 10, 15, 20, 21)},
    17: [*((17, struct.pack("<Q", tick)) for tick in ODD_TIMES), (17, b"\7" * 7)],
    19: [*((19, sid) for sid in ODD_SIDS), (19, b""), (19, b"\1"), (19, b"\1\0" + bytes(5))],
}
OTHERS = [(kind, b"\1" * size) for kind in (0, 2, 3, 5, 13, 14, 16, 18, 33, 35, 127, 129, 136, 255) for size in (0, 4)]


def beside(kind: EventKind, value: Value) -> bytes:
    """A chunk with a value among plain ones."""
    return chunk_of(raw(kind, value, A_TEXT), raw(kind, PLAIN.get(value[0], A_TEXT), A_TEXT, record_id=2))


def bearing(kind: EventKind, value: Value) -> bytes:
    """A chunk that bears a form out, and the same form without bytes in that value."""
    return chunk_of(raw(kind, value, A_TEXT), raw(kind, (value[0], b""), A_TEXT, record_id=2))


@pytest.mark.parametrize("kind", KINDS, ids=["EventData", "UserData"])
@pytest.mark.parametrize("type_", PLAIN)
def test_odd_values_of_a_form_that_was_borne_out(tmp_path: Path, type_: int, kind: EventKind) -> None:
    forms = CountedForms()
    spared(tmp_path, forms, bearing(kind, PLAIN[type_]), beside(kind, PLAIN[type_]))
    assert spared(tmp_path, forms, beside(kind, PLAIN[type_])) == 1
    assert spared(tmp_path, forms, *(beside(kind, value) for value in ODD[type_])) > 0


@pytest.mark.parametrize("kind", KINDS, ids=["EventData", "UserData"])
@pytest.mark.parametrize("size", [4, 8])
def test_sizes_of_pointers(tmp_path: Path, size: int, kind: EventKind) -> None:
    forms = CountedForms()
    for _ in range(2):
        spared(tmp_path, forms, *(beside(kind, value) for value in numbers(16, size)))
    assert forms.spared > len(numbers(16, size)) // 2


@pytest.mark.parametrize(
    ("names", "is_spared"),
    [
        (("Two words", "odd (name's) %1"), True),
        (("Same", "Same"), True),
        (("SubjectUserName", "SubjectUserName"), False),
        (("IpAddress", "IpAddress"), False),
        (('"', "B"), False),
        (("B\\", "B"), False),
        (("#attributes", "#text"), False),
        (("\u00e9", "B"), False),
    ],
)
def test_names_of_fields(tmp_path: Path, names: tuple[str, str], is_spared: bool) -> None:
    forms = CountedForms()
    kind = event_data(*names, event_id=4624)
    chunk = chunk_of(raw(kind, A_TEXT, text("bob\0")))
    assert [spared(tmp_path, forms, chunk) for _ in range(2)] == [0, int(is_spared)]


@pytest.mark.parametrize("kind", KINDS, ids=["EventData", "UserData"])
def test_types_that_only_the_parser_reads(tmp_path: Path, kind: EventKind) -> None:
    forms = CountedForms()
    for _ in range(2):
        spared(tmp_path, forms, *(beside(kind, value) for value in OTHERS))


odd_texts = st.text(st.characters(exclude_categories=[]), max_size=40).map(lambda said: text(said + "\0"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(odd_texts, odd_texts), min_size=8, max_size=8))
def test_texts_of_any_characters(tmp_path: Path, said: list[tuple[Value, Value]]) -> None:
    forms = CountedForms()
    spared(tmp_path, forms, *(chunk_of(raw(kind, A_TEXT, A_TEXT)) for kind in KINDS))
    spared(tmp_path, forms, *(chunk_of(raw(kind, *both)) for kind in KINDS for both in said))


HEAD_TYPES = {
    "Provider": 1, "Guid": 15, "EventSourceName": 1, "EventID": 6, "Qualifiers": 6, "Version": 4, "Level": 4,
    "Keywords": 21, "Channel": 1, "SystemTime": 17, "EventRecordID": 10, "ActivityID": 15, "ProcessID": 8,
    "Computer": 1, "UserID": 19,
}  # fmt: skip


def like_it(value: Value) -> Value:
    """A plain value of the same type and size, as far as there is one: the sizes of a head belong to its form."""
    kind, content = value
    if kind == 1:
        return 1, b"a\0" * (len(content) // 2)
    if kind == 19 and len(content) in range(8, 1028, 4):
        return 19, bytes((1, len(content) // 4 - 2)) + b"\0\0\0\0\0\5" + bytes(len(content) - 8)
    return PLAIN[kind] if len(PLAIN[kind][1]) == len(content) else value


@pytest.mark.parametrize("name", HEAD_TYPES)
def test_odd_values_in_the_head(tmp_path: Path, name: str) -> None:
    forms = CountedForms()
    odd = ODD[HEAD_TYPES[name]]
    kind = KINDS[0]
    bore = [chunk_of(raw(kind, A_TEXT, A_TEXT, system={name: like_it(value)})) for value in odd]
    spared(tmp_path, forms, *bore)
    assert spared(tmp_path, forms, *bore) > 0
    damaged = [
        chunk_of(
            raw(kind, A_TEXT, A_TEXT, system={name: like_it(value)}),
            raw(kind, A_TEXT, A_TEXT, record_id=2, system={name: value}),
        )
        for value in odd
    ]
    assert spared(tmp_path, forms, *damaged) > 0


@pytest.mark.parametrize("name", ["Guid", "Level", "ProcessID", "UserID"])
def test_times_that_only_the_parser_can_judge(tmp_path: Path, name: str) -> None:
    kind = KINDS[0]
    forms = CountedForms()
    for tick in (NOW, *ODD_TIMES):
        spared(tmp_path, forms, chunk_of(raw(kind, A_TEXT, A_TEXT, system={name: (17, struct.pack("<Q", tick))})))


@pytest.mark.parametrize(("name", "value"), [("ThreadID", (8, b"\0")), ("ProcessID", (1, b"a")), ("UserID", (19, b""))])
def test_sizes_that_make_the_parser_misread_what_follows(tmp_path: Path, name: str, value: Value) -> None:
    """A form may seem to be borne out where what follows is the same at any place."""
    forms = CountedForms()
    for computer in ("\u4141" * 4, "\u4141" * 4, "WS01"):
        system = {name: value, "Computer": text(computer)}
        assert spared(tmp_path, forms, chunk_of(raw(event_data(), system=system))) == 0


@pytest.mark.parametrize("missing", HEAD_TYPES)
def test_heads_that_lack_a_value(tmp_path: Path, missing: str) -> None:
    forms = CountedForms()
    for _ in range(2):
        spared(tmp_path, forms, *(chunk_of(raw(kind, A_TEXT, A_TEXT, system={missing: (0, b"")})) for kind in KINDS))


@pytest.mark.parametrize("first", [0, 1, (1 << 32) - 1, (1 << 63) - 4, (1 << 63) - 2, (1 << 63), (1 << 64) - 4])
@pytest.mark.parametrize("first_header", [None, 0, 77, (1 << 63) - 2, (1 << 64) - 4])
def test_ids_of_any_size(tmp_path: Path, first: int, first_header: int | None) -> None:
    forms = CountedForms()
    three = [replace(raw(KINDS[0], A_TEXT, A_TEXT), record_id=first + number) for number in range(3)]
    for _ in range(2):
        spared(tmp_path, forms, chunk_of(*three, first_header_id=first_header))


def with_stamp(chunk: bytes, stamp: int) -> bytes:
    """With another time in the header of the first record."""
    return resealed(chunk[:528] + struct.pack("<Q", stamp) + chunk[536:])


def test_times_in_the_headers_of_records(tmp_path: Path) -> None:
    forms = CountedForms()
    chunk = chunk_of(raw(KINDS[0], A_TEXT, A_TEXT), raw(KINDS[0], A_TEXT, A_TEXT, record_id=2))
    spared(tmp_path, forms, chunk)
    odd = [with_stamp(chunk, stamp) for stamp in (*ODD_TIMES, NOW, NOW + 1, NOW + 9, NOW + 10)]
    assert spared(tmp_path, forms, *odd) == 10


@pytest.mark.parametrize("kind", [1, 4, 6])
def test_a_field_that_is_called_event_id_says_nothing_of_a_cleared_log(tmp_path: Path, kind: int) -> None:
    forms = CountedForms()
    for made in (event_data("EventID"), user_data("EventID")):
        for cleared in (5, 104, 1102):
            value = text(f"{cleared}\0") if kind == 1 else (kind, cleared.to_bytes(4, "little")[: len(PLAIN[kind][1])])
            spared(tmp_path, forms, chunk_of(raw(made, value)))
    assert forms.spared > forms.asked


@pytest.mark.parametrize("qualifiers", [None, 0, 5])
def test_a_cleared_log(tmp_path: Path, qualifiers: int | None) -> None:
    forms = CountedForms()
    chunk = chunk_of(raw(event_data("Field", event_id=1102, qualifiers=qualifiers), A_TEXT))
    assert [spared(tmp_path, forms, chunk) for _ in range(2)] == [0, 1]


def test_the_same_guid_proves_nothing(tmp_path: Path) -> None:
    forms = CountedForms()
    names = [("Abc", "Def"), ("Def", "Abc"), ("Abc", "Xyz"), ("Abc", "Def", "Ghi"), ("Abcdef",), ("Abc", "Dex")]
    kinds = [make(*some) for make in (event_data, user_data) for some in names]
    said = [raw(kind, *(text(f"{number}\0") for number, _ in enumerate(kind.payload.fields))) for kind in kinds]
    alone = [chunk_of(record, guid=b"G" * 16) for record in said]
    together = [
        chunk_of(*(replace(one, record_id=number) for number, one in enumerate((first, second), 1)), guid=b"G" * 16)
        for first in said
        for second in said
    ]
    spared(tmp_path, forms, *alone)
    assert spared(tmp_path, forms, *alone) == len(alone)
    assert spared(tmp_path, forms, *together) > 0


def test_logs_of_a_machine_are_read_without_the_parser(tmp_path: Path) -> None:
    for records in (notes(300), two_boots().files()["Security.evtx"], hostile_logons()[2:]):
        forms = CountedForms()
        log = encode_log(records)
        chunks = [log[at : at + CHUNK_SIZE] for at in range(FILE_HEADER_SIZE, len(log), CHUNK_SIZE)]
        spared(tmp_path, forms, *chunks)
        assert spared(tmp_path, forms, *chunks) == len(chunks)


def test_what_a_log_says_to_a_terminal(tmp_path: Path) -> None:
    forms = CountedForms()
    for _ in range(2):
        spared(tmp_path, forms, encode_log(hostile_logons())[FILE_HEADER_SIZE:])
