"""Records that contradict each other or can't be true: never a crash, never believed silently."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from logonscope.store.coverage_rows import fetch_coverage
from support.events import Record
from support.small_logs import at, logon, named, rebuilt, security, sessions

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
