"""Moments to go to, as people type them."""

from __future__ import annotations

from datetime import datetime

import pytest

from logonscope.errors import FilterError
from logonscope.filters.when import when

END = datetime(2026, 3, 8, 19, 59, 43)
"""A Sunday."""
HERE = datetime(2026, 3, 4, 12, 30, 15, 500)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02", datetime(2026, 3, 2)),
        ("2026-03-02T09", datetime(2026, 3, 2, 9)),
        ("2026-03-02 09:30:15", datetime(2026, 3, 2, 9, 30, 15)),
        ("2026-03-02T09:30+02:00", datetime(2026, 3, 2, 7, 30)),
        ("-2h", datetime(2026, 3, 8, 17, 59, 43)),
        ("+30m", datetime(2026, 3, 4, 13, 0, 15, 500)),
        ("+1d12h", datetime(2026, 3, 6, 0, 30, 15, 500)),
        ("09:30", datetime(2026, 3, 4, 9, 30)),
        ("9:30:15.25", datetime(2026, 3, 4, 9, 30, 15, 250_000)),
        ("9 pm", datetime(2026, 3, 4, 21)),
        ("9:05am UTC", datetime(2026, 3, 4, 9, 5)),
        ("13:00Z", datetime(2026, 3, 4, 13)),
        ("today", datetime(2026, 3, 8)),
        ("yesterday", datetime(2026, 3, 7)),
        ("Yesterday 3:15", datetime(2026, 3, 7, 3, 15)),
        ("sun", datetime(2026, 3, 8)),
        ("mon 9:00", datetime(2026, 3, 2, 9)),
        ("Saturday, 2am", datetime(2026, 3, 7, 2)),
        ("7 Mar", datetime(2026, 3, 7)),
        ("March 7 02:11", datetime(2026, 3, 7, 2, 11)),
        ("03-07", datetime(2026, 3, 7)),
        ("03-04 12:54", datetime(2026, 3, 4, 12, 54)),
        ("03-07T08", datetime(2026, 3, 7, 8)),
        ("7 Mar 2025", datetime(2025, 3, 7)),
        ("1772848800", datetime(2026, 3, 7, 2)),
        ("1772848800123", datetime(2026, 3, 7, 2, 0, 0, 123_000)),
        (" 2026-03-02 ", datetime(2026, 3, 2)),
    ],
)
def test_what_is_understood(text: str, moment: datetime) -> None:
    assert when(text, END, HERE) == moment


@pytest.mark.parametrize(
    "text",
    ["", "x", "25:00", "9:75", "mon x", "mon 25:00", "03/04/2026", "2026-02-30", "March", "31 Feb", "13-07",
     "03-07 25", "03-07 x", "+", "-x", "9:30 XYZ", "+99999999d", "monkey", "2026-03-02..2026-03-03"],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(FilterError) as raised:
        when(text, END, HERE)
    assert raised.value.advice
    assert (raised.value.start, raised.value.stop) == (0, len(text))


def test_without_a_row_the_end_of_the_log_is_near() -> None:
    assert when("09:30", END, None) == datetime(2026, 3, 8, 9, 30)


def test_in_an_empty_case_only_whole_dates_are_understood() -> None:
    assert when("2026-03-02", None, None) == datetime(2026, 3, 2)
    for text in ("09:30", "yesterday", "-2h", "+2h"):
        with pytest.raises(FilterError):
            when(text, None, None)
