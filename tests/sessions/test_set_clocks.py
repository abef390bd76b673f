"""A clock that was set: how long a session can have lasted, and what of other logs belongs to it."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from logonscope.demo.records import filetime
from support.events import Record
from support.small_logs import at, desktop, logon, named, rebuilt, security, sessions, system

if TYPE_CHECKING:
    from pathlib import Path

MINUTE = 60_000_000
START = security(1, 0, 4608)
SIGN_OUT = security(12, 100, 4647, **named(0xA1))


def clock_set(record: int, minutes: float, by: float) -> Record:
    times = {"PreviousTime": f"{at(minutes - by).isoformat()}Z", "NewTime": f"{at(minutes).isoformat()}Z"}
    return security(record, minutes, 4616, SubjectUserName="mallory", SubjectLogonId="0x3e7", **times)


def test_a_session_of_which_the_start_is_missing_lasted_at_most_since_the_boot(tmp_path: Path) -> None:
    """The boot ran two hours longer than the times say: the clock was set back before the session's first record."""
    notes = [security(record, 70, 4776, TargetUserName="x") for record in range(6, 12)]
    with rebuilt(tmp_path, START, clock_set(5, 60, by=-120), *notes, SIGN_OUT) as con:
        (session,) = sessions(con)
    assert (session.start_earliest, session.start_latest) == (at(0), at(100))
    assert session.duration_most == (100 + 120) * MINUTE
    assert "gap" in session.flags


@pytest.mark.parametrize(("first_of_system_log", "is_unknown"), [(-60, False), (50, True)])
def test_whether_the_clock_was_set_before_all_logs_is_not_known(
    first_of_system_log: float, is_unknown: bool, tmp_path: Path
) -> None:
    """Only the activity ID tells when that boot began."""
    started = filetime(at(-60).replace(tzinfo=UTC))
    activity = str(UUID(bytes=bytes(8) + started.to_bytes(8, "little")))
    signed_out = Record(4647, 33, at(100), named(0xA1), activity=activity)
    other = system(40, first_of_system_log, "Microsoft-Windows-Kernel-General", 16)
    with rebuilt(tmp_path, signed_out, other, system(41, 100, "Microsoft-Windows-Kernel-General", 16)) as con:
        (session,) = sessions(con)
    assert (session.start_earliest, session.duration_most) == (at(-60), 160 * MINUTE)
    assert ("clock-unknown" in session.flags) == is_unknown


def test_a_desktop_that_closed_before_the_clock_was_set_back_to_before_the_next_boot(tmp_path: Path) -> None:
    """By its stamped time it closed after that boot had begun."""
    with rebuilt(
        tmp_path,
        START,
        logon(2, 5, LogonType=10),
        security(3, 300, 4634, LogonType=10, **named(0xA1)),
        clock_set(4, 180, by=-120),
        security(5, 181, 1100),
        security(6, 182, 4608),
        security(7, 400, 4776, TargetUserName="x"),
        desktop(1, 300, 23),
        desktop(2, 182, 32),
    ) as con:
        (session,) = sessions(con)
    assert (session.start, session.end) == (at(5), at(300))
