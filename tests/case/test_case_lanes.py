"""Sessions as lanes: who has one, and what is fetched to be drawn on it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from logonscope.case.lanes import MACHINES, REFUSED, Chosen, Drawing, Lane, draw, find_lanes, next_session
from logonscope.case.scale import Scale
from logonscope.case.view import Scope, View
from logonscope.filters.lookup import Lookup
from logonscope.filters.syntax import parse
from support.small_logs import at, logon, named, rebuilt, security, system

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from logonscope.case.lanes import By

BOB = {"TargetUserName": "bob", "TargetUserSid": "S-1-5-21-1-2-3-1105"}
LOCKED = {"SessionId": 1, **named(0xA1)}
LOG = (
    security(11, 0, 4608),
    logon(12, 5),
    security(13, 20, 4800, **LOCKED),
    security(14, 40, 4801, **LOCKED),
    logon(15, 50, 0xB1, LogonType=3, IpAddress="10.0.0.9", **BOB),
    security(16, 60, 4634, LogonType=3, **named(0xB1, "bob", "S-1-5-21-1-2-3-1105")),
    security(17, 70, 4625, TargetUserName="x"),
    security(18, 71, 4625, TargetUserName="x"),
    security(19, 72, 4625, TargetUserName="alice", TargetUserSid="S-1-5-21-1-2-3-1104"),
    security(20, 80, 4647, **named(0xA1)),
    logon(21, 90, 0xA2, LogonType=10, IpAddress="10.0.0.9"),
    security(22, 180, 4608),
    system(7, 180.1, "Microsoft-Windows-Kernel-Power", 41, BugcheckCode=0),
    logon(23, 190, 0xA3),
    security(24, 200, 4776, TargetUserName="y"),
)
SCALE = Scale(at(0), at(200), 20)
"""Ten minutes to a column."""


@contextmanager
def case(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with rebuilt(folder, *LOG) as con:
        yield con


def lanes(con: duckdb.DuckDBPyConnection, by: By = "user", text: str = "") -> tuple[Lane, ...]:
    return find_lanes(con, View("session", parse(text)), Lookup(log_end=at(200)), by)


def drawing(con: duckdb.DuckDBPyConnection, by: By = "user", scale: Scale = SCALE, text: str = "") -> Drawing:
    return draw(con, View("session", parse(text)), Lookup(log_end=at(200)), by, lanes(con, by, text), scale)


def test_lanes_by_user(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        found = lanes(con)
    assert [(lane.name, lane.stays, lane.others, lane.failures) for lane in found] == [
        ("", 0, 0, 0), ("", 0, 0, 2), ("alice", 3, 0, 1), ("bob", 0, 1, 0),
    ]  # fmt: skip
    assert [lane.key for lane in found[:2]] == [MACHINES, REFUSED]


def test_lanes_by_machine(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        (found,) = lanes(con, "machine")
    assert (found.name, found.stays, found.others, found.failures) == ("WS1", 3, 1, 3)


def test_the_filter_holds_for_lanes_and_what_is_on_them(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        assert [lane.name for lane in lanes(con, text="type:3")] == ["", "bob"]
        drawn = drawing(con, text="type:3")
        assert drawn.bars == ()
        assert {mark.kind for mark in drawn.marks if mark.lane != MACHINES} == {"contact"}


def test_stays_are_bars(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        first, second, third = drawing(con).bars
    assert (first.logon_type, first.first, first.sure, first.last, first.times) == (2, 0, 8, 8, 1)
    assert (second.logon_type, second.first, second.sure, second.last) == (10, 9, 9, 18)
    assert (second.has_crashed, second.is_open) == (True, False)
    assert (third.first, third.sure, third.is_open) == (19, 20, True)


def test_what_happened_besides_is_marks(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        bob = lanes(con)[-1].key
        marks = drawing(con).marks
        alice = lanes(con)[2].key
    assert sorted((mark.lane, mark.kind, mark.column, mark.times) for mark in marks) == sorted([
        (REFUSED, "failure", 7, 2), (alice, "failure", 7, 1), (bob, "contact", 5, 1),
        (MACHINES, "boot", 0, 1), (MACHINES, "boot", 18, 1), (MACHINES, "crash", 9, 1),
    ])  # fmt: skip


def test_a_lock_is_an_absence_of_its_session(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        drawn = drawing(con)
    ((owner, kind, first, last),) = drawn.away
    assert (owner, kind, first, last) == (drawn.bars[0].session_id, "locked", 2, 4)


def test_a_machine_runs_and_has_gaps(tmp_path: Path) -> None:
    log = [record for record in LOG if record.record not in (15, 16)]
    with rebuilt(tmp_path, *log) as con:
        drawn = drawing(con, "machine")
    assert [(span.kind, span.first, span.last) for span in drawn.gaps] == [("on", 0, 9), ("on", 18, 20), ("gap", 4, 7)]
    assert {mark.kind for mark in drawn.marks} == {"failure", "boot", "crash"}


def test_what_looks_the_same_is_one_bar(tmp_path: Path) -> None:
    pair = (logon(1, 0), security(2, 1, 4647, **named(0xA1)), logon(3, 2, 0xA2), security(4, 3, 4647, **named(0xA2)))
    with rebuilt(tmp_path, *pair) as con:
        (bar,) = drawing(con, scale=Scale(at(0), at(200), 1)).bars
    assert bar.times == 2


def test_what_happens_in_one_column_is_one_mark(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        drawn = drawing(con, "machine", Scale(at(0), at(200), 1))
    assert [mark.times for mark in drawn.marks if mark.kind == "boot"] == [2]
    assert len(drawn.gaps) == len(set(drawn.gaps))


def test_what_lies_outside_is_not_fetched(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        drawn = drawing(con, scale=Scale(at(30), at(60), 30))
    assert [(bar.first, bar.last) for bar in drawn.bars] == [(-1, 30)]
    assert [mark.kind for mark in drawn.marks] == ["contact"]


def test_session_after_session(tmp_path: Path) -> None:
    with case(tmp_path) as con:
        alice, view = lanes(con)[2].key, View("session")
        chosen, starts = Chosen(-(1 << 63), at(-10)), []
        while found := next_session(con, view, Lookup(), "user", alice, chosen, later=True):
            chosen = found
            starts.append(found.start)
        assert starts == [at(5), at(90), at(190)]
        before = next_session(con, view, Lookup(), "user", alice, chosen, later=False)
        assert before is not None
        assert before.start == at(90)


@pytest.mark.parametrize(("scope", "hidden"), [(Scope.STAYS, False), (Scope.ALL, True)])
def test_the_system_is_hidden_unless_all_are_asked_for(tmp_path: Path, scope: Scope, hidden: bool) -> None:
    log = [*LOG, logon(30, 201, 0xD1, TargetUserName="DWM-1", TargetUserSid="S-1-5-90-0-1")]
    with rebuilt(tmp_path, *log) as con:
        names = [lane.name for lane in find_lanes(con, View("session", scope=scope), Lookup(), "user")]
    assert ("DWM-1" in names) == hidden
