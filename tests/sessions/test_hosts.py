"""A logon that serves a session of which the logon record is gone (rules R13 and R14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.small_logs import logon, named, rebuilt, security, sessions

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import Session
    from support.events import Record

STARTED = security(1, 0, 4608)
ROLLED_OVER = security(900, 0, 4776)


def closed(record: int, minutes: float, logon_id: int, **fields: object) -> Record:
    return security(record, minutes, 4634, LogonType=2, **named(logon_id) | fields)


def passing(record: int, minutes: float) -> tuple[Record, Record]:
    """A logon with cached credentials that is closed at once."""
    return logon(record, minutes, 0xC0, LogonType=11), closed(record + 1, minutes + 0.002, 0xC0)


def found(folder: Path, *records: Record) -> list[Session]:
    with rebuilt(folder, *records) as con:
        return sessions(con)


@pytest.mark.parametrize(("first", "is_told"), [(ROLLED_OVER, True), (STARTED, False)], ids=["rolled over", "whole"])
def test_a_logon_closed_at_once_served_a_session_that_is_not_seen(first: Record, is_told: bool, tmp_path: Path) -> None:
    (session,) = found(tmp_path, first, *passing(first.record + 1, 5))
    assert ("host-not-seen" in session.flags) is is_told


def test_it_served_the_session_that_only_a_later_end_shows(tmp_path: Path) -> None:
    (session,) = found(tmp_path, ROLLED_OVER, *passing(901, 5), closed(903, 60, 0xA1))
    assert (session.logon_ids, session.attached, session.start) == ((0xA1,), 1, None)


@pytest.mark.parametrize(
    "later",
    [
        (closed(907, 60, 0xA1),),
        (closed(903, 60, 0xA1), closed(904, 70, 0xA2)),
        (closed(903, 60, 0xA1, TargetUserName="bob", TargetUserSid="S-1-5-21-9-9-9-1105"),),
    ],
    ids=["it may have begun in a hole since", "two such sessions", "another person"],
)
def test_it_is_not_said_to_have_served_one_that_may_not_be_it(later: tuple[Record, ...], tmp_path: Path) -> None:
    listed = found(tmp_path, ROLLED_OVER, *passing(901, 5), *later)
    assert [session.flags for session in listed if session.logon_ids == (0xC0,)] == [("host-not-seen",)]
    assert not any(session.attached for session in listed)
