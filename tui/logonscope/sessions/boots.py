"""When a machine started and stopped, by its Security log: boot epochs (rules R4 to R7).

A logon ID means something only inside one boot. The boots are found in record order; ``system_boots`` adds what the
System log knows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EndKind = Literal["shutdown", "crash", "reboot", "open"]

_EARLY_MARGIN = timedelta(minutes=1)
_SAME_START_RECORDS = 5


class Nearby(NamedTuple):
    """One of the last records before a start marker."""

    position: int
    time: datetime
    kind: Literal["stop", "lost", "close", "early", "other"]
    """1100; 1101; a record that closes or asks to close; one that Windows writes while it starts."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A record that Windows writes when it starts."""

    position: int
    time: datetime
    row: int
    kind: Literal["4608", "4624 type 0"]
    before: tuple[Nearby, ...] = ()
    """The records just before it, in record order: those behind the last logon, which belongs to the boot before."""


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
    markers: Sequence[Marker]
    kernel_runs: Sequence[KernelRun]
    ends_with_stop: datetime | None
    """Time of an 1100 that is the last thing in the log."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """One boot as the rebuild uses it."""

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


@dataclass(frozen=True, slots=True)
class _Start:
    position: int
    time: datetime
    evidence: str
    row: int | None
    marker: Marker | None
    kernel_start: datetime | None = None
    has_system_logon: bool = False


def find_epochs(log: SecurityLog) -> list[Epoch]:
    """Cut one machine's Security log into boots.

    Args:
        log: Start markers, activity-ID runs and the ends of the log.

    Returns:
        Epochs in record order. Number 0 is the one that was running when the log begins; it is missing where the
        log begins with a start.
    """
    starts = _with_kernel_starts(_marked_starts(log.markers), log.kernel_runs)
    boundaries = [_boundary(start) for start in starts]
    epochs: list[Epoch] = []
    if not starts or boundaries[0] > log.first_position:
        first_kernel = next((run.kernel_start for run in _ordered(log.kernel_runs)), None)
        if starts and first_kernel and any(start.kernel_start == first_kernel for start in starts):
            first_kernel = None
        epochs.append(Epoch(0, log.first_position, None, "before-log", None, first_kernel))
    for number, (start, boundary) in enumerate(zip(starts, boundaries, strict=True), 1):
        epochs.append(Epoch(number, boundary, start.time, start.evidence, start.row, start.kernel_start))
    return _with_ends(epochs, starts, log)


def start_positions(markers: Iterable[Marker]) -> list[int]:
    """Where boots begin by their markers alone: the position of the first marker of each."""
    return [start.position for start in _marked_starts(markers)]


def _marked_starts(markers: Iterable[Marker]) -> list[_Start]:
    """4608 starts a boot; a type 0 logon belongs to the 4608 before it, or starts a boot where that is missing."""
    starts: list[_Start] = []
    for marker in markers:
        last = starts[-1] if starts else None
        if marker.kind == "4624 type 0":
            if last and not last.has_system_logon:
                starts[-1] = replace(last, has_system_logon=True)
                continue
        elif last and last.evidence == "4624 type 0" and marker.position - last.position <= _SAME_START_RECORDS:
            starts[-1] = replace(last, evidence="4608", row=marker.row)
            continue
        system_logon = marker.kind == "4624 type 0"
        starts.append(_Start(marker.position, marker.time, marker.kind, marker.row, marker, None, system_logon))
    return starts


def _ordered(runs: Sequence[KernelRun]) -> list[KernelRun]:
    """Activity-ID runs in record order; none where they overlap and so contradict each other."""
    ordered = sorted(runs, key=lambda run: run.first_position)
    if any(after.first_position <= before.last_position for before, after in pairwise(ordered)):
        return []
    return ordered


def _with_kernel_starts(starts: list[_Start], runs: Sequence[KernelRun]) -> list[_Start]:
    """Give each boot its kernel's start, and add the boots that only activity IDs show."""
    found = list(starts)
    previous_last = -1
    for index, run in enumerate(_ordered(runs)):
        between = [s for s in found if previous_last < s.position <= run.first_position]
        if between:
            found[found.index(between[-1])] = replace(between[-1], kernel_start=run.kernel_start)
        elif index:
            start = _Start(run.begins_at, run.kernel_start, "activity ID", None, None, run.kernel_start)
            found.append(start)
            found.sort(key=lambda s: s.position)
        previous_last = run.last_position
    return found


def _boundary(start: _Start) -> int:
    """First record of the new boot: some are written before 4608, some of the old boot after its 1100."""
    if start.marker is None:
        return start.position
    boundary = start.position
    for record in reversed(start.marker.before):
        if record.kind in ("close", "stop"):
            break
        near = abs(start.time - record.time) <= _EARLY_MARGIN
        if record.kind == "lost" or (near and record.kind == "early") or _stop_before(start.marker, record):
            boundary = record.position
        else:
            break
    return boundary


def _stop_before(marker: Marker, record: Nearby) -> bool:
    return any(r.kind in ("stop", "lost") and r.position < record.position for r in marker.before)


def _with_ends(epochs: list[Epoch], starts: list[_Start], log: SecurityLog) -> list[Epoch]:
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


def _security_end(start: _Start) -> tuple[EndKind, datetime | None]:
    """How the boot before this start ended, by the Security log alone (rule R5)."""
    if start.marker is None:
        return "reboot", None
    records = start.marker.before
    stop = next((record for record in reversed(records) if record.kind == "stop"), None)
    if stop:
        return "shutdown", stop.time
    if any(record.kind == "lost" for record in records):
        return "crash", None
    return "reboot", None
