"""Who was on at a moment: for certain, possibly and why, and what the logs cover of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.who import who_was_on
from logonscope.filters.lookup import Lookup
from logonscope.filters.syntax import parse
from support.events import Record
from support.small_logs import at, logon, named, rebuilt, security, system

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import Who

LOCKED = {"SessionId": 1, **named(0xA1)}
LOG = (
    security(11, 0, 4608),
    logon(12, 5),
    security(13, 20, 4800, **LOCKED),
    security(14, 40, 4801, **LOCKED),
    security(15, 60, 4647, **named(0xA1)),
    logon(16, 70, 0xA2, TargetUserName="bob", TargetUserSid="S-1-5-21-1-2-3-1105"),
    security(17, 100, 4776, TargetUserName="x"),
    security(18, 180, 4608),
    logon(19, 190, 0xA3),
    security(20, 200, 4776, TargetUserName="x"),
)


def asked(folder: Path, minutes: float, *records: Record, text: str = "") -> Who:
    with rebuilt(folder, *records or LOG) as con:
        return who_was_on(con, at(minutes), parse(text), Lookup())


def told(who: Who) -> tuple[list[Any], list[Any]]:
    return (
        [(a.session.account.name, a.state) for a in who.certain],
        [(a.session.account.name, a.reasons) for a in who.possible],
    )


@pytest.mark.parametrize(
    ("minutes", "certain", "possible"),
    [
        (4, [], []),
        (10, [("alice", "present")], []),
        (30, [("alice", "locked")], []),
        (50, [("alice", "present")], []),
        (65, [], []),
        (90, [("bob", "present")], []),
        (150, [], [("bob", ("end range",))]),
        (185, [], []),
        (195, [("alice", "present")], []),
        (300, [], [("alice", ("log ends",))]),
    ],
)
def test_people(minutes: float, certain: list[Any], possible: list[Any], tmp_path: Path) -> None:
    assert told(asked(tmp_path, minutes)) == (certain, possible)


def test_before_the_first_record_of_a_session_it_is_only_possible(tmp_path: Path) -> None:
    log = (security(900, 0, 4776, TargetUserName="x"), security(901, 30, 4647, **named(0xA1)))
    assert told(asked(tmp_path, 10, *log))[1] == [("alice", ("began before",))]


def test_near_a_clock_step_nothing_is_certain(tmp_path: Path) -> None:
    step = {"PreviousTime": "2026-03-02T08:30:00Z", "NewTime": "2026-03-02T08:50:00Z", "SubjectLogonId": "0x3e7"}
    log = (LOG[0], LOG[1], security(13, 50, 4616, **step), security(14, 180, 4647, **named(0xA1)))
    assert told(asked(tmp_path, 15, *log))[1] == [("alice", ("clock set",))]


@pytest.mark.parametrize("minutes", [10, 25])
def test_a_session_that_ends_before_its_start_by_the_clock_has_both_on_record(minutes: float, tmp_path: Path) -> None:
    step = {"PreviousTime": "2026-03-02T08:45:00Z", "NewTime": "2026-03-02T08:05:00Z", "SubjectLogonId": "0x3e7"}
    log = (security(11, 0, 4608), logon(12, 30), security(13, 5, 4616, **step), security(14, 20, 4647, **named(0xA1)))
    assert told(asked(tmp_path, minutes, *log))[1] == [("alice", ("clock set",))]


def test_far_from_a_clock_step_it_is(tmp_path: Path) -> None:
    step = {"PreviousTime": "2026-03-02T08:30:00Z", "NewTime": "2026-03-02T08:50:00Z", "SubjectLogonId": "0x3e7"}
    log = (LOG[0], LOG[1], security(13, 50, 4616, **step), security(14, 180, 4647, **named(0xA1)))
    assert told(asked(tmp_path, 100, *log))[0] == [("alice", "on")]


@pytest.mark.parametrize(
    ("minutes", "state", "boot", "covers"),
    [(-10, "unknown", None, False), (50, "running", 1, True), (150, "unknown", 1, True), (300, "unknown", 2, False)],
)
def test_a_machine_is_told_of_even_where_nobody_was_on(
    minutes: float, state: str, boot: int | None, covers: bool, tmp_path: Path
) -> None:
    (machine,) = asked(tmp_path, minutes).machines
    assert (machine.machine, machine.state, machine.boot, machine.covers) == ("WS1", state, boot, covers)
    assert (machine.first, machine.last) == (at(0), at(200))


def test_a_filter_narrows_the_people_and_not_the_coverage(tmp_path: Path) -> None:
    who = asked(tmp_path, 90, text="grade:A")
    assert (who.certain, len(who.machines)) == ((), 1)


def test_one_account_from_two_sources_at_once(tmp_path: Path) -> None:
    remote = {"LogonType": 10, "IpAddress": "10.0.0.9"}
    who = asked(tmp_path, 30, LOG[0], LOG[1], logon(13, 10, 0xA9, **remote), security(14, 90, 4776, TargetUserName="x"))
    ((one, other),) = who.overlaps
    assert {one.source_ip, other.source_ip} == {"127.0.0.1", "10.0.0.9"}


REMOTE: dict[str, Any] = {"LogonType": 10, "IpAddress": "10.0.0.9"}
LAST = security(0, 120, 4776, TargetUserName="x")


def numbered(*records: Record) -> list[Record]:
    """Records of the Security log, with none missing."""
    return [replace(record, record=number) for number, record in enumerate(records, 1)]


def named_desk(record: int, minutes: float, event_id: int, **fields: Any) -> Record:
    return security(record, minutes, event_id, SessionId=1, **named(0xA1), **fields)


def desk(record: int, minutes: float, event_id: int) -> Record:
    return security(record, minutes, event_id, AccountName="alice", LogonID="0xa1", ClientAddress="10.0.0.9")


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([logon(2, 5, **REMOTE), desk(3, 20, 4779)], "disconnected"),
        ([logon(2, 5, **REMOTE), desk(3, 20, 4779), desk(4, 25, 4778)], "connected"),
        ([logon(2, 5), named_desk(3, 20, 4802)], "idle"),
        ([logon(2, 5), named_desk(3, 20, 4802), named_desk(4, 21, 4800)], "locked"),
        ([logon(2, 5, **REMOTE), named_desk(3, 20, 4800), desk(4, 21, 4779)], "disconnected"),
        ([logon(2, 5)], "on"),
    ],
    ids=["disconnected", "back", "screen saver", "locked after it", "locked and disconnected", "not audited"],
)
def test_the_state_at_the_moment(records: list[Record], state: str, tmp_path: Path) -> None:
    (attendance,) = asked(tmp_path, 30, *numbered(security(1, 0, 4608), *records, LAST)).certain
    assert attendance.state == state


def test_nobody_is_present_at_a_machine_that_sleeps(tmp_path: Path) -> None:
    slept = system(1, 20, "Microsoft-Windows-Kernel-Power", 506)
    who = asked(tmp_path, 30, *numbered(security(1, 0, 4608), logon(2, 5), LAST), slept)
    assert told(who)[0] == [("alice", "asleep")]


def test_who_is_present_comes_before_who_is_away(tmp_path: Path) -> None:
    bob = named(0xA2, "bob", "S-1-5-21-1-2-3-1105")
    log = numbered(security(1, 0, 4608), logon(2, 5), logon(3, 6, **bob), named_desk(4, 20, 4800), LAST)
    assert told(asked(tmp_path, 30, *log))[0] == [("bob", "present"), ("alice", "locked")]


def test_who_is_disconnected_comes_before_who_is_locked(tmp_path: Path) -> None:
    bob = named(0xA2, "bob", "S-1-5-21-1-2-3-1105")
    left = security(5, 21, 4779, AccountName="bob", AccountDomain="LAB", LogonID="0xa2", SessionName="RDP-Tcp#1")
    log = numbered(
        security(1, 0, 4608), logon(2, 5), logon(3, 6, **{**REMOTE, **bob}), named_desk(4, 20, 4800), left, LAST
    )
    assert told(asked(tmp_path, 30, *log))[0] == [("bob", "disconnected"), ("alice", "locked")]


def test_records_that_contradict_each_other_make_it_only_possible(tmp_path: Path) -> None:
    closed = security(3, 60, 4634, LogonType=2, **named(0xA1, "bob", "S-1-5-21-1-2-3-1105"))
    (attendance,) = asked(tmp_path, 30, *numbered(security(1, 0, 4608), logon(2, 5), closed, LAST)).possible
    assert attendance.reasons == ("contradiction",)


def test_an_end_that_may_lie_in_a_hole_makes_it_only_possible(tmp_path: Path) -> None:
    notes = [security(record, record, 4776, TargetUserName="x") for record in (*range(3, 20), *range(25, 50))]
    who = asked(tmp_path, 40, security(1, 0, 4608), logon(2, 2), *notes)
    (attendance,) = who.possible
    assert attendance.reasons == ("no end",)


@pytest.mark.parametrize(("minutes", "gaps"), [(22, [("missing", 4)]), (20, [("missing", 4)]), (40, [])])
def test_a_moment_in_a_hole_is_told_of(minutes: float, gaps: list[Any], tmp_path: Path) -> None:
    notes = [security(record, record, 4776, TargetUserName="x") for record in (*range(1, 21), *range(25, 50))]
    (machine,) = asked(tmp_path, minutes, *notes).machines
    assert [(mark.kind, mark.amount) for mark in machine.gaps] == gaps


@pytest.mark.parametrize(("minutes", "kinds"), [(-60, ["cleared"]), (30, [])])
def test_what_a_clearing_took_away_lies_before_the_log(minutes: float, kinds: list[str], tmp_path: Path) -> None:
    cleared = Record(1102, 1, at(0), {}, provider="Microsoft-Windows-Eventlog", user_data="LogFileCleared")
    (machine,) = asked(tmp_path, minutes, cleared, logon(2, 5), security(3, 60, 4776, TargetUserName="x")).machines
    assert [mark.kind for mark in machine.gaps] == kinds


def test_a_filtered_log_is_told_of_at_any_moment(tmp_path: Path) -> None:
    notes = [security(record, record, 4776, TargetUserName="x") for record in range(3, 60, 3)]
    (machine,) = asked(tmp_path, 30, *notes).machines
    assert [mark.kind for mark in machine.gaps] == ["filtered"]


@pytest.mark.parametrize(("minutes", "state"), [(50, "running"), (70, "stopped"), (100, "running"), (300, "unknown")])
def test_a_machine_that_was_shut_down(minutes: float, state: str, tmp_path: Path) -> None:
    stopped = Record(1100, 3, at(60), {}, provider="Microsoft-Windows-Eventlog", user_data="ServiceShutdown")
    signed_out = security(2, 55, 4647, **named(0xA1))
    log = numbered(security(1, 0, 4608), signed_out, stopped, security(4, 90, 4608), LAST)
    (machine,) = asked(tmp_path, minutes, *log).machines
    assert machine.state == state


def test_contacts_and_tasks_are_no_people_at_the_desk(tmp_path: Path) -> None:
    contact = {"LogonType": 3, "LogonProcessName": "Kerberos", "IpAddress": "10.0.0.7"}
    log = [security(1, 0, 4608), logon(2, 5, 0xB1, **contact), logon(3, 6, 0xB2, LogonType=4), LAST]
    who = asked(tmp_path, 30, *numbered(*log))
    assert (who.certain, who.possible) == ((), ())
    assert [(a.session.logon_ids, who.contacts_total) for a in who.contacts] == [((0xB1,), 1)]
    assert [(a.session.logon_ids, who.work_total) for a in who.work] == [((0xB2,), 1)]


def test_run_as_is_listed_with_the_work_and_not_as_another_person(tmp_path: Path) -> None:
    run_as: dict[str, Any] = {"LogonProcessName": "seclogo", "SubjectLogonId": "0xa1"}
    bob = named(0xA2, "bob", "S-1-5-21-1-2-3-1105")
    log = numbered(security(1, 0, 4608), logon(2, 5), logon(3, 6, **bob, **run_as), LAST)
    who = asked(tmp_path, 30, *log)
    assert [a.session.account.name for a in who.certain] == ["alice"]
    assert [a.session.account.name for a in who.work] == ["bob"]


@pytest.mark.parametrize(
    ("second", "count"),
    [
        (logon(3, 10, 0xA9), 0),
        (logon(3, 10, **REMOTE, **named(0xA9, "bob", "S-1-5-21-1-2-3-1105")), 0),
        (logon(3, 10, 0xA9, **REMOTE), 1),
    ],
    ids=["same source", "another account", "another source"],
)
def test_overlaps_are_of_one_account_from_two_sources(second: Record, count: int, tmp_path: Path) -> None:
    who = asked(tmp_path, 30, *numbered(security(1, 0, 4608), logon(2, 5), second, LAST))
    assert len(who.overlaps) == count


def test_an_empty_case_answers_nothing(tmp_path: Path) -> None:
    with rebuilt(tmp_path) as con:
        who = who_was_on(con, at(0), parse(""), Lookup())
    assert (who.certain, who.possible, who.machines) == ((), (), ())
