"""The row of a list at a moment, and the gaps of a list."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from logonscope.case.jumps import next_gap, row_at
from logonscope.case.moments import MOMENTS
from logonscope.case.view import TABLES, View
from logonscope.filters.lookup import Lookup
from logonscope.filters.syntax import parse
from support.small_logs import at, logon, rebuilt, security

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from logonscope.filters.compile import Target

SILENT_FROM, SILENT_UNTIL = 100, 300
LAST = 400


@contextmanager
def log(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A record a minute, but for some hours; four records are missing at minute 50."""
    minutes = [m for m in range(LAST + 1) if not SILENT_FROM < m < SILENT_UNTIL]
    records = [
        logon(1, 0) if m == 0 else security(1 + n + (4 if m >= 50 else 0), m, 4776, TargetUserName="x")
        for n, m in enumerate(minutes)
    ]
    with rebuilt(folder, *records) as con:
        yield con


@pytest.mark.parametrize(
    ("minutes", "later", "found"),
    [
        (-10, True, 0),
        (10.5, True, 11),
        (10.5, False, 10),
        (150, True, SILENT_UNTIL),
        (150, False, SILENT_FROM),
        (LAST, True, LAST),
        (LAST + 1, True, None),
        (-1, False, None),
    ],
)
def test_the_row_at_a_moment(tmp_path: Path, minutes: float, later: bool, found: int | None) -> None:
    with log(tmp_path) as con:
        landing = row_at(con, View("event"), Lookup(), at(minutes), later=later)
        assert (landing.at if landing else None) == (None if found is None else at(found))
        if landing:
            assert con.execute("SELECT time FROM event WHERE row = ?", [landing.row]).fetchone() == (landing.at,)


@pytest.mark.parametrize("target", list(MOMENTS))
def test_every_list_has_moments(tmp_path: Path, target: Target) -> None:
    with log(tmp_path) as con:
        (count,) = con.execute(f"SELECT count({MOMENTS[target]}) FROM {TABLES[target]}").fetchone() or (0,)
        landing = row_at(con, View(target), Lookup(), at(0) - timedelta(days=1))
        assert count > 0
        assert landing is not None
        assert landing.at >= at(0)


def test_rows_of_one_moment_come_in_the_order_of_the_list(tmp_path: Path) -> None:
    with rebuilt(tmp_path, *(security(n, 0, 4776, TargetUserName="x") for n in (3, 1, 2))) as con:
        for later, record in ((True, 1), (False, 3)):
            landing = row_at(con, View("event"), Lookup(), at(0), later=later)
            assert landing is not None
            assert con.execute("SELECT record_id FROM event WHERE row = ?", [landing.row]).fetchone() == (record,)


def test_gaps_forward_and_back(tmp_path: Path) -> None:
    with log(tmp_path) as con:
        view = View("event")
        hole = next_gap(con, view, Lookup(), at(0))
        assert hole is not None
        assert (hole.since, hole.until, hole.missing) == (at(49), at(50), 4)
        silence = next_gap(con, view, Lookup(), hole.until)
        assert silence is not None
        assert (silence.since, silence.until, silence.missing) == (at(SILENT_FROM), at(SILENT_UNTIL), None)
        assert next_gap(con, view, Lookup(), silence.until) is None
        assert next_gap(con, view, Lookup(), at(LAST), later=False) == silence
        assert next_gap(con, view, Lookup(), silence.until, later=False) == hole
        assert next_gap(con, view, Lookup(), hole.until, later=False) is None


def test_what_is_silent_depends_on_the_list(tmp_path: Path) -> None:
    with log(tmp_path) as con:
        assert next_gap(con, View("event", parse("event:4624")), Lookup(), at(60)) is None
        assert next_gap(con, View("event", parse("event:1")), Lookup(), at(60)) is None


def test_a_hole_before_which_no_row_lies_is_not_found_going_back(tmp_path: Path) -> None:
    with log(tmp_path) as con:
        view = View("event", parse("time:2026-03-02T08:55..2026-03-02T09:20"))
        assert next_gap(con, view, Lookup(), at(55), later=False) is None
