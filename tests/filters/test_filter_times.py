"""Times and lengths as people type them: a time names a span, a range may leave out what both halves share."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from logonscope.errors import FilterError
from logonscope.filters.terms import Value
from logonscope.filters.times import length, span, time_range

LOG_END = datetime(2026, 3, 2, 13)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def typed(text: str) -> Value:
    return Value(text, 5, 5 + len(text))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-03", "2026-03-01", "2026-04-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2026-03-02", "2026-03-02", "2026-03-03"),
        ("2026-3-2", "2026-03-02", "2026-03-03"),
        ("2026-03-02T09", "2026-03-02T09:00", "2026-03-02T10:00"),
        ("2026-03-02 09:30", "2026-03-02T09:30", "2026-03-02T09:31"),
        ("2026-03-02t09:30:15z", "2026-03-02T09:30:15", "2026-03-02T09:30:16"),
        ("2026-03-02T09:30:15.5", "2026-03-02T09:30:15.5", "2026-03-02T09:30:15.500001"),
        ("2026-03-02T09:30:15+02:00", "2026-03-02T07:30:15", "2026-03-02T07:30:16"),
        ("2026-03-02 09:30 UTC+2", "2026-03-02T07:30", "2026-03-02T07:31"),
        ("2026-03-02 09:30 -0230", "2026-03-02T12:00", "2026-03-02T12:01"),
        ("2 Mar 2026 09:30 UTC", "2026-03-02T09:30", "2026-03-02T09:31"),
        ("2 Mar 2026 9 AM", "2026-03-02T09:00", "2026-03-02T10:00"),
        ("2 Mar 2026", "2026-03-02", "2026-03-03"),
        ("20260302", "2026-03-02", "2026-03-03"),
        ("-2h", "2026-03-02T11:00", "2026-03-02T11:00"),
        ("-1d12h", "2026-03-01T01:00", "2026-03-01T01:00"),
    ],
)
def test_a_time_names_a_span(text: str, since: str, until: str) -> None:
    assert span(typed(text), LOG_END) == (at(since), at(until))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2026-03-02", "2026-03-02", "2026-03-03"),
        ("2026-03-02..2026-03-04", "2026-03-02", "2026-03-05"),
        ("2026-03-02..04", "2026-03-02", "2026-03-05"),
        ("2026-03-02T01..03", "2026-03-02T01:00", "2026-03-02T04:00"),
        ("2026-03-02T01:15..30", "2026-03-02T01:15", "2026-03-02T01:31"),
        ("2026-03-02T01:15..02:30", "2026-03-02T01:15", "2026-03-02T02:31"),
        ("2026-03-01..-2h", "2026-03-01", "2026-03-02T11:00"),
        ("-2h..-1h", "2026-03-02T11:00", "2026-03-02T12:00"),
    ],
)
def test_a_range_goes_from_its_first_moment_to_the_end_of_its_last(text: str, since: str, until: str) -> None:
    assert time_range(typed(text), LOG_END) == (at(since), at(until))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("soon", "soon"),
        ("2026-13", "2026-13"),
        ("2026-02-30", "2026-02-30"),
        ("2026-03-02T25", "2026-03-02T25"),
        ("0000", "0000"),
        ("9999", "9999"),
        ("9999-12-31", "9999-12-31"),
        ("-2 parsecs", "-2 parsecs"),
        ("03/04/2026", "03/04/2026"),
        ("2026-03-02 09:30 CET", "2026-03-02 09:30 CET"),
        ("2026-03-02 09:30 PARSEC", "2026-03-02 09:30 PARSEC"),
        ("2h", "2h"),
        ("9:30", "9:30"),
        ("monday", "monday"),
        ("2 Mar", "2 Mar"),
        ("Mar 2026", "Mar 2026"),
        ("2026-03-02..soon", "soon"),
        ("soon..2026-03-02", "soon"),
        ("2026-03-04..2026-03-02", "2026-03-04..2026-03-02"),
        ("..", ""),
        ("", ""),
    ],
)
def test_what_is_no_time_is_marked(text: str, wrong: str) -> None:
    with pytest.raises(FilterError) as caught:
        time_range(typed(text), LOG_END)
    assert text[caught.value.start - 5 : caught.value.stop - 5] == wrong


def test_a_range_is_not_taken_for_one_time() -> None:
    with pytest.raises(FilterError, match="one time is wanted here, not a range") as caught:
        span(typed("2026-03-02..2026-03-04"), LOG_END)
    assert (caught.value.start - 5, caught.value.stop - 5) == (10, 12)
    assert "time:A..B" in caught.value.advice


def test_back_from_the_end_of_a_log_that_has_no_end_is_no_time() -> None:
    with pytest.raises(FilterError, match="-2h is not a time"):
        span(typed("-2h"), None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("90s", timedelta(seconds=90)),
        ("1h30m", timedelta(minutes=90)),
        ("1.5D", timedelta(hours=36)),
        ("2w", timedelta(days=14)),
        ("250ms", timedelta(milliseconds=250)),
        ("5us", timedelta(microseconds=5)),
        ("0s", timedelta()),
        ("90", None),
        ("h", None),
        ("1h 30m", None),
        ("-1h", None),
        ("1y", None),
        ("", None),
        ("9" * 400 + "w", None),
    ],
)
def test_lengths(text: str, found: timedelta | None) -> None:
    assert length(text) == found
