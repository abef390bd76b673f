"""A lane as rows of characters, and the axis over the lanes."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from logonscope.case.lanes import Bar, Drawing, Mark, Span
from logonscope.case.scale import Scale
from logonscope.ui.widgets.lane_rows import ASCII, BLOCKS, is_drawn, lane_rows
from logonscope.ui.widgets.time_axis import axis_text

SINCE = datetime(2026, 3, 2)
SCALE = Scale(SINCE, SINCE + timedelta(hours=20), 20)


def bar(first: int, sure: int, last: int | None = None, session: int = 1, logon_type: int = 2, **more: bool) -> Bar:
    flags = {"begins_before": False, "is_open": False, "has_crashed": False} | more
    return Bar(1, logon_type, first, sure, sure if last is None else last, times=1, session_id=session, **flags)


def drawn(
    *bars: Bar, marks: tuple[Mark, ...] = (), gaps: tuple[Span, ...] = (), away: tuple[Span, ...] = ()
) -> list[str]:
    rows = lane_rows(1, Drawing(SCALE, bars, marks, gaps, away), blocks=False)
    return ["".join(cell.glyph if cell else " " for cell in row).rstrip() for row in rows]


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (bar(2, 5), "  c==="),
        (bar(2, 5, logon_type=10), "  r==="),
        (bar(2, 5, logon_type=99), "  i==="),
        (bar(2, 4, 7), "  c==???"),
        (bar(2, 4, 7, has_crashed=True), "  c=X???"),
        (bar(2, 2, has_crashed=True), "  X"),
        (bar(2, 5, begins_before=True), "  <==="),
        (bar(-1, 3), "===="),
        (bar(18, 20), " " * 18 + "c="),
        (bar(17, 19, is_open=True), " " * 17 + "c=>"),
        (bar(20, 20), ""),
    ],
)
def test_a_stay(one: Bar, text: str) -> None:
    assert drawn(one) == [text]


def test_times_away_are_shaded() -> None:
    away = (Span(1, "locked", 3, 4), Span(1, "disconnected", 6, 99), Span(2, "locked", 5, 5))
    assert drawn(bar(2, 7, 9), away=away) == ["  c%%=~~??"]


def test_stays_that_overlap_stand_above_each_other() -> None:
    assert drawn(bar(0, 5), bar(3, 8, session=2), bar(7, 9, session=3)) == ["c===== c==", "   c====="]


def test_more_than_three_at_once_are_told() -> None:
    rows = drawn(*(bar(0, 5, session=number) for number in range(5)))
    assert rows == ["c=====", "c=====", "++++++"]


def test_marks_take_free_cells_or_a_row_of_their_own() -> None:
    marks = (Mark(1, "failure", 3, 40), Mark(1, "failure", 8, 4), Mark(1, "contact", 9, 1), Mark(2, "work", 1, 1))
    assert drawn(bar(2, 5), marks=marks) == ["  c===  :n", "   !"]


def test_many_marks_of_one_moment_keep_the_worst() -> None:
    kinds = ("work", "contact", "boot", "failure", "cleared", "crash")
    assert drawn(marks=tuple(Mark(1, kind, 0, 1) for kind in kinds)) == ["X", "0", ".", "^"]


def test_the_ground_of_a_machine() -> None:
    gaps = (Span(1, "gap", 3, 4), Span(1, "on", -1, 6), Span(2, "gap", 0, 19))
    assert drawn(bar(1, 2), gaps=gaps) == ["-c=##--"]


def test_which_session_is_drawn() -> None:
    rows = lane_rows(1, Drawing(SCALE, (bar(2, 5, session=7),)), blocks=True)
    assert is_drawn(rows, 7)
    assert not is_drawn(rows, 8)


def test_every_glyph_has_one_in_ascii() -> None:
    assert set(ASCII) == set(BLOCKS)
    assert all(len(glyph) == 1 and glyph.isascii() for glyph in ASCII.values())


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (timedelta(minutes=1), ["Mon 03-02", "00:00:10", "00:00:20", "00:00:30", "00:00:40", "00:00:50"]),
        (timedelta(hours=4), ["Mon 03-02", "01:00", "02:00", "03:00"]),
        (timedelta(days=2), ["Mon 03-02", "12:00", "Tue 03-03", "12:00"]),
        (timedelta(days=6), ["Mon 03-02", "Tue 03-03", "Wed 03-04", "Thu 03-05", "Fri 03-06", "Sat 03-07"]),
        (timedelta(days=42), ["03-02", "03-09", "03-16", "03-23", "03-30", "04-06"]),
    ],
)
def test_the_axis_has_round_times(length: timedelta, labels: list[str]) -> None:
    axis = axis_text(Scale(SINCE, SINCE + length, 60))
    assert len(axis) == 60
    assert [label.strip() for label in axis.split("|")[1:]] == labels


@pytest.mark.parametrize("seconds", [1e-4, 1, 50, 3e3, 2e5, 1e7, 1e9, 1e11])
def test_labels_do_not_touch(seconds: float) -> None:
    odd = datetime(1700, 5, 17, 3, 4, 5)
    axis = axis_text(Scale(odd, odd + timedelta(seconds=seconds), 100))
    places = [place for place, character in enumerate(axis) if character == "|"]
    assert all(later - earlier >= 10 for earlier, later in itertools.pairwise(places))
