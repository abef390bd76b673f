"""Who was on at a moment: for certain, possibly and why, and what the logs cover of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.who import who_was_on
from logonscope.filters.lookup import Lookup
from logonscope.filters.syntax import parse
from support.small_logs import at, logon, named, rebuilt, security

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import Who
    from support.events import Record

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
