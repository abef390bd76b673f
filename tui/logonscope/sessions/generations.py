"""Which run of record numbers a record belongs to (rule R1).

Records of one machine and channel are ordered by EventRecordID. The number starts again at 1 when a log is made
anew; a run from one 1 to the next is a generation. One generation can be spread over several files, whole or
overlapping, and one file can hold the end of one and the beginning of the next.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

POSITION_BITS = 48
"""A position is the generation above so many bits of EventRecordID."""


_last_record_id = attrgetter("last_record_id")


@dataclass(frozen=True, slots=True)
class Run:
    """Records of one machine and channel in one source, between two restarts of the numbering."""

    source: int
    machine: int
    channel: int
    restart: int
    """How many times the numbering had restarted in that source."""
    first_record_id: int
    last_record_id: int
    first_time: datetime
    last_time: datetime


def generations(runs: Iterable[Run]) -> dict[tuple[int, int, int, int], int]:
    """Number the generations of each machine and channel.

    Args:
        runs: All runs of a case.

    Returns:
        (source, machine, channel, restart) to generation, from 0.
    """
    numbered: dict[tuple[int, int, int, int], int] = {}
    by_channel: dict[tuple[int, int], list[Run]] = defaultdict(list)
    for run in runs:
        by_channel[run.machine, run.channel].append(run)
    for channel_runs in by_channel.values():
        chain = _chains(channel_runs)
        found: list[_Generation] = []
        for run in sorted(channel_runs, key=lambda run: (run.first_time, run.source, run.restart)):
            home = next((i for i, generation in enumerate(found) if generation.fits(run, chain)), None)
            if home is None:
                home = len(found)
                found.append(_Generation())
            found[home].add(run)
            numbered[run.source, run.machine, run.channel, run.restart] = home
    return numbered


class _Generation:
    """The runs of one generation that are known, in the order of their last numbers."""

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._sources: set[int] = set()

    def add(self, run: Run) -> None:
        insort(self._runs, run, key=_last_record_id)
        self._sources.add(run.source)

    def fits(self, later: Run, chain: dict[Run, int]) -> bool:
        """Whether a run that begins later can be of it."""
        if later.source in self._sources:
            return False
        # It goes on where most of the others end, which spares a look at each of thousands of files.
        reached = bisect_left(self._runs, later.first_record_id, key=_last_record_id)
        return all(_one_numbering(later, earlier, chain) for earlier in islice(self._runs, reached, None))


def _chains(runs: Sequence[Run]) -> dict[Run, int]:
    """The last number of the chain that each run is in: of runs that go on where another has ended."""
    furthest: dict[int, int] = {}
    chain: dict[Run, int] = {}
    for run in sorted(runs, key=lambda run: run.last_record_id, reverse=True):
        chain[run] = furthest.get(run.last_record_id + 1, run.last_record_id)
        furthest[run.first_record_id] = max(chain[run], furthest.get(run.first_record_id, 0))
    return chain


def _one_numbering(later: Run, earlier: Run, chain: dict[Run, int]) -> bool:
    """Whether a run that begins later, but not behind the last number, fits to one of another source."""
    if later.last_record_id < earlier.first_record_id:
        # An archive and the log that goes on from it, with the clock set back in between.
        return chain[later] == chain[earlier] or _needs_less_set_back(later, earlier)
    return later.first_time <= earlier.last_time


def _needs_less_set_back(later: Run, earlier: Run) -> bool:
    """Whether lower numbers with later times come first: the clock was set back by less than if they came last."""
    if later.first_time > earlier.last_time:
        return False
    return later.last_time - earlier.first_time < earlier.last_time - later.first_time
