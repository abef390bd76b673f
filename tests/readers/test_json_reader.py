"""The reader of JSON: shapes told by content, places found again, and every fault with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.demo.evtx_writer import encode_log
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.readers.json_records import event_text
from logonscope.readers.json_shapes import PARTS, Shape, ShapeFinder, json_shapes
from logonscope.readers.jsonl import JsonReader
from logonscope.readers.raw import RawBatch
from logonscope.readers.sniff import HEAD_BYTES, sniff
from logonscope.readers.sources import find_sources
from support.json_forms import FORMS, LAYOUTS, parsed
from support.logs import logon, notes
from support.on_disk import on_disk
from support.rows import rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.errors import SourceError
    from logonscope.model import ReadProblem

OTHER_JSON = {
    "package.json": {"name": "x", "version": "1.0.0", "scripts": {"test": "x"}, "EventID": 4},
    "settings.json": [{"event_id": 7, "when": "now"}],
    "geo.json": {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"Channel": "x"}}]},
    "events.json": {"Event": 1},
    "calendar.json": {"Event": {"System": "solar", "TimeCreated": "2020-01-01"}},
    "empty.json": {},
}


class Reading:
    """All that came of one file."""

    def __init__(self, path: Path, contents: bytes) -> None:
        path.write_bytes(contents)
        self.texts: list[dict[str, Any]] = []
        self.stamps: list[str] = []
        self.header_ids: list[int] = []
        self.problems: list[ReadProblem] = []
        with JsonReader(on_disk(path, "json")) as reader:
            for batch in reader.batches():
                assert len(batch.header_ids) == len(batch.stamps) == len(batch.texts)
                self.header_ids += batch.header_ids
                self.stamps += batch.stamps
                self.texts += [json.loads(text)["Event"] for text in batch.texts]
                self.problems += batch.problems
            self.notes = reader.notes
            self.places = reader.places
        with JsonReader(on_disk(path, "json"), self.places) as again:
            self.records = [again.record(number) for number in self.header_ids]
            assert again.record(0) is again.record(1_000_000) is None

    @property
    def record_ids(self) -> list[int]:
        return [text["System"]["EventRecordID"] for text in self.texts]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Fifty logons."""
    path = tmp_path_factory.mktemp("log") / "log"
    path.write_bytes(encode_log([logon(number) for number in range(101, 151)]))
    return parsed(path)


def lines(events: list[dict[str, Any]], form: str = "evtx_dump") -> list[bytes]:
    return LAYOUTS["lines"]([*map(FORMS[form], events)]).splitlines()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_form_is_told_by_its_contents(form: str, layout: str, events: list[dict[str, Any]]) -> None:
    assert sniff(LAYOUTS[layout]([*map(FORMS[form], events)])[:HEAD_BYTES]) == ("json", True)


@pytest.mark.parametrize("contents", [json.dumps(value).encode() for value in OTHER_JSON.values()])
def test_other_json_is_no_log(contents: bytes) -> None:
    assert not sniff(contents).readable


