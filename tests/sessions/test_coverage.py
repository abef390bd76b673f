"""Every kind of coverage mark, from the smallest log that shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.knowledge.coverage import mark_kinds
from logonscope.sessions.rebuild import rebuild
from logonscope.store.case_store import CaseStore
from logonscope.store.coverage_rows import fetch_coverage
from support.events import Record, load
from support.small_logs import at, logon, named, rebuilt, security, system

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import CoverageMark

EVENTLOG = "Microsoft-Windows-Eventlog"
START = security(1, 0, 4608)
MALLORY = {"SubjectUserName": "mallory", "SubjectDomainName": "ALDER"}


def log_service(record: int, minutes: float, event_id: int, **fields: Any) -> Record:
    return Record(event_id, record, at(minutes), fields, provider=EVENTLOG, user_data="Told")


def note(record: int, minutes: float) -> Record:
    return security(record, minutes, 4776, TargetUserName="x")


def clock_set(record: int, minutes: float, by: timedelta) -> Record:
    before = at(minutes) - by
    times = {"PreviousTime": f"{before.isoformat()}Z", "NewTime": f"{at(minutes).isoformat()}Z"}
    return security(record, minutes, 4616, SubjectUserName="mallory", SubjectLogonId="0x3e7", **times)


def marks(folder: Path, kind: str, *records: Record) -> list[CoverageMark]:
    with rebuilt(folder, *records) as con:
        found = fetch_coverage(con, None)
    assert {mark.kind for mark in found} <= set(mark_kinds())
    return [mark for mark in found if mark.kind == kind]


@pytest.mark.parametrize(
    ("kind", "record", "text"),
    [
        ("lost", log_service(2, 10, 1101), ""),
        ("full", log_service(2, 10, 1104), ""),
        ("full", log_service(2, 10, 1103), ""),
        ("cleared", log_service(2, 10, 1102, **MALLORY), "ALDER\\mallory"),
        ("policy", security(2, 10, 4719, **MALLORY), "ALDER\\mallory"),
    ],
    ids=["1101", "1104", "1103", "1102", "4719"],
)
def test_a_record_that_is_a_mark_itself(kind: str, record: Record, text: str, tmp_path: Path) -> None:
    (mark,) = marks(tmp_path, kind, START, record, note(3, 20))
    assert (mark.machine, mark.channel, mark.since, mark.until) == ("WS1", "Security", at(10), at(10))
    assert (mark.row, mark.text) == (1, text)


def test_what_each_channel_covers(tmp_path: Path) -> None:
    found = marks(tmp_path, "covered", START, note(2, 20), system(7, 5, "EventLog", 6005))
    assert [(mark.channel, mark.since, mark.until, mark.amount) for mark in found] == [
        ("Security", at(0), at(20), 2),
        ("System", at(5), at(5), 1),
    ]


def test_missing_records(tmp_path: Path) -> None:
    (mark,) = marks(tmp_path, "missing", *(note(record, record) for record in (*range(1, 9), *range(12, 20))))
    assert (mark.since, mark.until, mark.amount, mark.row) == (at(8), at(12), 3, None)


def test_a_clearing_of_another_log_is_marked_there(tmp_path: Path) -> None:
    """104 is written to the System log and names the one that was cleared."""
    fields = {"Channel": "Application", **MALLORY}
    cleared = Record(104, 1, at(10), fields, channel="System", provider=EVENTLOG, user_data="LogFileCleared")
    other = Record(1000, 1, at(20), {}, channel="Application", provider="Application Error")
    (mark,) = marks(tmp_path, "cleared", cleared, other)
    assert (mark.channel, mark.since, mark.text) == ("Application", at(10), "ALDER\\mallory")


def test_a_clearing_of_a_log_that_is_not_loaded_stays_with_the_log_that_tells_it(tmp_path: Path) -> None:
    fields = {"Channel": "Application", **MALLORY}
    cleared = Record(104, 1, at(10), fields, channel="System", provider=EVENTLOG, user_data="LogFileCleared")
    (mark,) = marks(tmp_path, "cleared", cleared)
    assert mark.channel == "System"


def test_the_log_service_stopped_while_the_machine_ran(tmp_path: Path) -> None:
    (mark,) = marks(tmp_path, "stopped", START, log_service(2, 10, 1100), logon(3, 30), note(4, 31))
    assert (mark.since, mark.until, mark.row) == (at(10), at(30), 1)


@pytest.mark.parametrize(
    "after",
    [[], [security(3, 30, 4608)], [security(3, 10.1, 4634, LogonType=2, **named(0xA1))]],
    ids=["the end of the log", "a start", "closing records only"],
)
def test_a_stop_for_good_is_no_interruption(after: list[Record], tmp_path: Path) -> None:
    assert marks(tmp_path, "stopped", START, log_service(2, 10, 1100), *after) == []


@pytest.mark.parametrize(
    ("by", "microseconds"), [(timedelta(hours=-2), -7_200_000_000), (timedelta(seconds=2), 2_000_000)]
)
def test_the_clock_was_set(by: timedelta, microseconds: int, tmp_path: Path) -> None:
    (mark,) = marks(tmp_path, "clock", START, note(2, 10), clock_set(3, 20, by))
    assert (mark.since, mark.until, mark.amount) == (at(20) - by, at(20), by // timedelta(microseconds=1))
    assert (mark.row, mark.text) == (2, "mallory")


@pytest.mark.parametrize(("year", "other"), [("0001-01-01", "9999-12-31"), ("9999-12-31", "0001-01-01")])
def test_a_forged_step_leads_to_no_time_outside_the_calendar(year: str, other: str, tmp_path: Path) -> None:
    times = {"PreviousTime": f"{year}T00:00:00Z", "NewTime": f"{other}T00:00:00Z"}
    (mark,) = marks(tmp_path, "clock", START, security(2, 20, 4616, SubjectLogonId="0x3e7", **times))
    assert (mark.since, mark.until) == (None, at(20))


def test_a_routine_synchronisation_is_no_mark(tmp_path: Path) -> None:
    assert marks(tmp_path, "clock", START, clock_set(2, 20, timedelta(seconds=1.9))) == []


def test_the_clock_was_set_where_only_the_system_log_is_there(tmp_path: Path) -> None:
    times = {"OldTime": "2026-03-02T08:20:00Z", "NewTime": "2026-03-02T09:20:00Z"}
    set_then = system(2, 80, "Microsoft-Windows-Kernel-General", 1, **times, Reason=1)
    (mark,) = marks(tmp_path, "clock", system(1, 0, "EventLog", 6005), set_then)
    assert (mark.channel, mark.amount, mark.since) == ("System", 3_600_000_000, at(20))


def test_time_that_runs_back_unexplained(tmp_path: Path) -> None:
    (mark,) = marks(tmp_path, "backwards", START, note(2, 20), note(3, 15), note(4, 21))
    assert (mark.since, mark.until, mark.amount, mark.row) == (at(20), at(15), -300_000_000, 2)


@pytest.mark.parametrize(
    "records",
    [
        [note(2, 20), note(3, 19.5)],
        [note(2, 20), clock_set(3, 10, timedelta(minutes=-10)), note(4, 10.1)],
        [note(2, 20), note(4, 15)],
    ],
    ids=["less than a minute", "the clock was set", "not neighbours"],
)
def test_time_that_runs_back_for_a_reason(records: list[Record], tmp_path: Path) -> None:
    assert marks(tmp_path, "backwards", START, *records) == []


def test_a_subcategory_of_which_nothing_was_seen(tmp_path: Path) -> None:
    silent = {mark.text for mark in marks(tmp_path, "never seen", START, note(2, 10), logon(3, 20))}
    assert {"Logoff", "Special Logon", "Other Logon/Logoff"} <= silent
    assert not {"Logon", "Security State Change", "Credential Validation"} & silent


def test_without_a_security_log_no_subcategory_is_spoken_of(tmp_path: Path) -> None:
    assert marks(tmp_path, "never seen", system(1, 0, "EventLog", 6005)) == []


def test_a_logon_without_an_id_is_counted(tmp_path: Path) -> None:
    (mark,) = marks(tmp_path, "no logon ID", START, logon(2, 10, 0), security(3, 20, 4634, LogonType=3))
    assert (mark.since, mark.until, mark.amount, mark.row) == (at(10), at(20), 2, 1)


def test_a_logon_id_that_only_acted_is_mentioned(tmp_path: Path) -> None:
    acting = [
        security(record, record, 4688, SubjectUserName="alice", SubjectLogonId="0xbeef", NewProcessName="cmd.exe")
        for record in (2, 3)
    ]
    (mark,) = marks(tmp_path, "mentioned", START, *acting)
    assert (mark.since, mark.until, mark.amount, mark.text) == (at(2), at(3), 2, "0xbeef in boot 1")


def test_regular_interruptions(tmp_path: Path) -> None:
    """Two people are cut every hour on the hour."""
    records = [
        START,
        logon(2, 1, LogonType=10, IpAddress="10.0.0.9"),
        logon(
            3, 2, 0xA2, LogonType=10, IpAddress="10.0.0.8", TargetUserName="bob", TargetUserSid="S-1-5-21-1-2-3-1105"
        ),
    ]
    for hour in range(1, 6):
        for logon_id, user in (("0xa1", "alice"), ("0xa2", "bob")):
            for event_id, minutes in ((4779, 60 * hour), (4778, 60 * hour + 4)):
                fields = {"AccountName": user, "LogonID": logon_id, "ClientAddress": "10.0.0.9"}
                records.append(security(len(records) + 1, minutes, event_id, **fields))
    (mark,) = marks(tmp_path, "interrupted", *records)
    assert (mark.since, mark.until, mark.amount, mark.text) == (at(60), at(300), 5, "2 users, every 60 minutes")


def test_each_file_is_a_mark(tmp_path: Path) -> None:
    found = marks(tmp_path, "file", START, note(2, 20), system(7, 5, "EventLog", 6005))
    assert [(mark.machine, mark.text, mark.amount) for mark in found] == [
        ("WS1", "source 1", 2),
        ("WS1", "source 2", 1),
    ]
    assert all(mark.mark_id < 0 for mark in found)


def test_a_file_of_several_machines_belongs_to_none(tmp_path: Path) -> None:
    there = Record(4608, 9, at(5), computer="WS2")
    (mark,) = marks(tmp_path, "file", START, there)
    assert (mark.machine, mark.amount) == ("", 2)


@pytest.mark.parametrize(("records", "kind"), [([START], "file in part"), ([], "file unreadable")])
def test_a_file_with_problems(records: list[Record], kind: str, tmp_path: Path) -> None:
    store = CaseStore(tmp_path)
    try:
        load(store, records)
        con = store.cursor()
        con.execute("INSERT INTO problem VALUES (1, 'chunk', 0, 0, 'checksum')")
        con.execute("DELETE FROM built")
        con.execute("DELETE FROM coverage")
        rebuild(store.cursor())
        (mark,) = (mark for mark in fetch_coverage(con, None) if mark.mark_id < 0)
    finally:
        store.close()
    assert (mark.kind, mark.amount, mark.text) == (kind, 1, "source 1")
