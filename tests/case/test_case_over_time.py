"""How lists are spread over time: counts, failures, crashes and cleared logs in equal columns."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.moments import Density, density, filter_range
from logonscope.case.scale import Scale, moved, round_range
from logonscope.case.view import View
from logonscope.filters.lookup import Lookup
from logonscope.filters.syntax import parse
from support.small_logs import at, logon, named, rebuilt, security, system

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.filters.compile import Target

LOG = (
    security(11, 0, 4608),
    logon(12, 5),
    security(13, 30, 4625, TargetUserName="x"),
    security(14, 31, 4625, TargetUserName="x"),
    security(15, 60, 4647, **named(0xA1)),
    logon(16, 70, 0xA2),
    security(18, 180, 4608),
    system(7, 180.1, "Microsoft-Windows-Kernel-Power", 41, BugcheckCode=0),
    logon(19, 190, 0xA3),
    security(20, 200, 4776, TargetUserName="x"),
)


def spread(folder: Path, target: Target, text: str = "", columns: int = 4) -> Density | None:
    with rebuilt(folder, *LOG) as con:
        return density(con, View(target, parse(text)), Lookup(log_end=at(200)), columns)


def test_events_are_counted_by_column_with_their_failures(tmp_path: Path) -> None:
    found = spread(tmp_path, "event")
    assert found is not None
    assert [slot.rows for slot in found.slots] == [4, 2, 0, 4]
    assert [slot.failures for slot in found.slots] == [2, 0, 0, 0]
    assert (found.scale.since, found.scale.until, found.outside) == (at(0), at(200) + timedelta(microseconds=1), 0)


@pytest.mark.parametrize("target", ["event", "session"])
def test_a_crash_lies_at_the_last_sign_of_life(tmp_path: Path, target: Target) -> None:
    found = spread(tmp_path, target, "time:2026-03-02T08..11")
    assert found is not None
    assert [slot.crashes for slot in found.slots] == [0, 1, 0, 0]


def test_sessions_are_counted_where_they_begin(tmp_path: Path) -> None:
    found = spread(tmp_path, "session", columns=2)
    assert found is not None
    assert [slot.rows for slot in found.slots] == [2, 1]
    assert sum(slot.failures for slot in found.slots) == 2


def test_the_filter_names_the_span_and_what_lies_outside_is_told(tmp_path: Path) -> None:
    found = spread(tmp_path, "session", "time:2026-03-02T08:30..09:29")
    assert found is not None
    assert (found.scale.since, found.scale.until) == (at(30), at(90))
    assert ([slot.rows for slot in found.slots], found.outside) == ([0, 0, 1, 0], 1)


def test_nothing_has_no_span(tmp_path: Path) -> None:
    assert spread(tmp_path, "event", "event:1") is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("", None, None),
        ("user:a or time:2026-03-02", None, None),
        ("-time:2026-03-02", None, None),
        ("time:2026-03-02T08 user:a", at(0), at(60)),
        ("since:-30m", at(170), None),
        ("since:2026-03-02T08 (until:2026-03-02T09 time:2026-03-02)", at(0), at(120)),
        ("time:2026-03-02T08,2026-03-02T10", at(0), at(180)),
    ],
)
def test_the_span_of_a_filter(text: str, since: datetime | None, until: datetime | None) -> None:
    assert filter_range(parse(text), at(200)) == (since, until)


def test_a_forged_time_does_not_stretch_the_span(tmp_path: Path) -> None:
    with rebuilt(tmp_path, *LOG) as con:
        con.execute("UPDATE event SET time = TIMESTAMP '1601-01-01' WHERE record_id = 13")
        found = density(con, View("event"), Lookup(), 4)
    assert found is not None
    assert (found.scale.since, found.outside) == (at(0), 1)


@pytest.mark.parametrize(
    ("minutes", "first", "last", "text"),
    [
        (100, 0, 0, "2026-03-02T08:00..2026-03-02T08:09"),
        (100, 3, 9, "2026-03-02T08:30..2026-03-02T09:39"),
        (5, 1, 2, "2026-03-02T08:00:30..2026-03-02T08:01:29"),
        (0.01, 1, 1, "2026-03-02T08:00:00.060000..2026-03-02T08:00:00.119999"),
    ],
)
def test_columns_as_the_filter_takes_them(minutes: float, first: int, last: int, text: str) -> None:
    scale = Scale(at(0), at(minutes), 10)
    assert round_range(scale, first, last) == text
    assert filter_range(parse(f"time:{text}"), None) == (scale.start(first), scale.start(last + 1))


def test_columns_and_moments() -> None:
    scale = Scale(at(0), at(100), 10)
    assert [scale.column(at(minutes)) for minutes in (-1, 0, 9.9, 10, 99, 100)] == [-1, 0, 0, 1, 9, 10]
    assert scale.start(3) == at(30)
    assert Scale(at(0), at(0) + timedelta(microseconds=1), 50).slot == 1


@pytest.mark.parametrize("span", [timedelta.max, timedelta.min])
def test_a_time_beyond_all_time(span: Any) -> None:
    assert moved(at(0), span).year == (9999 if span > timedelta() else 1)
