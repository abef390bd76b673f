"""Times and lengths as people type them in a filter. All times are UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from logonscope.errors import FilterError
from logonscope.filters.terms import Value

_PARTIAL = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d?)(?:-(?P<day>\d\d?)(?:[T ](?P<hour>\d\d?)"
    r"(?::(?P<minute>\d\d)(?::(?P<second>\d\d))?)?)?)?)?(?P<zone>Z)?",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"(?:(\d+(?:\.\d+)?)(ms|us|d|h|m|s|w))", re.IGNORECASE)
_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_STEPS = ("year", "month", "day", "hour", "minute", "second")
_NUMBERS_ONLY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d")
_ZONE_NAME = re.compile(r"\b(?:UTC|GMT)\s*(?=[+-])", re.IGNORECASE)
"""dateutil would read UTC+2 as POSIX does: two hours behind."""
_DEFAULTS = (datetime(2000, 1, 1), datetime(2004, 2, 3, 4, 5, 6, 7))
"""What a free text leaves out comes out different from the one and from the other."""
_ADVICE = "Write 2026-03-02, 2026-03-02T09:30 or, back from the end of the log, -2h."


def length(text: str) -> timedelta | None:
    """Read ``90s``, ``2h``, ``1h30m`` or ``1.5d``; None where it is none of these."""
    parts = _LENGTH.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    try:
        return timedelta(seconds=sum(float(number) * _UNITS[unit.lower()] for number, unit in parts))
    except OverflowError:
        return None


def span(value: Value, log_end: datetime | None) -> tuple[datetime, datetime]:
    """Read a time as the span that it names: ``2026-03-02`` is that day, ``2026-03-02T09`` that hour.

    Args:
        value: The typed time.
        log_end: Time of the last record, for ``-2h``.

    Returns:
        First moment and the moment after the last.

    Raises:
        FilterError: It is no time.
    """
    text = value.text
    dots = text.find("..")
    if dots >= 0:
        place = value.start + dots
        raise FilterError("one time is wanted here, not a range", place, place + 2, "Write time:A..B for a range.")
    if text[:1] == "-" and log_end:
        back = length(text[1:])
        if back is not None:
            try:
                return log_end - back, log_end - back
            except OverflowError as error:
                raise FilterError(f"{text} lies before all time", value.start, value.stop) from error
    partial = _PARTIAL.fullmatch(text)
    try:
        return _partial_span(partial) if partial else _free_span(text)
    except (ValueError, OverflowError) as error:
        raise FilterError(f"{text} is not a time", value.start, value.stop, _ADVICE) from error


def time_range(value: Value, log_end: datetime | None) -> tuple[datetime, datetime]:
    """Read a time or a range of times: ``2026-03-02``, ``2026-03-02..2026-03-04``, ``2026-03-02T01..03``.

    Args:
        value: The typed range; its second half may leave out what it shares with the first.
        log_end: Time of the last record, for ``-2h``.

    Returns:
        First moment and the moment after the last.

    Raises:
        FilterError: A half of it is no time, or it ends before it begins.
    """
    first, dots, last = value.text.partition("..")
    since, until = span(Value(first, value.start, value.start + len(first)), log_end)
    if dots:
        whole = len(last) >= len(first) or last[:1] == "-"
        completed = last if whole else first[: len(first) - len(last)] + last
        _, until = span(Value(completed, value.stop - len(last), value.stop), log_end)
    if until < since:
        raise FilterError("this range ends before it begins", value.start, value.stop)
    return since, until


def free_time(text: str, default: datetime, **options: Any) -> datetime:
    """A time in any of the forms that dateutil knows.

    Args:
        text: What was typed.
        default: Gives the parts that were not.
        options: Those of ``dateutil.parser.parse``.

    Raises:
        ValueError, OverflowError: It is none.
    """
    from dateutil import parser  # the first paint need not wait for it

    found: datetime = parser.parse(text, default=default, **options)
    return found


def _partial_span(match: re.Match[str]) -> tuple[datetime, datetime]:
    parts = [int(match[step]) for step in _STEPS if match[step] is not None]
    since = datetime(*(parts + [1, 1, 1][len(parts) :])) if len(parts) < 3 else datetime(*parts)  # type: ignore[arg-type]
    finest = _STEPS[len(parts) - 1]
    if finest == "year":
        return since, since.replace(year=since.year + 1)
    if finest == "month":
        return since, (since.replace(day=1) + timedelta(days=32)).replace(day=1)
    return since, since + timedelta(**{f"{finest}s": 1})


def _free_span(text: str) -> tuple[datetime, datetime]:
    found, other = (free_time(_ZONE_NAME.sub("", text), default, tzinfos=_offset) for default in _DEFAULTS)
    if found.date() != other.date():
        raise ValueError("the date is not complete")
    if _NUMBERS_ONLY.match(text) and free_time(text, _DEFAULTS[0], dayfirst=True).date() != found.date():
        raise ValueError("03/04 is one day in America and another in Europe")
    left_out = next((step for step in _STEPS[3:] if getattr(found, step) != getattr(other, step)), None)
    finest = _STEPS[_STEPS.index(left_out) - 1] if left_out else "microsecond" if found.microsecond else "second"
    if found.tzinfo:
        found = found.astimezone(UTC).replace(tzinfo=None)
    return found, found + timedelta(**{f"{finest}s": 1})


def _offset(name: str | None, seconds: int | None) -> int | None:
    if name and seconds is None:
        raise ValueError(f"time zone {name} is not known")
    return seconds
