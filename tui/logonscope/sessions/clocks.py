"""How far the clock had been set when a record of another log was written (rule R19).

The Security log records each step, so its records are placed by their position. A record of another log has only its
time, which occurs twice where the clock was set back. The order of its own log tells which is meant: where a time lies
before that of the record before it, a step lies between the two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

_SLACK = 2_000_000
"""Microseconds by which records are out of order anyhow, and steps below which their order says nothing."""


@dataclass(frozen=True, slots=True)
class ClockStep:
    """One setting of the clock; times in microseconds since 1970."""

    before: int
    """What the clock showed."""
    after: int
    total: int
    """All steps until then, in microseconds."""


def totals_in_order(times: Sequence[int], steps: Sequence[ClockStep]) -> list[int]:
    """How far the clock had been set at each record of one log.

    Args:
        times: Stamped times in microseconds since 1970, in record order.
        steps: Steps of the clock, in order.

    Returns:
        Microseconds for each. Where several would fit, the latest that the records after it allow.
    """
    begins = [-inf, *(step.after - _SLACK for step in steps)]
    ends = [*(step.before + _SLACK for step in steps), inf]
    totals = [0, *(step.total for step in steps)]
    found: list[int] = []
    span, following = len(steps), inf
    for time in reversed(times):
        latest = span - 1 if time > following + _SLACK and span else span
        fitting = next((i for i in range(latest, -1, -1) if begins[i] <= time <= ends[i]), None)
        if fitting is not None:
            span, following = fitting, time
        found.append(totals[span])
    return found[::-1]


def stage_clocks(con: duckdb.DuckDBPyConnection) -> None:
    """Place records of other logs among the steps of the clock: writes ``neighbour_clock`` (temporary).

    Only for machines whose clock was set back; elsewhere times tell enough.
    """
    steps: dict[int, list[ClockStep]] = defaultdict(list)
    for machine, *step in con.execute(f"""
        SELECT machine, epoch_us(time) - clock_step, epoch_us(time), total
        FROM clock SEMI JOIN {_SET_BACK} USING (machine) ORDER BY machine, pos
    """).fetchall():
        steps[machine].append(ClockStep(*step))
    logs: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for machine, channel, *record in con.execute(f"""
        SELECT machine, channel, row, epoch_us(time)
        FROM neighbour SEMI JOIN {_SET_BACK} USING (machine) ORDER BY machine, channel, pos, row
    """).fetchall():
        logs[machine, channel].append((record[0], record[1]))
    placed = []
    for (machine, _), records in logs.items():
        totals = totals_in_order([time for _, time in records], steps[machine])
        placed += [(row, total) for (row, _), total in zip(records, totals, strict=True)]
    stage(con, "neighbour_clock", placed)


_SET_BACK = f"(SELECT machine FROM clock WHERE clock_step <= -{_SLACK})"


class Clocks:
    """The clock steps of every machine by time, for what has no place in a log.

    Args:
        con: A connection on which ``clock_time`` is staged.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._times: dict[int, list[datetime]] = defaultdict(list)
        self._totals: dict[int, list[int]] = defaultdict(lambda: [0])
        for machine, since, total in con.execute("SELECT * FROM clock_time ORDER BY machine, since").fetchall():
            self._times[machine].append(since)
            self._totals[machine].append(total)

    def total(self, machine: int, time: datetime) -> int:
        """Microseconds that the clock had been set until a stamped time, in all."""
        return self._totals[machine][bisect_right(self._times[machine], time)]
