"""Times away from a desktop session."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logonscope.sessions.presence import Away, Lasting, Mark, absences, asleep, away_time
from logonscope.store.session_rows import fetch_absences
from support.small_logs import at, desktop, logon, named, rebuilt, security, sessions

if TYPE_CHECKING:
    from pathlib import Path

MINUTE = 60_000_000
STAY = Lasting(1, 1, at(0), 0, at(100), 100 * MINUTE)


def mark(role: str, minute: int) -> Mark:
    return Mark(minute * MINUTE, at(minute), role)


def spans(*marks: tuple[str, int]) -> list[tuple[str, int, int]]:
    """Kind, beginning and end in minutes of the absences that these marks show."""
    found = absences(STAY, [mark(role, minute) for role, minute in marks])
    assert all((a.since, a.until) == (at(a.start // MINUTE), at(a.end // MINUTE)) for a in found)
    return [(away.kind, away.start // MINUTE, away.end // MINUTE) for away in found]


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([("lock", 10), ("unlock", 30)], [("locked", 10, 30)]),
        ([("idle", 10), ("active", 30)], [("idle", 10, 30)]),
        ([("leave", 10), ("return", 30)], [("disconnected", 10, 30)]),
        ([("lock", 10)], [("locked", 10, 100)]),
        ([("unlock", 10)], []),
        ([("lock", 10), ("lock", 20), ("unlock", 30)], [("locked", 10, 30)]),
        ([("lock", 10), ("proof", 20), ("lock", 25), ("unlock", 30)], [("locked", 10, 20), ("locked", 25, 30)]),
        ([("lock", 10), ("proof", 20)], [("locked", 10, 20)]),
        ([("proof", 5), ("lock", 10)], [("locked", 10, 100)]),
        ([("idle", 10), ("proof", 20)], [("idle", 10, 100)]),
        ([("leave", 10), ("lock", 12), ("return", 30), ("unlock", 31)], [("disconnected", 10, 30), ("locked", 12, 31)]),
        ([("lock", -10), ("unlock", 10)], [("locked", 0, 10)]),
        ([("lock", 90), ("unlock", 110)], [("locked", 90, 100)]),
        ([("lock", 110), ("unlock", 120)], []),
        ([("lock", 30), ("unlock", 30)], []),
    ],
    ids=[
        "locked",
        "screen saver",
        "disconnected",
        "never unlocked",
        "unlocked only",
        "locked twice",
        "unlocked unseen between two locks",
        "unlocked by a logon only",
        "proof before the lock",
        "a logon does not end a screen saver",
        "locked while disconnected",
        "began before the session",
        "ended after the session",
        "all after the session",
        "no time at all",
    ],
)
def test_absences(marks: list[tuple[str, int]], expected: list[tuple[str, int, int]]) -> None:
    assert spans(*marks) == expected


def test_sleep_counts_as_far_as_the_session_lasts() -> None:
    naps = [Away("asleep", at(m), at(m + 20), m * MINUTE, (m + 20) * MINUTE) for m in (-30, -10, 50, 90, 120)]
    found = [(nap.start // MINUTE, nap.end // MINUTE) for nap in asleep(STAY, naps)]
    assert found == [(0, 10), (50, 70), (90, 100)]


def away(start: int, end: int) -> Away:
    return Away("locked", at(start), at(end), start, end)


@pytest.mark.parametrize(
    ("spans", "total"),
    [([], 0), ([(10, 30)], 20), ([(10, 30), (20, 40)], 30), ([(10, 40), (20, 30)], 30), ([(10, 20), (30, 40)], 20),
     ([(20, 30), (10, 20)], 20), ([(10, 40), (12, 13), (35, 50)], 40)],
)  # fmt: skip
def test_each_moment_away_counts_once(spans: list[tuple[int, int]], total: int) -> None:
    assert away_time(away(*span) for span in spans) == total


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=8))
def test_total_is_the_moments_that_any_absence_covers(given_spans: list[tuple[int, int]]) -> None:
    moments = {moment for start, length in given_spans for moment in range(start, start + length)}
    assert away_time(away(start, start + length) for start, length in given_spans) == len(moments)


@given(st.lists(st.tuples(st.sampled_from(["lock", "unlock", "proof"]), st.integers(-20, 120)), max_size=10))
def test_absences_of_one_kind_lie_in_the_session_and_do_not_overlap(marks: list[tuple[str, int]]) -> None:
    found = spans(*sorted(marks, key=lambda given: given[1]))
    assert all(0 <= since < until <= 100 for _, since, until in found)
    assert all(before[2] <= after[1] for before, after in pairwise(sorted(found)))


def test_a_disconnect_that_two_logs_tell_of_is_one(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5, LogonType=10, IpAddress="10.0.0.9"),
        security(3, 20, 4779, AccountName="alice", LogonID="0xa1", ClientAddress="10.0.0.9"),
        security(4, 40, 4778, AccountName="alice", LogonID="0xa1", ClientAddress="10.0.0.9"),
        security(5, 90, 4647, **named(0xA1)),
        desktop(1, 5.1, 21, Address="10.0.0.9"),
        desktop(2, 20.01, 24, Address="10.0.0.9"),
        desktop(3, 40.01, 25, Address="10.0.0.9"),
        desktop(4, 60, 24, Address="10.0.0.9"),
        desktop(5, 70, 25, Address="10.0.0.9"),
    ) as con:
        (session,) = sessions(con)
        found = [(a.kind, a.since, a.until) for a in fetch_absences(con, session.session_id)]
    assert found == [("disconnected", at(20), at(40)), ("disconnected", at(60), at(70))]
    assert session.active == (85 - 20 - 10) * MINUTE


def test_the_clock_does_not_move_the_time_away(tmp_path: Path) -> None:
    """Set forward by an hour while the screen was locked: locked for ten minutes, as the machine ran."""
    step = {"PreviousTime": "2026-03-02T08:15:00Z", "NewTime": "2026-03-02T09:15:00Z", "SubjectLogonId": "0x3e7"}
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 0),
        security(3, 10, 4800, SessionId=1, **named(0xA1)),
        security(4, 75, 4616, **step),
        security(5, 80, 4801, SessionId=1, **named(0xA1)),
        security(6, 100, 4647, **named(0xA1)),
    ) as con:
        (session,) = sessions(con)
        (locked,) = fetch_absences(con, session.session_id)
    assert (locked.from_us, locked.to_us) == (10 * MINUTE, 20 * MINUTE)
    assert (session.duration, session.active) == (40 * MINUTE, 30 * MINUTE)
