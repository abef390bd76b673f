"""Records that contradict each other or can't be true: never a crash, never believed silently."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from logonscope.store.coverage_rows import fetch_coverage
from support.events import Record
from support.small_logs import at, desktop, logon, named, rebuilt, security, sessions

if TYPE_CHECKING:
    from pathlib import Path

BOOT = security(1, 0, 4608)


def test_a_logoff_that_stands_before_its_logon(tmp_path: Path) -> None:
    with rebuilt(tmp_path, BOOT, security(2, 60, 4634, LogonType=2, **named(0xA1)), logon(3, 5)) as con:
        earlier, later = sorted(sessions(con), key=lambda session: session.end_evidence)
    assert (earlier.end_evidence, earlier.grade, earlier.start) == ("4634", "T", None)
    assert "id-used-again" in earlier.flags
    assert (later.start, later.end_evidence) == (at(5), "open")


def test_two_users_on_one_session(tmp_path: Path) -> None:
    bob = named(0xA1, "bob", "S-1-5-21-1-2-3-1105")
    with rebuilt(tmp_path, BOOT, logon(2, 5), security(3, 60, 4634, LogonType=2, **bob)) as con:
        (session,) = sessions(con)
    assert session.account.name == "alice"
    assert "two-users" in session.flags


def test_one_user_under_two_names_is_no_contradiction(tmp_path: Path) -> None:
    """A Microsoft account logs on by its address and off by its short name."""
    closed = security(3, 60, 4634, LogonType=2, **named(0xA1, "alice@example.com"))
    with rebuilt(tmp_path, BOOT, logon(2, 5), closed) as con:
        (session,) = sessions(con)
    assert "two-users" not in session.flags


@pytest.mark.parametrize("stamp", [datetime(1601, 1, 1), datetime(2107, 1, 1)])
def test_a_time_that_cannot_be(stamp: datetime, tmp_path: Path) -> None:
    closed = Record(4634, 3, stamp, {"LogonType": 2, **named(0xA1)})
    with rebuilt(tmp_path, BOOT, logon(2, 5), closed, security(4, 90, 4776, TargetUserName="x")) as con:
        (session,) = sessions(con)
    assert session.grade == "D"
    assert "implausible-time" in session.flags
    assert (session.duration, session.duration_least, session.duration_most) == (None, None, None)


def test_a_logon_without_an_id_belongs_to_no_session_and_is_counted(tmp_path: Path) -> None:
    with rebuilt(tmp_path, BOOT, logon(2, 5, 0), logon(3, 6, 0), logon(4, 7)) as con:
        (session,) = sessions(con)
        (mark,) = [mark for mark in fetch_coverage(con, None) if mark.kind == "no logon ID"]
        unused = con.execute("SELECT count(*) FROM unused").fetchall()
    assert session.logon_ids == (0xA1,)
    assert (mark.amount, mark.since, unused) == (2, at(5), [(2,)])


def test_a_second_logon_with_the_same_id(tmp_path: Path) -> None:
    closed = security(4, 60, 4634, LogonType=2, **named(0xA1))
    with rebuilt(tmp_path, BOOT, logon(2, 5), logon(3, 30), closed) as con:
        (session,) = sessions(con)
    assert (session.start, session.end) == (at(5), at(60))
    assert "duplicate-4624" in session.flags


def test_a_session_that_is_only_mentioned_is_listed_but_makes_nobody(tmp_path: Path) -> None:
    mentioned = security(2, 5, 4688, SubjectUserName="alice", SubjectLogonId="0xbeef", NewProcessName="cmd.exe")
    with rebuilt(tmp_path, BOOT, mentioned) as con:
        assert sessions(con) == []
        (mark,) = [mark for mark in fetch_coverage(con, None) if mark.kind == "mentioned"]
    assert (mark.amount, mark.text) == (1, "0xbeef in boot 1")


@pytest.mark.parametrize("record_id", [2**48 + 5, 2**63, 2**64 - 1])
def test_a_record_id_beyond_all_measure(record_id: int, tmp_path: Path) -> None:
    with rebuilt(tmp_path, BOOT, logon(2, 5), logon(record_id, 7, 0xA2)) as con:
        found = sessions(con)
    assert sorted(session.logon_ids for session in found) == [(0xA1,), (0xA2,)]


class Undated(Record):
    """A record whose time nobody can read."""

    def stamp(self) -> str:
        return "yesterday"


def undated(record: Record) -> Record:
    return Undated(record.id, record.record, record.time, record.fields)


def test_a_logon_without_a_time_has_no_start(tmp_path: Path) -> None:
    closed = security(3, 60, 4634, LogonType=2, **named(0xA1))
    with rebuilt(tmp_path, BOOT, undated(logon(2, 5)), closed) as con:
        (session,) = sessions(con)
    assert (session.start, session.end, session.duration) == (None, at(60), None)


def test_a_sign_out_without_a_time_is_an_end_without_one(tmp_path: Path) -> None:
    closed = undated(security(3, 60, 4634, LogonType=2, **named(0xA1)))
    with rebuilt(tmp_path, BOOT, logon(2, 5), closed, security(4, 90, 4776, TargetUserName="x")) as con:
        (session,) = sessions(con)
    assert (session.start, session.end, session.end_evidence, session.duration) == (at(5), None, "4634", None)


def test_a_log_of_undated_records_makes_no_boot_of_its_own(tmp_path: Path) -> None:
    with rebuilt(tmp_path, undated(security(1, 0, 4608)), undated(logon(2, 5))) as con:
        assert all(session.start is None for session in sessions(con))


@pytest.mark.parametrize("event_id", [-1, 65536 + 4624, 2**31 - 1])
def test_an_event_id_out_of_range_is_no_other_event(event_id: int, tmp_path: Path) -> None:
    strange = security(3, 10, event_id, LogonType=2, **named(0xA2))
    with rebuilt(tmp_path, BOOT, logon(2, 5), strange) as con:
        (session,) = sessions(con)
    assert session.logon_ids == (0xA1,)


@pytest.mark.parametrize("logon_id", ["0x1ffffffffffffffff", "-1", "alice", "", "99999999999999999999999"])
def test_a_logon_id_that_is_no_number_of_64_bits_is_counted_as_none(logon_id: str, tmp_path: Path) -> None:
    with rebuilt(tmp_path, BOOT, logon(2, 5), logon(3, 6, TargetLogonId=logon_id)) as con:
        (session,) = sessions(con)
        (mark,) = [mark for mark in fetch_coverage(con, None) if mark.kind == "no logon ID"]
    assert (session.logon_ids, mark.amount) == ((0xA1,), 1)


def test_the_greatest_logon_id_is_one_like_any_other(tmp_path: Path) -> None:
    with rebuilt(tmp_path, BOOT, logon(2, 5, 2**64 - 1)) as con:
        (session,) = sessions(con)
    assert session.key == "WS1/0xffffffffffffffff@2"


def test_an_end_before_the_beginning_is_flagged_and_has_no_length(tmp_path: Path) -> None:
    """In record order the logoff comes later, but its stamp is an hour earlier and no clock step explains it."""
    with rebuilt(tmp_path, BOOT, logon(2, 70), security(3, 10, 4634, LogonType=2, **named(0xA1))) as con:
        (session,) = sessions(con)
        marks = [mark.kind for mark in fetch_coverage(con, None)]
    assert (session.duration, session.active, session.span) == (None, None, -3_600_000_000)
    assert "negative-duration" in session.flags
    assert "backwards" in marks


def test_two_ends_are_flagged_and_the_first_is_kept(tmp_path: Path) -> None:
    ends = [security(record, 20 * record, 4634, LogonType=2, **named(0xA1)) for record in (3, 4)]
    with rebuilt(tmp_path, BOOT, logon(2, 5), *ends) as con:
        (session,) = sessions(con)
    assert (session.end, "duplicate-4634" in session.flags) == (at(60), True)


def test_two_different_records_with_one_number_are_both_kept(tmp_path: Path) -> None:
    """Record 2 is there twice, with different contents: no copy, so neither is dropped."""
    with rebuilt(tmp_path, BOOT, logon(2, 5), logon(2, 6, 0xA2)) as con:
        assert sorted(session.logon_ids for session in sessions(con)) == [(0xA1,), (0xA2,)]


@pytest.mark.parametrize("number", ["2147483648", "-1", "console", ""])
def test_a_desktop_number_that_is_none(number: str, tmp_path: Path) -> None:
    with rebuilt(tmp_path, BOOT, logon(2, 5), desktop(1, 5.1, 21, number=number, Address="LOCAL")) as con:  # type: ignore[arg-type]
        (session, *others) = sessions(con)
    assert (session.start, session.end_evidence) == (at(5), "open")
    assert all(other.session_number != 1 for other in others)


def test_clock_steps_that_overflow_are_survived(tmp_path: Path) -> None:
    step = {"PreviousTime": "0001-01-01T00:00:00Z", "NewTime": "9999-12-31T23:59:59Z", "SubjectLogonId": "0x3e7"}
    steps = [security(record, 10 + record, 4616, **step) for record in range(3, 40)]
    with rebuilt(tmp_path, BOOT, logon(2, 5), *steps, security(40, 60, 4634, LogonType=2, **named(0xA1))) as con:
        (session,) = sessions(con)
    assert (session.start, session.end, session.span) == (at(5), at(60), 55 * 60_000_000)
    assert session.duration is None
