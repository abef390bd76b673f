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


@dataclass(frozen=True, slots=True)
class Placed:
    """Between which steps of the clock a record may lie, by how many steps came before it."""

    first: int
    last: int
    total: int
    """How far the clock had been set after the last of them, in microseconds."""


def places_in_order(times: Sequence[int], steps: Sequence[ClockStep]) -> list[Placed]:
    """Where each record of one log may lie among the steps of the clock.

    Args:
        times: Stamped times of the records in record order, in microseconds since 1970.
        steps: The steps of the clock in order.

    Returns:
        One place per record. Its first and last differ where the time occurred twice and the order of the log does not
        tell which is meant; the total is that of the last.
    """
    totals = [0, *(step.total for step in steps)]
    earliest, latest = _earliest(times, steps), _latest(times, steps)
    return [Placed(min(first, last), last, totals[last]) for first, last in zip(earliest, latest, strict=True)]


def _earliest(times: Sequence[int], steps: Sequence[ClockStep]) -> list[int]:
    found: list[int] = []
    span, before = 0, -inf
    begins, ends = _spans(steps)
    for time in times:
        first = span + 1 if time < before - _SLACK and span < len(steps) else span
        fitting = next((i for i in range(first, len(begins)) if begins[i] <= time <= ends[i]), None)
        if fitting is not None:
            span, before = fitting, time
        found.append(span)
    return found


def _latest(times: Sequence[int], steps: Sequence[ClockStep]) -> list[int]:
    found: list[int] = []
    span, following = len(steps), inf
    begins, ends = _spans(steps)
    for time in reversed(times):
        latest = span - 1 if time > following + _SLACK and span else span
        fitting = next((i for i in range(latest, -1, -1) if begins[i] <= time <= ends[i]), None)
        if fitting is not None:
            span, following = fitting, time
        found.append(span)
    return found[::-1]


def _spans(steps: Sequence[ClockStep]) -> tuple[list[float], list[float]]:
    """What the clock showed from step to step: first and last, with some slack."""
    begins = [-inf, *(step.after - _SLACK for step in steps)]
    return begins, [*(step.before + _SLACK for step in steps), inf]


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
        FROM neighbour SEMI JOIN {_SET_BACK} USING (machine)
        -- What the kernel tells of a stop and a start is written late: its order says nothing.
        WHERE NOT starts_with(provider, 'Microsoft-Windows-Kernel-')
           OR provider = 'Microsoft-Windows-Kernel-General' AND event_id = 1
        ORDER BY machine, channel, pos, row
    """).fetchall():
        logs[machine, channel].append((record[0], record[1]))
    placed = []
    for (machine, _), records in logs.items():
        places = places_in_order([time for _, time in records], steps[machine])
        placed += [(row, at.total, at.first, at.last) for (row, _), at in zip(records, places, strict=True)]
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
