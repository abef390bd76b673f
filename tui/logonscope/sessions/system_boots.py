"""What the System log adds to the boots of a machine: starts that its Security log does not show, and how boots ended.

Its records are tied to those of the Security log by time, so it decides only where the Security log is silent.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from logonscope.sessions.boots import EndKind, Epoch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

_SAME_KERNEL = timedelta(seconds=2)
_SAME_START = timedelta(minutes=10)
_CRASH_MARGIN = timedelta(minutes=10)
_STOP_MARGIN = timedelta(minutes=5)
_REQUEST_MARGIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class SystemStart:
    """Kernel-General 12, EventLog 6009 and 6005 of one start."""

    time: datetime
    """Start of the kernel where 12 is there, else the time of the first record."""
    row: int


@dataclass(frozen=True, slots=True)
class SystemMark:
    """A System record that tells how the machine stopped."""

    time: datetime
    kind: Literal["crash", "stopped", "stopping"]
    """41 or 6008; 6006 or 13; 1074 or 109."""
    row: int
    alive_until: datetime | None = None
    """The last heartbeat that 6008 names."""
    uptime: timedelta | None = None
    """How long the machine had run by 6008."""


def with_system_starts(
    epochs: Sequence[Epoch],
    span: tuple[datetime, datetime] | None,
    starts: Sequence[SystemStart],
    begins_before: bool,
    hole_at: Callable[[datetime], tuple[int, int] | None],
) -> list[Epoch]:
    """Add the boots that only the System log shows, and number all of them.

    Args:
        epochs: The boots by the Security log, in record order; empty where there is none.
        span: Times of the first and last record of the Security log.
        starts: Starts by the System log, in record order.
        begins_before: Whether the System log holds records from before the first of them.
        hole_at: Positions of the Security records before and after a time, if records are missing in between.

    Returns:
        Epochs in order. Number 0 is the one whose start no log shows.
    """
    own = {start.row: epoch for epoch in epochs if (start := _own_start(epoch, starts))}
    known = _with_kernels(epochs, starts)
    unmatched = [start for start in starts if start.row not in own]
    if span is None:
        only = [Epoch(0, 0, None, "before-log", None, None)] if begins_before or not starts else []
        return _numbered(only + _own_epochs(unmatched, len(only)))
    before = _starts_before(span[0], starts, own)
    elsewhere = {start.row for start in before}
    rest = [start for start in unmatched if start.row not in elsewhere]
    known = _with_holes(known, [start for start in rest if start.time <= span[1]], hole_at)
    first = known[0]
    if before and first.start is None and _may_be(before[-1], first):
        start = before.pop()
        known[0] = replace(first, start=start.time, start_evidence="System", start_row=start.row)
    after = [start for start in rest if start.time > span[1]]
    found = _own_epochs(before, known[0].first_position - len(before))
    found = _numbered([*found, *known, *_own_epochs(after, known[-1].first_position + _BEYOND)])
    return _with_next_starts(found)


def _starts_before(first_time: datetime, starts: Sequence[SystemStart], own: Collection[int]) -> list[SystemStart]:
    """Starts from before the Security log, by time, and by their order where the clock was set back since then."""
    unseen = list(takewhile(lambda start: start.row not in own, starts))
    count = max((index for index, start in enumerate(unseen, 1) if start.time < first_time), default=0)
    later = [start for start in starts[count:] if start.row not in own and start.time < first_time]
    return [*unseen[:count], *later]


_BEYOND = 1 << 47
"""Positions for boots after the last Security record: none of its records lies there."""


def _is_start_of(start: SystemStart, epoch: Epoch) -> bool:
    if epoch.kernel_start and abs(epoch.kernel_start - start.time) <= _SAME_KERNEL:
        return True
    return epoch.start is not None and -_SAME_KERNEL <= epoch.start - start.time <= _SAME_START


def _own_start(epoch: Epoch, starts: Iterable[SystemStart]) -> SystemStart | None:
    """The start of a boot: the last one that fits, since those before it began boots of their own."""
    fitting = [start for start in starts if _is_start_of(start, epoch)]
    return max(fitting, key=lambda start: start.time, default=None)


def _may_be(start: SystemStart, epoch: Epoch) -> bool:
    return epoch.kernel_start is None or abs(epoch.kernel_start - start.time) <= _SAME_START


def _with_kernels(epochs: Sequence[Epoch], starts: Sequence[SystemStart]) -> list[Epoch]:
    """Kernel-General 12 names the start of the kernel where activity IDs do not, and the start that the log lacks."""
    found = []
    for epoch in epochs:
        own = _own_start(epoch, starts)
        if own and epoch.start is None:
            found.append(replace(epoch, start=own.time, start_evidence="System", start_row=own.row))
        elif own and epoch.kernel_start is None:
            found.append(replace(epoch, kernel_start=own.time))
        else:
            found.append(epoch)
    return found


def _own_epochs(starts: Sequence[SystemStart], first_position: int) -> list[Epoch]:
    return [
        Epoch(0, first_position + index, start.time, "System", start.row, start.time, "reboot")
        for index, start in enumerate(starts)
    ]


def _with_holes(
    epochs: list[Epoch], starts: Iterable[SystemStart], hole_at: Callable[[datetime], tuple[int, int] | None]
) -> list[Epoch]:
    """Starts whose own Security records are missing: the records after the hole are of the last boot begun in it."""
    in_hole: dict[tuple[int, int], list[SystemStart]] = defaultdict(list)
    for start in starts:
        hole = hole_at(start.time)
        if hole:
            in_hole[hole].append(start)
    found = epochs
    for (before, after), own in in_hole.items():
        last = after - any(epoch.first_position == after for epoch in epochs)
        first = last - len(own) + 1
        for position, start in enumerate(own, first):
            if position > before:
                found = _with_boot(found, Epoch(0, position, start.time, "System", start.row, start.time))
    return found


def _with_boot(epochs: list[Epoch], added: Epoch) -> list[Epoch]:
    """One more boot, which cuts in two the one that it lies in."""
    found = sorted([*epochs, added], key=lambda epoch: epoch.first_position)
    index = found.index(added)
    if index:
        before = found[index - 1]
        found[index] = replace(added, end_kind=before.end_kind, end=before.end, next_start=before.next_start)
        found[index - 1] = replace(before, end_kind="reboot", end=None, next_start=added.start)
    return found


def with_lost_starts(epochs: Sequence[Epoch], lost: Iterable[tuple[int, datetime]]) -> list[Epoch]:
    """Add boots of which no log holds the start.

    Args:
        epochs: The others, in order.
        lost: Position and time of the first record of each, by which it had begun.
    """
    found = list(epochs)
    for position, time in lost:
        found = _with_boot(found, Epoch(0, position, time, "logon IDs", None, None))
    return _numbered(found) if len(found) > len(epochs) else found


def _numbered(epochs: Sequence[Epoch]) -> list[Epoch]:
    first = 0 if epochs and epochs[0].start is None else 1
    numbered = [
        epoch if epoch.number == number else replace(epoch, number=number) for number, epoch in enumerate(epochs, first)
    ]
    return _with_next_starts(numbered)


def _with_next_starts(epochs: Sequence[Epoch]) -> list[Epoch]:
    """What follows an open boot has ended it; nothing has ended the last one but its own clean stop."""
    found = [
        _with_end(epoch, "reboot" if epoch.end_kind == "open" else epoch.end_kind, following.start)
        for epoch, following in pairwise(epochs)
    ]
    going_on = [_with_end(last, "open" if last.end_kind == "reboot" else last.end_kind, None) for last in epochs[-1:]]
    return found + going_on


def _with_end(epoch: Epoch, kind: EndKind, next_start: datetime | None) -> Epoch:
    if (epoch.end_kind, epoch.next_start) == (kind, next_start):
        return epoch
    return replace(epoch, end_kind=kind, next_start=next_start)


def with_system_ends(
    epochs: Sequence[Epoch],
    last_records: dict[int, datetime],
    marks: Sequence[SystemMark],
    last_covered: int | None,
) -> list[Epoch]:
    """Let the System log say how a boot ended where the Security log could not (rule R5).

    Args:
        epochs: Boots of one machine.
        last_records: Time of the last record of each boot, by number.
        marks: System records of that machine.
        last_covered: Number of the last boot that the Security log has records of.

    Returns:
        The epochs, with ``reboot`` turned into ``crash`` or ``shutdown`` where a System record shows it.
    """
    crashes = _crashes([epoch.next_start for epoch in epochs if epoch.next_start], marks)
    return [
        _judged(
            epoch,
            last_records.get(epoch.number),
            crashes.get(epoch.next_start) if epoch.next_start else None,
            marks,
            is_last=epoch.number == last_covered,
        )
        for epoch in epochs
    ]


def _judged(
    epoch: Epoch,
    last_record: datetime | None,
    crash: SystemMark | None,
    marks: Sequence[SystemMark],
    *,
    is_last: bool,
) -> Epoch:
    if epoch.end_kind == "crash" or (epoch.end_kind == "reboot" and crash):
        alive = crash.alive_until if crash else None
        in_range = alive and (last_record is None or last_record <= alive) and _not_after(alive, epoch.next_start)
        row = epoch.end_row or (crash.row if crash else None)
        ran = crash.uptime if crash else None
        return replace(epoch, end_kind="crash", end_row=row, alive_until=alive if in_range else None, uptime=ran)
    if epoch.end_kind == "shutdown" or last_record is None:
        return epoch
    for kind, margin in (("stopped", _STOP_MARGIN), ("stopping", _REQUEST_MARGIN)):
        fitting = [m for m in marks if m.kind == kind and last_record - m.time <= margin and _began(epoch, m.time)]
        fitting = [m for m in fitting if _not_after(m.time, epoch.next_start)]
        # Where the Security log has come to its end, sign-outs after that may be missing: only a stop right then
        # ended what was on.
        if is_last or epoch.next_start is None:
            fitting = [m for m in fitting if kind == "stopped" and m.time - last_record <= margin]
        if fitting:
            last = max(fitting, key=lambda mark: mark.time)
            return replace(epoch, end_kind="shutdown", end=last.time, end_is_exact=kind == "stopped", end_row=last.row)
    return epoch


def _began(epoch: Epoch, time: datetime) -> bool:
    return epoch.start is None or epoch.start <= time


def _crashes(starts: Sequence[datetime], marks: Sequence[SystemMark]) -> dict[datetime, SystemMark]:
    """The record of an unexpected stop by the start that it was written after; 6008 before 41, for what it tells."""
    found: dict[datetime, list[SystemMark]] = defaultdict(list)
    for mark in marks:
        if mark.kind == "crash" and starts:
            start = min(starts, key=lambda start: abs(mark.time - start))
            if abs(mark.time - start) <= _CRASH_MARGIN:
                found[start].append(mark)
    return {
        start: min(near, key=lambda mark: (mark.alive_until is None, mark.uptime is None, abs(mark.time - start)))
        for start, near in found.items()
    }


def _not_after(time: datetime, limit: datetime | None) -> bool:
    return limit is None or time <= limit
