"""When the person was at the desk: a session less the times locked, disconnected or idle (rule R21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

AWAY = {"lock": "unlock", "leave": "return", "idle": "active"}
"""What begins an absence, and what ends it (roles of ``events.toml``)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A record that begins or ends an absence."""

    time: datetime
    role: str


def absences(marks: Iterable[Mark], end: datetime) -> list[tuple[datetime, datetime]]:
    """The times away, joined where they overlap: a lock often lies inside a disconnect.

    Args:
        marks: Records of one session, in order.
        end: End of the session; an absence without an end runs to it.

    Returns:
        Intervals in order, none overlapping.
    """
    intervals: list[tuple[datetime, datetime]] = []
    began: dict[str, datetime] = {}
    for mark in marks:
        if mark.role in AWAY:
            began.setdefault(mark.role, mark.time)
            continue
        opener = next((opener for opener, closer in AWAY.items() if closer == mark.role), None)
        if opener in began:
            intervals.append((began.pop(opener), mark.time))
    intervals += [(since, end) for since in began.values()]
    return _joined(interval for interval in intervals if interval[0] < interval[1])


def _joined(intervals: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for since, until in sorted(intervals):
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((since, until))
    return joined


def away_time(marks: Iterable[Mark], start: datetime, end: datetime) -> timedelta:
    """Total time away between start and end.

    Args:
        marks: Records of one session, in order.
        start: Start of the session.
        end: End of the session.
    """
    clipped = ((max(since, start), min(until, end)) for since, until in absences(marks, end))
    return sum((until - since for since, until in clipped if until > since), timedelta())
