"""Columns of a record of the usual shape, and of every odd shape that real logs hold."""

from __future__ import annotations

from typing import Any

import pytest
from normalised import ALICE, LOGON, NOBODY, SECURITY, SESSIONS, SUBJECT, event, only, system, without


def test_a_logon_of_the_usual_shape() -> None:
    found = only(event(system(), EventData=LOGON))
    expected = {
        "source": 3,
        "header_id": 501,
        "record_id": 71,
        "tick": 7,
        "computer": "WS1",
        "channel": "Security",
        "provider": SECURITY,
        "event_id": 4624,
        "version": 2,
        "outcome": 1,
        "account": ALICE,
        "target": ALICE,
        "subject": ("S-1-5-18", "WS1$", "ALDER"),
        "logon_id": 0x5A1B2,
        "subject_logon_id": 0x3E7,
        "linked_logon_id": 0x5A1A0,
        "logon_type": 10,
        "elevated": True,
        "source_ip": "10.0.0.9",
        "workstation": "LAP9",
        "process": "C:\\Windows\\System32\\winlogon.exe",
        "logon_process": "User32",
        "object": "",
        "status": None,
        "session_number": None,
        "clock_step": None,
        "event_data": LOGON,
    }
    assert {name: found[name] for name in expected} == expected


def test_a_provider_that_older_windows_writes_otherwise_is_one() -> None:
    asked = {"Data": {"#text": ["winlogon.exe (WS1)", "WS1", "No title", "0x500ff", "restart", "", "ALDER\\alice"]}}
    found = only(event(system(1074, "USER32"), EventData=asked))
    assert (found["provider"], found["event_id"]) == ("User32", 1074)


@pytest.mark.parametrize(
    ("bodies", "fields"),
    [
        ({"EventData": None}, None),
        ({}, None),
        ({"UserData": None}, None),
        ({"UserData": {"#attributes": {"xmlns": "x"}, "EventXML": LOGON}}, LOGON),
        ({"EventData": {"#attributes": {"Name": "x"}} | LOGON}, {"#attributes": {"Name": "x"}} | LOGON),
        ({"EventData": LOGON, "RenderingInfo": {"#attributes": {"Culture": "en-US"}, "Message": "m"}}, LOGON),
        ({"EventData": LOGON, "RenderingInfo": None}, LOGON),
        ({"EventData": None, "RenderingInfo": {"Message": {"#text": "m"}}}, None),
        ({"EventData": "text", "RenderingInfo": {"Message": "m"}}, "text"),
        ({"RenderingInfo": {"Message": "m"}, "EventData": LOGON}, LOGON),
        ({"EventData": {"Data": {"#text": ["a", "b"]}}}, {"Data": {"#text": ["a", "b"]}}),
        ({"EventData": {"Data": ["a", "b"]}}, {"Data": ["a", "b"]}),
        ({"EventData": "text"}, "text"),
        ({"EventData": ["a", "b"]}, ["a", "b"]),
        ({"EventData": {}}, {}),
        ({"EventData": {"a": "},", "b": "{x},"}}, {"a": "},", "b": "{x},"}),
    ],
)
def test_the_fields_of_a_record(bodies: dict[str, Any], fields: Any) -> None:
    found = only(event(system(), **bodies))
    assert found["event_data"] == fields
    full = isinstance(fields, dict) and "TargetUserName" in fields
    assert (found["target"], found["logon_id"]) == ((ALICE, 0x5A1B2) if full else (NOBODY, None))


@pytest.mark.parametrize(
    ("name", "value", "column", "kept"),
    [
        ("LogonType", "10", "logon_type", 10),
        ("LogonType", {"#attributes": {"x": 1}, "#text": 10}, "logon_type", 10),
        ("LogonType", 300, "logon_type", None),
        ("LogonType", None, "logon_type", None),
        ("LogonType", [1, 2], "logon_type", None),
        ("TargetLogonId", 369074, "logon_id", 0x5A1B2),
        ("TargetLogonId", "0x000000000005A1B2", "logon_id", 0x5A1B2),
        ("TargetLogonId", "-", "logon_id", None),
        ("IpAddress", "-", "source_ip", ""),
        ("IpAddress", None, "source_ip", ""),
        ("IpAddress", "10.0.0.9:49152", "source_ip", "10.0.0.9"),
        ("WorkstationName", 7, "workstation", "7"),
        ("WorkstationName", ["A", "B"], "workstation", '["A", "B"]'),
        ("ElevatedToken", "%%1843", "elevated", False),
        ("ElevatedToken", "yes", "elevated", None),
        ("TargetUserName", {"#text": "alice"}, "target", ALICE),
    ],
)
def test_a_value_of_another_type_than_usual(name: str, value: Any, column: str, kept: Any) -> None:
    assert only(event(system(), EventData=LOGON | {name: value}))[column] == kept


