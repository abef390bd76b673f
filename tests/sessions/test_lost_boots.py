"""Starts that a hole in the Security log has swallowed, told by logon IDs that are given again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.sessions.lost_boots import Hole, Use, spans_with_start, swallowing_holes
from logonscope.store.coverage_rows import fetch_boots
from support.small_logs import SID, at, logon, named, rebuilt, security, sessions

if TYPE_CHECKING:
    from pathlib import Path

    from support.events import Record

START = security(1, 0, 4608)
BOB: dict[str, Any] = named(0xA1, "bob", SID + "9")


def note(record: int) -> Record:
    return security(record, record, 4776, TargetUserName="x")


NOTES = [note(record) for record in (*range(3, 12), *range(30, 35))]
"""Nothing is written from record 12 to 29."""


def test_a_logon_id_that_is_given_again_after_a_hole_is_another_boots(tmp_path: Path) -> None:
    with rebuilt(tmp_path, START, logon(2, 2), *NOTES, logon(40, 40), security(45, 45, 4647, **named(0xA1))) as con:
        first, second = sessions(con)
        rows = con.execute("SELECT boot_id FROM boot ORDER BY number").fetchall()
        boots = fetch_boots(con, [boot for (boot,) in rows])
    assert (first.end_evidence, first.end_earliest, first.end_latest) == ("reboot", at(2), at(40))
    assert (second.start, second.end) == (at(40), at(45))
    assert [boot.start_evidence for boot in boots] == ["4608", "logon IDs"]


def test_the_end_of_another_accounts_logon_after_a_hole_is_not_the_end_of_this_one(tmp_path: Path) -> None:
    with rebuilt(tmp_path, START, logon(2, 2), *NOTES, security(40, 40, 4634, LogonType=2, **BOB)) as con:
        alice, bob = sessions(con)
    assert (alice.end_evidence, alice.end_earliest, alice.end_latest) == ("reboot", at(2), at(40))
    assert (bob.start, bob.start_earliest, bob.end) == (None, None, at(40))


def test_without_a_hole_two_users_are_a_contradiction_and_no_boot(tmp_path: Path) -> None:
    notes = [note(record) for record in range(3, 40)]
    with rebuilt(tmp_path, START, logon(2, 2), *notes, security(40, 40, 4634, LogonType=2, **BOB)) as con:
        (session,) = sessions(con)
        boots = con.execute("SELECT count(*) FROM boot").fetchall()
    assert "two-users" in session.flags
    assert boots == [(1,)]


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ([(1, True, 5), (9, False, 5)], []),
        ([(1, True, 5), (5, True, 5), (9, True, 5)], [(1, 5), (5, 9)]),
        ([(1, False, 5), (9, True, 5)], [(1, 9)]),
        ([(1, True, 5), (9, False, 6)], [(1, 9)]),
        ([(1, True, 5), (3, False, 0), (9, False, 5)], []),
        ([(1, True, 5), (3, False, 6), (4, False, 6)], [(1, 3)]),
    ],
    ids=["one logon", "given twice more", "ended and then given", "another's end", "names nobody", "another's records"],
)
def test_spans_with_a_start(uses: list[tuple[int, bool, int]], expected: list[tuple[int, int]]) -> None:
    assert spans_with_start([Use(*use) for use in uses]) == expected


HOLES = [Hole(10, 12), Hole(20, 40), Hole(50, 53, fall=0x400), Hole(60, 61)]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(5, 15)], [10]),
        ([(12, 20)], []),
        ([(5, 45)], [20]),
        ([(5, 70)], [50]),
        ([(5, 15), (9, 70)], [10]),
        ([(5, 15), (45, 70), (30, 65)], [10, 50]),
    ],
    ids=["one hole", "none", "the largest", "where logon IDs fall", "one explains both", "one for each"],
)
def test_the_holes_that_explain_the_starts(spans: list[tuple[int, int]], expected: list[int]) -> None:
    assert [hole.after for hole in swallowing_holes(spans, HOLES)] == expected
