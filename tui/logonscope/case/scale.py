"""A span of time cut into equal columns, as strips and time lines are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from logonscope.display import microseconds

_US = timedelta(microseconds=1)
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_FIRST, _LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59, 999999)


@dataclass(frozen=True, slots=True)
class Scale:
    """A span of time in columns; times are naive UTC."""

    since: datetime
    until: datetime
    """The moment after the last, later than ``since``."""
    columns: int
    """At least 1."""

    @property
    def slot(self) -> int:
        """Microseconds to a column, at least 1; the last column may reach beyond the end."""
        return max(1, -(-microseconds(self.until - self.since) // self.columns))

    def column(self, time: datetime) -> int:
        """The column that a moment lies in: below 0 or from ``columns`` on, where it lies outside."""
        return microseconds(time - self.since) // self.slot

    def start(self, column: int) -> datetime:
        """The first moment of a column."""
        return moved(self.since, column * self.slot * _US)


def moved(time: datetime, span: timedelta) -> datetime:
    """A time so much later, or the first or last of all times where it would lie outside."""
    try:
        return time + span
    except OverflowError:
        return _FIRST if span < timedelta() else _LAST


def round_range(scale: Scale, first: int, last: int) -> str:
    """The range of some columns as a filter takes it, rounded outward to minutes, seconds or not at all.

    Args:
        scale: The columns.
        first: The first column.
        last: The last column.
    """
    since, until = scale.start(first), scale.start(last + 1)
    if scale.slot < 1_000_000:
        final = until - _US
        return f"{since.isoformat()}..{(final if final.microsecond else final - _US).isoformat()}"
    unit, written = (_MINUTE, "minutes") if scale.slot >= 60_000_000 else (_SECOND, "seconds")
    begin, final = _FIRST + (since - _FIRST) // unit * unit, _FIRST + (until - _FIRST - _US) // unit * unit
    return f"{begin.isoformat(timespec=written)}..{final.isoformat(timespec=written)}"