@pytest.mark.parametrize(
    ("missing", "column", "empty"),
    [
        ("Version", "version", None),
        ("Keywords", "outcome", 0),
        ("Correlation", "activity", ""),
        ("Channel", "channel", ""),
        ("Computer", "computer", ""),
        ("EventID", "event_id", 0),
        ("EventRecordID", "record_id", 501),
    ],
)
def test_a_missing_part_of_system_is_empty_and_costs_only_itself(missing: str, column: str, empty: Any) -> None:
    found = only(event(without(system(), missing), EventData=LOGON))
    whole = only(event(system(), EventData=LOGON))
    assert found[column] == empty
    assert (found["time"], found["event_data"]) == (whole["time"], LOGON)


@pytest.mark.parametrize(
    ("record_id", "kept"),
    [("72", 72), ((1 << 64) - 1, (1 << 64) - 1), (1 << 64, 501), (-1, 501), ("first", 501), (None, 501), ([], 501)],
)
def test_the_header_tells_the_record_id_where_the_record_has_none(record_id: Any, kept: int) -> None:
    assert only(event(system(EventRecordID=record_id), EventData=LOGON))["record_id"] == kept


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ({"Name": "EventLog", "Guid": "x"}, "EventLog"),
        ({"EventSourceName": "EventLog"}, "EventLog"),
        ({"Name": "", "EventSourceName": "EventLog"}, "EventLog"),
    ],
)
def test_the_names_of_a_provider(provider: dict[str, str], name: str) -> None:
    record = event(
        system(Provider={"#attributes": provider}, EventID={"#attributes": {"Qualifiers": 1}, "#text": 6005})
    )
    found = only(record)
    assert (found["provider"], found["event_id"]) == (name, 6005)


def test_the_activity_of_a_known_event_is_kept() -> None:
    correlation = {"#attributes": {"ActivityID": "AAAA"}}
    assert only(event(system(Correlation=correlation), EventData=LOGON))["activity"] == "AAAA"
    assert only(event(system(9999, Correlation=correlation), EventData=LOGON))["activity"] == ""


@pytest.mark.parametrize("keywords", ["0x8010000000000000", 0x8010000000000000, 9227875636482146304])
def test_a_refusal_is_told_by_the_keywords(keywords: Any) -> None:
    assert only(event(system(4625, Keywords=keywords), EventData=LOGON))["outcome"] == 2


@pytest.mark.parametrize("fields", [SUBJECT, dict(reversed(SUBJECT.items())), SUBJECT | {"SubjectLogonId": 369074}])
@pytest.mark.parametrize(("event_id", "provider"), [(4672, SECURITY), (4999, SECURITY)])
def test_events_that_only_a_subject_fills_columns_of(event_id: int, provider: str, fields: dict[str, Any]) -> None:
    found = only(event(system(event_id, provider), EventData=fields))
    assert (found["account"], found["subject"], found["target"]) == (ALICE, ALICE, NOBODY)
    assert (found["logon_id"], found["subject_logon_id"]) == (0x5A1B2, 0x5A1B2)
    assert found["event_data"] == fields


@pytest.mark.parametrize("fields", [None, "text", ["SubjectLogonId"], {"SubjectUserName": ["x"]}, {"X": SUBJECT}])
def test_a_subject_that_is_not_there_is_not_made_up(fields: Any) -> None:
    found = only(event(system(4672), EventData=fields))
    assert (found["subject"][0], found["logon_id"]) == ("", None)


@pytest.mark.parametrize(
    ("fields", "account", "logon_id"),
    [
        ({"TargetUserName": "alice", "TargetLogonId": "0xa1"}, ("", "alice", ""), 0xA1),
        ({"TargetUserName": "alice", "SubjectUserName": "bob", "SubjectLogonId": "0xb2"}, ("", "alice", ""), None),
        ({"TargetUserName": "-", "SubjectUserName": "bob", "SubjectLogonId": "0xb2"}, ("", "bob", ""), 0xB2),
        ({"TargetLogonId": "0xa1", "SubjectLogonId": "0xb2"}, NOBODY, 0xA1),
        ({"SubjectLogonId": "0xb2"}, NOBODY, 0xB2),
        ({"TargetUserSid": "S-1-0-0", "TargetUserName": "-"}, NOBODY, None),
    ],
)
def test_whose_account_and_logon_id_a_process_start_speaks_of(
    fields: dict[str, Any], account: tuple[str, str, str], logon_id: int | None
) -> None:
    """4688 names a target only where the process runs as somebody else."""
    found = only(event(system(4688), EventData=fields))
    assert (found["account"], found["logon_id"]) == (account, logon_id)


def test_an_event_of_another_provider_speaks_of_nobody() -> None:
    found = only(event(system(4624, "Somebody-Else"), EventData=LOGON))
    assert (found["account"], found["target"], found["logon_id"]) == (NOBODY, NOBODY, None)
    assert found["event_data"] == LOGON


def test_fields_inside_user_data_fill_columns() -> None:
    fields = {"User": "WS1\\kim", "SessionID": 2, "Address": "10.0.0.5"}
    found = only(event(system(21, SESSIONS), UserData={"EventXML": fields}))
    assert (found["target"], found["session_number"], found["source_ip"]) == (("", "kim", "WS1"), 2, "10.0.0.5")
