"""Old event logs: every record, in their order, wherever the ring begins; and what damage costs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.knowledge.before_vista import named_strings, old_events
from logonscope.readers.evt import EvtReader
from logonscope.readers.sniff import sniff
from support.evt_log import END_BYTES, OldRecord, dirty, evt_log, wrapped
from support.on_disk import on_disk
from support.samples import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import ReadProblem

START = datetime(2005, 3, 7, 8)
LOGON = ("alice", "CORP", "(0x0,0xA1)", "2", "User32  ", "Negotiate", "XP1", "-")
RECORDS = [
    OldRecord(number, START + timedelta(seconds=number), 528, LOGON, sid="S-1-5-21-1-2-3-1104")
    for number in range(1, 51)
]
LOG = evt_log(RECORDS)
SIZE = len(RECORDS[0].encoded())


def place(number: int) -> int:
    """Where a record begins."""
    return 48 + (number - 1) * SIZE


class Reading:
    """All that came of one log."""

    def __init__(self, path: Path, contents: bytes) -> None:
        path.write_bytes(contents)
        self.numbers: list[int] = []
        self.events: list[dict[str, Any]] = []
        self.problems: list[ReadProblem] = []
        with EvtReader(on_disk(path, "evt")) as reader:
            for batch in reader.batches():
                self.numbers += batch.header_ids
                self.events += [json.loads(text)["Event"] for text in batch.texts]
                self.problems += batch.problems
            self.notes = " ".join(reader.notes)
            self.places = reader.places
        with EvtReader(on_disk(path, "evt"), self.places) as again:
            self.records = [again.record(number) for number in self.numbers[:60]]
            assert 0 in self.numbers or again.record(0) is None


def without(*lost: int) -> list[int]:
    return [record.number for record in RECORDS if record.number not in lost]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evt") / "log.evt"


@pytest.mark.parametrize(
    ("log", "first"),
    [(LOG, 1), (dirty(LOG), 1), (wrapped(RECORDS[10:], 15), 11), (dirty(wrapped(RECORDS[10:], 15)), 11)],
    ids=["closed", "in use", "wrapped", "wrapped, in use"],
)
def test_all_records_oldest_first(log: bytes, first: int, path: Path) -> None:
    reading = Reading(path, log)
    assert reading.numbers == [*range(first, 51)]
    assert reading.problems == []
    for number, text in zip(reading.numbers, reading.records, strict=True):
        assert f"Record number: {number}\n" in (text or "")


def test_a_record_in_full(path: Path) -> None:
    event = Reading(path, LOG).events[0]
    system = event["System"]
    assert system["Provider"]["#attributes"]["Name"] == "Security"
    assert (system["EventID"], system["Channel"], system["Computer"]) == (528, "Security", "XP1")
    assert system["TimeCreated"]["#attributes"]["SystemTime"] == "2005-03-07T08:00:01.000000Z"
    assert system["Keywords"] == "0xa0000000000000"
    assert event["EventData"] == {
        "TargetUserSid": "S-1-5-21-1-2-3-1104",
        "TargetUserName": "alice",
        "TargetDomainName": "CORP",
        "TargetLogonId": "(0x0,0xA1)",
        "LogonType": "2",
        "LogonProcessName": "User32  ",
        "AuthenticationPackageName": "Negotiate",
        "WorkstationName": "XP1",
        "LogonGuid": "-",
    }


def test_records_of_other_logs_keep_their_texts_and_bytes(path: Path) -> None:
    records = [
        OldRecord(1, START, 6009, ("5.01.", "2600", "", "Uniprocessor Free"), "EventLog", 4),
        OldRecord(2, START, 0x80000000 | 6005, (), "EventLog", 4, data=b"\1\2"),
        OldRecord(3, START, 7, ("one",), "Disk", 1),
    ]
    events = Reading(path, evt_log(records)).events
    assert [event["System"]["EventID"] for event in events] == [6009, 6005, 7]
    assert [event["System"]["Channel"] for event in events] == ["System"] * 3
    assert events[0]["EventData"]["Data"] == {"#text": ["5.01.", "2600", "", "Uniprocessor Free"]}
    assert events[1]["EventData"]["Binary"] == "0102"
    assert events[2]["EventData"]["Data"] == {"#text": "one"}
    assert events[2]["System"]["Level"] == 2


@pytest.mark.parametrize(("name", "channel"), [("AppEvent.Evt", "Application"), ("thing.evt", "thing"), ("x", "x")])
def test_which_log_it_is_is_said(name: str, channel: str, tmp_path: Path) -> None:
    reading = Reading(tmp_path / name, evt_log([OldRecord(1, START, 7, ("one",), "Thing", 4)]))
    assert reading.events[0]["System"]["Channel"] == channel
    assert f"taken for {channel} by the file's name" in reading.notes


@pytest.mark.parametrize("number", [1, 7, 50])
@pytest.mark.parametrize("damage", [(4, b"XXXX"), (0, b"\xff\xff\0\0"), (0, bytes(4)), (SIZE - 4, bytes(4))])
def test_a_broken_record_costs_itself(number: int, damage: tuple[int, bytes], path: Path) -> None:
    at, junk = place(number) + damage[0], damage[1]
    reading = Reading(path, LOG[:at] + junk + LOG[at + len(junk) :])
    assert reading.numbers == without(number)
    assert [problem.offset for problem in reading.problems] == [place(number), None]
    assert reading.problems[0].reason == f"no sound record in {SIZE} bytes"
    assert reading.problems[1].reason == "the log should hold 50 records, 1 are not there"


def test_truncated(path: Path) -> None:
    reading = Reading(path, LOG[: place(20) + 30])
    assert reading.numbers == [*range(1, 20)]
    assert [problem.offset for problem in reading.problems] == [place(20)]
    assert "no mark of the log's end" in reading.notes


def test_what_is_older_than_the_log_is_counted_and_not_read(path: Path) -> None:
    older = b"".join(record.encoded() for record in RECORDS[:3])
    end = 48 + 50 * SIZE + END_BYTES
    reading = Reading(path, LOG[:end] + older + LOG[end:])
    assert reading.numbers == without()
    assert "3 older records after the log's end, not read" in reading.notes


def test_megabytes_of_junk_are_one_problem(path: Path) -> None:
    reading = Reading(path, LOG[:48] + b"\xff" * 3_000_000 + LOG[48:])
    assert reading.numbers == without()
    assert [(problem.offset, problem.reason) for problem in reading.problems] == [
        (48, "no sound record in 3,000,000 bytes")
    ]


@pytest.mark.parametrize("size", [0, 10, 48, 60])
def test_next_to_nothing(size: int, path: Path) -> None:
    assert Reading(path, LOG[:size]).numbers == []


def test_an_empty_log(path: Path) -> None:
    reading = Reading(path, evt_log([]))
    assert (reading.numbers, reading.problems) == ([], [])


@settings(max_examples=150, deadline=None, derandomize=True)
@given(at=st.integers(48, 48 + 50 * SIZE), junk=st.binary(min_size=1, max_size=300))
def test_damage_costs_only_what_it_touches(at: int, junk: bytes, path: Path) -> None:
    reading = Reading(path, LOG[:at] + junk + LOG[at + len(junk) :])
    touched = range((at - 48) // SIZE + 1, (at + len(junk) - 48) // SIZE + 2)
    assert {*without(*touched)} <= {*reading.numbers}
    assert len(reading.numbers) == 50 or reading.problems


@settings(max_examples=100, deadline=None, derandomize=True)
@given(junk=st.binary(max_size=400))
def test_any_bytes_behind_a_header(junk: bytes, path: Path) -> None:
    Reading(path, LOG[:48] + junk)


@pytest.mark.parametrize("event_id", old_events())
def test_texts_that_do_not_lie_where_they_should_get_no_names(event_id: int) -> None:
    event = old_events()[event_id]
    fitting = dict(zip(event.strings, event.sample, strict=False))
    assert (named_strings(event_id, event.sample, "") or {}).keys() == fitting.keys()
    if any(name.lower().endswith("logonid") for name in fitting):
        assert named_strings(event_id, ["no number"] * len(event.strings), "") is None
    if event.least:
        assert named_strings(event_id, event.sample[: event.least - 1], "") is None


def test_sniffed_by_its_first_bytes() -> None:
    assert sniff(LOG[:100]) == ("evt", True)


@pytest.mark.skipif(not SAMPLES.exists(), reason="the samples are not there")
@pytest.mark.parametrize("name", ["dissect_TestLog.evt", "dissect_TestLog-dirty.evt"])
def test_real_logs(name: str) -> None:
    with EvtReader(on_disk(SAMPLES / "edge" / name, "evt")) as reader:
        batches = list(reader.batches())
    events = [json.loads(text)["Event"] for batch in batches for text in batch.texts]
    assert [event["System"]["EventRecordID"] for event in events] == [1, 2, 3, 4, 5]
    assert [event["System"]["EventID"] for event in events] == [1, 2, 3, 65534, 5]
    assert events[3]["EventData"]["Data"] == {"#text": "Test log entry, failure audit"}
    assert bytes.fromhex(events[3]["EventData"]["Binary"]).decode("utf-16-le") == "Test Binary Data"
    assert not any(batch.problems for batch in batches)
