"""A moment to go to, as people type it: what a filter takes, and what lies near the row on the screen."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from logonscope.errors import FilterError
from logonscope.filters.terms import Value
from logonscope.filters.times import free_time, length, span

_ADVICE = "Write 2026-03-02, 09:30, mon 9:00, yesterday, -2h (before the end of the log), +30m (after this row)."
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(
    r"(today|yesterday|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)(?:[ ,]+(.+))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?\s*(?:[ap]m)?|\d{1,2}\s*[ap]m)\s*(?:z|utc)?", re.IGNORECASE
)
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)(?:[T ]+(.+))?", re.IGNORECASE)
"""As the lists write a time of the same year."""
_MONTH = re.compile(r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_COUNTED = {10: timedelta(seconds=1), 13: timedelta(milliseconds=1), 16: timedelta(microseconds=1)}
"""Digits of a Unix time, and what it counts."""
_UNIX = datetime(1970, 1, 1)


def when(text: str, log_end: datetime | None, here: datetime | None) -> datetime:
    """Read a moment.

    Args:
        text: What was typed.
        log_end: The time of the last record: ``-2h``, weekdays and ``yesterday`` count back from it.
        here: The time of the row on the screen: ``+30m`` and a time of day count from it.

    Returns:
        Naive UTC; of a day or an hour the first moment.

    Raises:
        FilterError: It is no time.
    """
    typed = text.strip()
    near = here or log_end
    try:
        found = _near(typed, log_end, near)
    except (ValueError, OverflowError) as error:
        raise FilterError(f"{typed} is not a time", 0, len(text), _ADVICE) from error
    if found is not None:
        return found
    if ".." in typed:
        raise FilterError("a range is no moment", 0, len(text), _ADVICE)
    try:
        return span(Value(typed, 0, len(text)), log_end)[0]
    except FilterError as error:
        raise FilterError(error.message, 0, len(text), _ADVICE) from error


def _near(typed: str, log_end: datetime | None, near: datetime | None) -> datetime | None:
    if typed.isdigit() and len(typed) in _COUNTED:
        return _UNIX + int(typed) * _COUNTED[len(typed)]
    if near is None:
        return None
    if typed[:1] == "+" and (ahead := length(typed[1:])) is not None:
        return near + ahead
    if _CLOCK.fullmatch(typed):
        return datetime.combine(near, _clock(typed))
    day = _DAY.fullmatch(typed)
    if day:
        date = _day(day[1].lower()[:3], log_end or near)
        return datetime.combine(date, _clock(day[2]) if day[2] else time())
    short = _MONTH_DAY.fullmatch(typed)
    if short:
        date = datetime(near.year, int(short[1]), int(short[2]))
        return datetime.combine(date, _clock(short[3])) if short[3] else date
    if _MONTH.search(typed):
        return _without_year(typed, near)
    return None


def _clock(text: str) -> time:
    if re.fullmatch(r"\d\d", text):
        return time(int(text))
    if not _CLOCK.fullmatch(text.strip()):
        raise ValueError(text)
    return free_time(re.sub(r"z|utc", "", text, flags=re.IGNORECASE), _UNIX).time()


def _day(name: str, end: datetime) -> datetime:
    if name in _DAYS:
        return end - timedelta(days=(end.weekday() - _DAYS.index(name)) % 7)
    return end - timedelta(days=1 if name == "yes" else 0)


def _without_year(typed: str, near: datetime) -> datetime | None:
    """A day and a month, of the year of the row on the screen; None where it is something else, or names its year."""
    usual = datetime(near.year, 1, 1)
    found, other = (free_time(typed, default) for default in (usual, datetime(near.year ^ 4, 2, 3)))
    is_whole = (found.month, found.day) == (other.month, other.day)
    return found if found.year != other.year and is_whole and not found.tzinfo else None