def test_other_json_of_a_folder_is_not_worth_a_word(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    for name, value in OTHER_JSON.items():
        (tmp_path / name).write_text(json.dumps(value, indent=2))
    (tmp_path / "log").write_bytes(lines(events)[0])
    errors: list[SourceError] = []
    assert [(file.path.name, file.kind) for file in find_sources([tmp_path], errors)] == [("log", "json")]
    assert errors == []


def test_other_json_that_is_named_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_text(json.dumps(OTHER_JSON["package.json"]))
    errors: list[SourceError] = []
    assert list(find_sources([path], errors)) == []
    assert [error.message for error in errors] == [f"{path}: found JSON text"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_record_is_found_again(layout: str, tmp_path: Path, events: list[dict[str, Any]]) -> None:
    reading = Reading(tmp_path / "log", LAYOUTS[layout]([*map(FORMS["evtx_dump"], events)]))
    assert reading.header_ids == [*range(1, 51)]
    assert reading.record_ids == [*range(101, 151)]
    found = [json.loads(record or "")["Event"]["System"]["EventRecordID"] for record in reading.records]
    assert found == reading.record_ids


def test_far_into_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(encode_log(notes(2500)))
    forms = [FORMS["velociraptor"](event) for event in parsed(path)]
    path.write_bytes(LAYOUTS["UTF-16"](forms))
    with JsonReader(on_disk(path, "json")) as reader:
        assert sum(batch.bytes_read for batch in reader.batches()) == path.stat().st_size
        assert len(reader.places.offsets) == 3
    with JsonReader(on_disk(path, "json"), reader.places) as again:
        for number in (1, 1000, 1001, 2500):
            found = json.loads(again.record(number) or "")
            assert found["System"]["EventRecordID"] == number


def test_a_record_that_has_the_shape_already_is_handed_on_as_it_is(
    tmp_path: Path, events: list[dict[str, Any]]
) -> None:
    contents = lines(events)
    (tmp_path / "log").write_bytes(b"\n".join(contents))
    with JsonReader(on_disk(tmp_path / "log", "json")) as reader:
        assert [text.encode() for batch in reader.batches() for text in batch.texts] == contents


def test_the_shape_may_change_from_line_to_line(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    mixed = [form(event) for event, form in zip(events, FORMS.values(), strict=False)]
    reading = Reading(tmp_path / "log", LAYOUTS["lines"](mixed))
    assert reading.record_ids == [*range(101, 101 + len(FORMS))]
    assert reading.problems == []
    assert len(reading.notes) == len({note.partition(" in ")[2] for note in reading.notes})


def test_every_fault_has_its_place(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    good = lines(events)
    parts = [
        good[0],
        b'{"Event":',
        good[1],
        b"hello",
        b'{"a":' * 100_000,
        b'{"other": "object"}',
        good[2],
        good[3][:200],
    ]
    reading = Reading(tmp_path / "log", b"\n".join(parts))
    starts = [sum(len(part) + 1 for part in parts[:number]) for number in range(len(parts))]
    assert reading.record_ids == [101, 102, 103]
    assert [problem.offset for problem in reading.problems] == [starts[number] for number in (1, 3, 4, 5, 7)]
    assert [problem.reason for problem in reading.problems] == [
        "this JSON object has no end",
        "no JSON object here",
        "this JSON object is nested too deep",
        "a JSON object that is no event of a known shape",
        "this JSON object has no end",
    ]


def test_places_in_utf_16_are_those_of_the_file(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    good = lines(events)[0].decode()
    text = f"\ufeff{good}\nhéllo\U0001f600\nworld {{\n{good}\nend"
    contents = text.encode("utf-16-le")
    reading = Reading(tmp_path / "log", contents)
    places = [contents.index("héllo".encode("utf-16-le")), contents.index("\nend".encode("utf-16-le")) + 2]
    assert [(problem.offset, problem.reason) for problem in reading.problems] == [
        (places[0], "no JSON object here (2 in a row)"),
        (places[1], "no JSON object here"),
    ]


def test_a_million_faults_are_not_told_one_by_one(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    good = lines(events)[0]
    reading = Reading(tmp_path / "log", (good + b"\nx\n") * 3000)
    assert len(reading.header_ids) == 3000
    assert len(reading.problems) == 1001
    assert "more" in reading.problems[-1].reason


def test_broken_utf_8_is_replaced_and_told(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    good = lines(events)
    reading = Reading(tmp_path / "log", good[0].replace(b"alice", b"al\xffce") + b"\n" + good[1])
    assert reading.texts[0]["EventData"]["TargetUserName"] == "al\ufffdce"
    assert [(problem.offset, problem.record_id) for problem in reading.problems] == [(0, 1)]


@pytest.mark.parametrize("time", ["", "yesterday", None, {"a": 1}, "9999999-01-01T00:00:00Z"])
def test_a_record_without_a_time_is_kept_and_told(time: Any, tmp_path: Path, events: list[dict[str, Any]]) -> None:
    record = FORMS["winlogbeat"](events[0]) | {"@timestamp": time}
    reading = Reading(tmp_path / "log", json.dumps(record).encode())
    assert reading.record_ids == [101]
    assert [problem.reason for problem in reading.problems] == ["the time of this record cannot be read"]


@pytest.mark.parametrize(
    ("time", "stamp"),
    [
        (1772438400.5, "2026-03-02T08:00:00.5000000Z UTC"),
        (1772438400, "2026-03-02T08:00:00.0000000Z UTC"),
        (1772438400123, "2026-03-02T08:00:00.1230000Z UTC"),
        (1772438400123456, "2026-03-02T08:00:00.1234560Z UTC"),
        (1772438400123456700, "2026-03-02T08:00:00.1234567Z UTC"),
        ("/Date(1772438400123)/", "2026-03-02T08:00:00.1230000Z UTC"),
        ("2026-03-02 10:00:00.123 +02:00", "2026-03-02T08:00:00.1230000Z UTC"),
        ("2026-03-02 08:00:00.123456 UTC", "2026-03-02T08:00:00.1234560Z UTC"),
        ("2026-03-02T08:00:00.1234567+00:00", "2026-03-02T08:00:00.1234567Z UTC"),
        (-1e300, ""),
        (1e300, ""),
    ],
)
def test_times_of_any_form(time: Any, stamp: str, tmp_path: Path, events: list[dict[str, Any]]) -> None:
    record = FORMS["velociraptor"](events[0])
    record["System"]["TimeCreated"] = {"SystemTime": time}
    assert Reading(tmp_path / "log", json.dumps(record).encode()).stamps == [stamp]


def test_local_times_go_by_the_moment_that_is_told_both_ways(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    record = FORMS["nxlog"](events[0])
    there = Reading(tmp_path / "log", json.dumps(record).encode())
    assert there.stamps[0][:19] == events[0]["stamp"][:19]
    del record["EventReceivedTime"]
    here = Reading(tmp_path / "log", json.dumps(record).encode())
    assert here.stamps[0][:19] == record["EventTime"].replace(" ", "T")


def test_hayabusa_where_it_keeps_the_fields(tmp_path: Path) -> None:
    hits = [
        {
            "Timestamp": "2026-03-02 09:00:00.123 +01:00",
            "RuleTitle": "Logon (RemoteInteractive (RDP))",
            "Level": "info",
            "Computer": "WS1",
            "Channel": "Sec",
            "EventID": 4624,
            "RecordID": 71,
            "Details": {
                "Type": "10 - REMOTE INTERACTIVE",
                "TgtUser": "alice",
                "SrcComp": "LAP9",
                "SrcIP": "10.0.0.9",
                "LID": "0x5a1b2",
            },
            "ExtraFieldInfo": {"TargetDomainName": "ALDER", "TargetUserSid": "S-1-5-21-1-2-3-1104"},
        },
        {
            "Timestamp": "2026-03-02 08:00:01.000 +00:00",
            "RuleTitle": "Admin Logon",
            "Computer": "WS1",
            "Channel": "Sec",
            "EventID": 4672,
            "RecordID": 72,
            "Details": "TgtUser: alice ¦ LID: 0x5a1b2",
            "ExtraFieldInfo": {},
        },
        {
            "Timestamp": "2026-03-02 08:00:02.000 +00:00",
            "RuleTitle": "RDP Logon",
            "Computer": "WS1",
            "Channel": "RDS-LSM",
            "EventID": 21,
            "RecordID": 7,
            "Details": {"TgtUser": "WS1\\alice", "SessID": 2, "SrcIP": "10.0.0.9"},
            "ExtraFieldInfo": {},
        },
    ]
    path = tmp_path / "timeline"
    path.write_bytes(LAYOUTS["one after the other"](hits))
    found = rows_of(path)
    logon, rights, desktop = found.rows
    assert (logon["provider"], logon["channel"]) == ("Microsoft-Windows-Security-Auditing", "Security")
    assert logon["target"] == ("S-1-5-21-1-2-3-1104", "alice", "ALDER")
    assert (logon["logon_type"], logon["logon_id"], logon["source_ip"], logon["workstation"]) == (
        10, 0x5A1B2, "10.0.0.9", "LAP9",
    )  # fmt: skip
    assert logon["time"].isoformat() == "2026-03-02T08:00:00.123000"
    assert (rights["subject"], rights["subject_logon_id"]) == (("", "alice", ""), 0x5A1B2)
    assert (desktop["target"], desktop["session_number"]) == (("", "alice", "WS1"), 2)
    assert "only records that a rule fits" in found.notes[0]


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 70), 1 << 70) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8) | st.sampled_from(["0x", "-1", "(0x1,0x2)", "9" * 30, "/Date(9)/", "{}", '{"a":']),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["#text", "@Name", "Data", "Value", "a", "param1"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(shape=st.sampled_from(json_shapes().shape), made=st.data())
def test_whatever_lies_where_parts_should_lie(shape: Shape, made: st.DataObject) -> None:
    record: dict[str, Any] = {}
    for path in {*shape.marks, *shape.fields, *(path for part in PARTS for path in getattr(shape, part)[:1])}:
        *above, leaf = path.split(".")
        place = record
        for key in above:
            place = place.setdefault(key, {}) if isinstance(place, dict) else {}
        if isinstance(place, dict):
            place[leaf] = made.draw(ANY_VALUE)
    record |= {"Message": made.draw(ANY_VALUE), "Details": made.draw(ANY_VALUE)}
    shaped = ShapeFinder()(record)
    if shaped is not None and shaped.shape.name != "evtx":
        stamp, text, _ = event_text(shaped)
        batch, _ = Normaliser(Dims())(RawBatch([1], [stamp], [text], 0), 1)
        assert batch.num_rows == 1


def test_objects_as_deep_as_can_be_read(tmp_path: Path) -> None:
    """Somewhere near the depth that the parser allows there must be no crash, only problems."""
    contents = b"\n".join(
        b'{"System":{"TimeCreated":{"SystemTime":1}},"UserData":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"
        for depth in range(100, 1100, 7)
    )
    reading = Reading(tmp_path / "log", contents)
    assert reading.texts
    assert reading.problems
    assert all(problem.reason.startswith("this JSON object is nested too deep") for problem in reading.problems)


def test_a_file_of_nothing_but_brackets(tmp_path: Path) -> None:
    reading = Reading(tmp_path / "log", b"[\n]\n")
    assert (reading.texts, reading.problems, reading.notes) == ([], [], ())
