"""Every reader reads every record that was written."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from shutil import which
from typing import TYPE_CHECKING

import pytest
from demo_logs import FIRST_TIME, libevtx_texts, python_evtx_texts, record_ids, rust_events

from logonscope.demo.catalogue import event_kind
from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE, RecordTooLargeError, encode_log, write_log
from logonscope.demo.records import EventData, EventKind, Field, FieldType, Provider, Record, filetime, moment
from support.logs import NOTE, logon, note

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("alice", "bob[/admin]\x1b[31m ", "", "Zoë 日本語 😀", "svc\t\r\n\x01\x7f", "<&\"'>", "trailing  ")


def test_three_readers_agree() -> None:
    log = encode_log([logon(number, TargetUserName=name) for number, name in enumerate(NAMES, start=1)])
    events, complaints = rust_events(log)
    assert complaints == []
    assert [event["EventData"]["TargetUserName"] for event in events] == list(NAMES)
    assert len(libevtx_texts(log)) == len(python_evtx_texts(log)) == len(NAMES)
    assert "Zoë 日本語 😀" in libevtx_texts(log)[3]


def test_many_chunks() -> None:
    records = [logon(number, TargetLogonId=number) for number in range(1, 401)]
    log = encode_log(records)
    assert (len(log) - FILE_HEADER_SIZE) // CHUNK_SIZE > 3
    events, complaints = rust_events(log)
    assert complaints == []
    assert [event["EventData"]["TargetLogonId"] for event in events] == [hex(number) for number in range(1, 401)]
    assert len(libevtx_texts(log)) == len(python_evtx_texts(log)) == 400


def test_looks_like_windows() -> None:
    """The shapes that the Rust parser gives for Windows' own 4624 and 4625."""
    described = logon(7, SubjectLogonId=0x3E7, TargetUserSid="S-1-5-21-1-2-3-1104")
    record = replace(described, activity_id="49e6c634-aa1a-0000-34c6-e6491aaadc01")
    failed = event_kind("security", 4776, failed=True)
    check = Record(failed, 8, FIRST_TIME, "DC01", failed.fill(TargetUserName="x", Workstation="y", Status=0xC000006A))
    (event, failure), _ = rust_events(encode_log([record, check]))
    system = event["System"]
    assert list(system) == [
        "Provider", "EventID", "Version", "Level", "Task", "Opcode", "Keywords", "TimeCreated", "EventRecordID",
        "Correlation", "Execution", "Channel", "Computer", "Security",
    ]  # fmt: skip
    assert system["Provider"]["#attributes"] == {
        "Name": "Microsoft-Windows-Security-Auditing",
        "Guid": "54849625-5478-4994-A5BA-3E3B0328C30D",
    }
    assert system["EventID"] == 4624
    assert system["Keywords"] == "0x8020000000000000"
    assert system["TimeCreated"]["#attributes"]["SystemTime"] == "2026-03-02T08:00:07.000000Z"
    assert system["Correlation"]["#attributes"] == {"ActivityID": "49E6C634-AA1A-0000-34C6-E6491AAADC01"}
    assert system["Execution"]["#attributes"] == {"ProcessID": 640, "ThreadID": 700}
    assert system["Security"] is None
    fields = event["EventData"]
    assert list(fields) == [field.name for field in record.kind.payload.fields]
    assert fields["SubjectLogonId"] == "0x3e7"
    assert fields["LogonType"] == 2
    assert fields["TargetUserSid"] == "S-1-5-21-1-2-3-1104"
    assert fields["LogonGuid"] == "00000000-0000-0000-0000-000000000000"
    assert failure["System"]["Keywords"] == "0x8010000000000000"
    assert failure["System"]["Correlation"] is None
    assert failure["EventData"]["Status"] == "0xc000006a"


def test_user_data_and_classic_strings() -> None:
    """1102 and EventLog 6009 in the shapes of Windows' own records."""
    cleared = event_kind("log-service", 1102)
    values = cleared.fill(
        SubjectUserSid="S-1-5-18", SubjectUserName="john", SubjectDomainName="WS01", SubjectLogonId=0x1509E0
    )
    started = event_kind("event-log", 6009)
    records = [
        Record(cleared, 1, FIRST_TIME, "WS01", values, user_sid="S-1-5-18"),
        Record(started, 2, FIRST_TIME, "WS01", (("10.00.", "17763", "", "Multiprocessor Free", "0"), None)),
        Record(event_kind("security", 4608), 3, FIRST_TIME, "WS01"),
    ]
    log = encode_log(records)
    (first, second, third), complaints = rust_events(log)
    assert complaints == []
    assert first["System"]["Provider"]["#attributes"]["Guid"] == "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}"
    assert first["System"]["Security"]["#attributes"] == {"UserID": "S-1-5-18"}
    assert first["UserData"]["LogFileCleared"] == {
        "#attributes": {"xmlns": "http://manifests.microsoft.com/win/2004/08/windows/eventlog"},
        "SubjectUserSid": "S-1-5-18",
        "SubjectUserName": "john",
        "SubjectDomainName": "WS01",
        "SubjectLogonId": "0x1509e0",
    }
    assert second["System"]["EventID"] == {"#attributes": {"Qualifiers": 32768}, "#text": 6009}
    assert second["EventData"] == {
        "Data": {"#text": ["10.00.", "17763", "", "Multiprocessor Free", "0"]},
        "Binary": None,
    }
    assert third["EventData"] is None
    assert len(libevtx_texts(log)) == len(python_evtx_texts(log)) == 3


