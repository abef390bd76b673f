"""Regular interruptions: several people's sessions cut within the same minutes, again and again at a fixed period.

The cause is then a device or a schedule, not the users (LOGON.md 3.7): a gateway whose firewall reloads each hour, say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOGETHER = timedelta(minutes=5)
"""So close together cuts are one interruption."""
_TOLERANCE = timedelta(minutes=4)
_SHORTEST, _LONGEST = timedelta(minutes=15), timedelta(days=8)
_LEAST_TIMES, _LEAST_PEOPLE = 4, 2
_MOST_PERIODS = 40
_LEAST_SHARE = 0.6
"""Of all interruptions between the first and the last that fit the period: fewer than so many are chance."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A session that was disconnected, or ended unasked."""

    time: datetime
    person: int


@dataclass(frozen=True, slots=True)
class Interruptions:
    """A series of interruptions at a fixed period."""

    period: timedelta
    first: datetime
    last: datetime
    times: int
    people: int


def regular_interruptions(cuts: Iterable[Cut]) -> Interruptions | None:
    """Find interruptions of several people at a fixed period on one machine.

    Args:
        cuts: Its sessions' disconnects and unasked ends, in any order.

    Returns:
        The series with the most interruptions, or None where there is none to speak of.
    """
    shared = [group for group in _groups(cuts) if len({cut.person for cut in group}) >= _LEAST_PEOPLE]
    best: Interruptions | None = None
    for period in _periods([group[0].time for group in shared]):
        found = _series(shared, _first_on_beat(shared, period), period)
        if found and (best is None or found.times > best.times):
            best = found
    return best


def _first_on_beat(groups: Sequence[list[Cut]], period: timedelta) -> datetime:
    """The first interruption of those that lie at the commonest place in the period."""
    origin = groups[0][0].time
    places = [((group[0].time - origin) % period) // _TOLERANCE for group in groups]
    commonest = max(Counter(places).items(), key=lambda place: (place[1], -place[0]))[0]
    return next(group[0].time for group, place in zip(groups, places, strict=True) if place == commonest)


def _groups(cuts: Iterable[Cut]) -> Iterator[list[Cut]]:
    group: list[Cut] = []
    for cut in sorted(cuts, key=lambda cut: (cut.time, cut.person)):
        if group and cut.time - group[0].time > _TOGETHER:
            yield group
            group = []
        group.append(cut)
    if group:
        yield group


def _periods(times: Sequence[datetime]) -> list[timedelta]:
    """The commonest distances between neighbouring interruptions, to the minute."""
    minutes = Counter(round((after - before) / timedelta(minutes=1)) for before, after in pairwise(times))
    usual = sorted(minutes, key=lambda minute: (-minutes[minute], minute))
    return [p for minute in usual if _SHORTEST <= (p := timedelta(minutes=minute)) <= _LONGEST][:_MOST_PERIODS]


def _series(groups: Sequence[list[Cut]], start: datetime, period: timedelta) -> Interruptions | None:
    fitting = [group for group in groups if group[0].time >= start and _is_on_beat(group[0].time - start, period)]
    if len(fitting) < _LEAST_TIMES:
        return None
    last = fitting[-1][0].time
    between = [group for group in groups if start <= group[0].time <= last]
    beats = round((last - start) / period) + 1
    if len(fitting) < _LEAST_SHARE * len(between) or len(fitting) < _LEAST_SHARE * beats:
        return None
    people = {cut.person for group in fitting for cut in group}
    return Interruptions(period, start, last, len(fitting), len(people))


def _is_on_beat(distance: timedelta, period: timedelta) -> bool:
    off = distance % period
    return min(off, period - off) <= _TOLERANCE
