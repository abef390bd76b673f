"""When a machine started and stopped, by its Security log: boot epochs (rules R4 to R7).

A logon ID means something only inside one boot. The boots are found in record order; ``system_boots`` adds what the
System log knows.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EndKind = Literal["shutdown", "crash", "reboot", "open"]

_SAME_START_RECORDS = 5

_position = attrgetter("position")


class Marker(NamedTuple):
    """A record that Windows writes when it starts."""

    position: int
    time: datetime
    row: int
    kind: Literal["4608", "4624 type 0"]


class BeforeStart(NamedTuple):
    """What the records just before a start tell: those behind the last logon, which belongs to the boot before."""

    boundary: int
    """First record of the new boot: some are written before 4608, some of the old boot after its 1100."""
    stopped: datetime | None
    """Time of the last 1100."""
    has_lost: bool
    """Whether 1101 is among them."""


@dataclass(frozen=True, slots=True)
class KernelRun:
    """Records whose activity ID names the same start of the kernel (rule R6)."""

    kernel_start: datetime
    first_position: int
    last_position: int
    begins_at: int
    """First record that is stamped after that start, with none in between that is not."""


@dataclass(frozen=True, slots=True)
class SecurityLog:
    """What the Security log of one machine says about its boots."""

    first_position: int
    last_position: int
    first_time: datetime
    last_time: datetime
    starts: Sequence[Start]
    """Those that markers show."""
    kernel_runs: Sequence[KernelRun]
    ends_with_stop: datetime | None
    """Time of an 1100 that is the last thing in the log."""


class Epoch(msgspec.Struct, frozen=True, gc=False):
    """One boot as the rebuild uses it. A struct is made and changed far quicker than a frozen dataclass."""

    number: int
    first_position: int
    start: datetime | None
    start_evidence: str
    start_row: int | None
    kernel_start: datetime | None
    end_kind: EndKind = "open"
    end: datetime | None = None
    """Time of a clean stop."""
    end_is_exact: bool = True
    """Whether that is the stop itself, not only the request for it."""
    end_row: int | None = None
    alive_until: datetime | None = None
    """After a crash: when the event log service last noted that the machine was alive (EventLog 6008)."""
    uptime: timedelta | None = None
    """After a crash: how long the machine had run by then, whatever its clock said (EventLog 6008)."""
    next_start: datetime | None = None


class Start(msgspec.Struct, frozen=True, gc=False):
    """The start of a boot."""

    position: int
    time: datetime
    evidence: str
    row: int | None
    kernel_start: datetime | None = None
    before: BeforeStart | None = None
    """None where only activity IDs show it."""

    @property
    def boundary(self) -> int:
        """Position of the first record of the boot."""
        return self.before.boundary if self.before else self.position


def find_epochs(log: SecurityLog) -> list[Epoch]:
    """Cut one machine's Security log into boots.

    Args:
        log: Starts, activity-ID runs and the ends of the log.

    Returns:
        Epochs in record order. Number 0 is the one that was running when the log begins; it is missing where the
        log begins with a start.
    """
    starts = _with_kernel_starts(log.starts, log.kernel_runs)
    epochs: list[Epoch] = []
    if not starts or starts[0].boundary > log.first_position:
        first_kernel = next((run.kernel_start for run in _ordered(log.kernel_runs)), None)
        if starts and first_kernel and any(start.kernel_start == first_kernel for start in starts):
            first_kernel = None
        epochs.append(Epoch(0, log.first_position, None, "before-log", None, first_kernel))
    for number, start in enumerate(starts, 1):
        epochs.append(Epoch(number, start.boundary, start.time, start.evidence, start.row, start.kernel_start))
    return _with_ends(epochs, starts, log)


def marked_starts(markers: Iterable[Marker]) -> list[Start]:
    """Starts of boots by the markers of one machine, in record order.

    4608 starts a boot; a type 0 logon belongs to the 4608 before it, or starts a boot where that is missing.
    """
    starts: list[Start] = []
    has_system_logon = True
    for marker in markers:
        last = starts[-1] if starts else None
        is_system_logon = marker.kind == "4624 type 0"
        if is_system_logon and not has_system_logon:
            has_system_logon = True
        elif not is_system_logon and last and _is_late(marker, last):
            starts[-1] = replace(last, evidence="4608", row=marker.row)
        else:
            starts.append(Start(marker.position, marker.time, marker.kind, marker.row))
            has_system_logon = is_system_logon
    return starts


def _is_late(marker: Marker, start: Start) -> bool:
    return start.evidence == "4624 type 0" and marker.position - start.position <= _SAME_START_RECORDS


def _ordered(runs: Sequence[KernelRun]) -> list[KernelRun]:
    """Activity-ID runs in record order; none where they overlap and so contradict each other."""
    ordered = sorted(runs, key=lambda run: run.first_position)
    if any(after.first_position <= before.last_position for before, after in pairwise(ordered)):
        return []
    return ordered


def _with_kernel_starts(starts: Iterable[Start], runs: Sequence[KernelRun]) -> list[Start]:
    """Give each boot its kernel's start, and add the boots that only activity IDs show."""
    found = list(starts)
    previous_last = -1
    for index, run in enumerate(_ordered(runs)):
        last = bisect_right(found, run.first_position, key=_position) - 1
        if last >= 0 and found[last].position > previous_last:
            found[last] = replace(found[last], kernel_start=run.kernel_start)
        elif index:
            start = Start(run.begins_at, run.kernel_start, "activity ID", None, run.kernel_start)
            insort(found, start, key=_position)
        previous_last = run.last_position
    return found


def _with_ends(epochs: list[Epoch], starts: list[Start], log: SecurityLog) -> list[Epoch]:
    ended: list[Epoch] = []
    for epoch, following in pairwise(epochs):
        start = starts[following.number - 1]
        kind, time = _security_end(start)
        ended.append(replace(epoch, end_kind=kind, end=time, next_start=following.start))
    if epochs:
        last = epochs[-1]
        if log.ends_with_stop:
            last = replace(last, end_kind="shutdown", end=log.ends_with_stop)
        ended.append(last)
    return ended


def _security_end(start: Start) -> tuple[EndKind, datetime | None]:
    """How the boot before this start ended, by the Security log alone (rule R5)."""
    before = start.before
    if before and before.stopped:
        return "shutdown", before.stopped
    return "crash" if before and before.has_lost else "reboot", None