def test_null_values_are_read_by_all() -> None:
    kind = EventKind(
        Provider("Logonscope-Test"),
        9,
        "Security",
        payload=EventData(tuple(Field(field_type.value, field_type) for field_type in FieldType)),
    )
    log = encode_log([Record(kind, 1, FIRST_TIME, "WS01", (None,) * len(FieldType))])
    events, complaints = rust_events(log)
    assert complaints == []
    assert all(value in (None, "") for value in events[0]["EventData"].values())
    assert len(libevtx_texts(log)) == len(python_evtx_texts(log)) == 1


def test_empty_log() -> None:
    log = encode_log([])
    assert len(log) == FILE_HEADER_SIZE + CHUNK_SIZE
    assert rust_events(log) == ([], [])
    assert libevtx_texts(log) == []


@pytest.mark.parametrize("length", [29_000, 31_000])
def test_record_near_the_size_of_a_chunk(length: int) -> None:
    log = encode_log([note(1), note(2, "y" * length), note(3, "z" * length), note(4)])
    events, complaints = rust_events(log)
    assert complaints == []
    assert [len(event["EventData"]["Text"]) for event in events] == [300, length, length, 300]
    assert len(libevtx_texts(log)) == len(python_evtx_texts(log)) == 4


def test_chunk_filled_to_its_last_byte() -> None:
    """Records of every size near the end of a chunk go into it whole, or into the next."""
    for length in range(400, 440):
        assert record_ids(encode_log(note(number, "x" * length) for number in range(1, 150))) == [*range(1, 150)]


def test_record_too_large() -> None:
    with pytest.raises(RecordTooLargeError, match="record 1"):
        encode_log([note(1, "x" * 32_000)])


@pytest.mark.parametrize(
    ("field_type", "value"),
    [
        (FieldType.UINT8, 256),
        (FieldType.UINT32, -1),
        (FieldType.UINT32, "7"),
        (FieldType.SID, "alice"),
        (FieldType.GUID, "no"),
        (FieldType.BINARY, "text"),
        (FieldType.UNICODE_STRING, "a\0b"),
        (FieldType.UNICODE_STRING, "x" * 40_000),
    ],
)
def test_value_that_does_not_fit(field_type: FieldType, value: str | int) -> None:
    kind = EventKind(Provider("T"), 1, "Security", payload=EventData((Field("A", field_type),)))
    with pytest.raises(ValueError):
        encode_log([Record(kind, 1, FIRST_TIME, "WS01", (value,))])


def test_wrong_number_of_values() -> None:
    with pytest.raises(ValueError):
        encode_log([Record(NOTE, 1, FIRST_TIME, "WS01", ())])


def test_header_ids_of_their_own() -> None:
    records = [note(500), note(7)]
    assert record_ids(encode_log(records, first_header_id=1)) == [500, 7]
    assert "<EventRecordID>7</EventRecordID>" in libevtx_texts(encode_log(records, first_header_id=1))[1]


def test_ill_formed_text_costs_its_record_only() -> None:
    """A lone surrogate, which Windows allows in a name."""
    events, complaints = rust_events(encode_log([note(1, "a"), note(2, "\ud800"), note(3, "c")]))
    texts = [event["EventData"]["Text"] for event in events]
    assert (texts[0], texts[-1]) == ("a", "c")
    assert len(texts) + len(complaints) == 3


def test_write_log(tmp_path: Path) -> None:
    records = [logon(number) for number in range(1, 80)]
    write_log(tmp_path / "Security.evtx", records)
    assert (tmp_path / "Security.evtx").read_bytes() == encode_log(records)


@pytest.mark.skipif(which("evtxexport") is None, reason="libevtx tools are not installed")
def test_evtxexport(tmp_path: Path) -> None:
    write_log(tmp_path / "Security.evtx", [logon(number) for number in range(1, 200)])
    export = subprocess.run(["evtxexport", tmp_path / "Security.evtx"], capture_output=True, text=True, check=True)
    assert "Unable" not in export.stdout + export.stderr
    assert export.stdout.count("Event number") == 199


def test_filetime_and_back() -> None:
    assert filetime(moment(FIRST_TIME)) == FIRST_TIME
    assert moment(FIRST_TIME + 9) == moment(FIRST_TIME)
