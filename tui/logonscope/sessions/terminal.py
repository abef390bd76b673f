"""What one log says of desktops: LocalSessionManager's or Winlogon's (rule R23).

They know desktops by a small number that is used again at once, and users by name or SID only. Event 21 (or Winlogon's
7001) opens one; what comes with that number then belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

_STARTING = timedelta(minutes=10)
_AFTERMATH = timedelta(seconds=60)
"""For so long after a sign-out records of its number still tell of it."""

Kind = Literal["open", "close", "leave", "return", "note", "restart"]


@dataclass(frozen=True, slots=True)
class TerminalEvent:
    """One record about a desktop, in record order."""

    row: int
    time: datetime
    kind: Kind
    number: int
    """Number of the desktop session."""
    account: int
    user: str
    """Account name in lower case, without the domain; empty where the record names none."""
    person: int
    source_ip: str


@dataclass(frozen=True, slots=True)
class Log:
    """A log that tells of desktops, and how its opening and closing records are cited."""

    provider: str
    opening: str
    closing: str


LSM = Log("Microsoft-Windows-TerminalServices-LocalSessionManager", "LSM21", "LSM23")
WINLOGON = Log("Microsoft-Windows-Winlogon", "7001", "7002")


@dataclass(slots=True)
class Trail:
    """The records of one log about one desktop session."""

    log: Log
    number: int
    boot: int
    opened: TerminalEvent | None
    """None where it began before this log."""
    first: TerminalEvent
    closed: TerminalEvent | None = None
    marks: list[TerminalEvent] = field(default_factory=list)
    """What happened in between, in order."""
    number_taken: datetime | None = None
    """When its number was given to another session, by which time it had ended unseen."""
    restarted: datetime | None = None
    """When this log shows the next restart of the machine, by which time it had ended."""

    @property
    def records(self) -> list[TerminalEvent]:
        """All its records, in order."""
        ends = [self.closed] if self.closed else []
        return [*([self.opened] if self.opened else []), *self.marks, *ends]


class Boots:
    """The boots of one machine by time.

    Args:
        boots: Start and number of each, in order; the start of the first may be unknown.
    """

    def __init__(self, boots: Sequence[tuple[datetime | None, int]]) -> None:
        self._starts = [(start or _LONG_AGO, number) for start, number in boots]

    def begun_at(self, time: datetime) -> int | None:
        """Number of the boot that began about a time, or None."""
        near = [(abs(start - time), number) for start, number in self._starts if abs(start - time) <= _STARTING]
        return min(near)[1] if near else None

    def at(self, time: datetime) -> int:
        """Number of the boot that a time lies in; of several, as after the clock was set back, the last."""
        held = [number for (start, number), (end, _) in pairwise([*self._starts, _NEVER]) if start <= time < end]
        begun = [number for start, number in self._starts if start <= time]
        return (held or begun or [self._starts[0][1]])[-1]


_LONG_AGO = datetime(1, 1, 1)
_NEVER = (datetime(9999, 1, 1), 0)


def follow_log(log: Log, events: Sequence[TerminalEvent], boots: Boots) -> list[Trail]:
    """Follow the desktop sessions of one machine through one log.

    Args:
        log: Which log.
        events: Its records in record order.
        boots: The boots of the machine: numbers begin anew with each. Where the log itself has records of restarts,
            those count, since a clock that is set moves times past a boot.

    Returns:
        One trail per opening record, and one for each session that began before the log.
    """
    following = _Following(log, boots, shows_restarts=any(event.kind == "restart" for event in events))
    for event in events:
        following.take(event)
    return following.trails


class _Following:
    """The walk along one log."""

    def __init__(self, log: Log, boots: Boots, *, shows_restarts: bool) -> None:
        self.trails: list[Trail] = []
        self._log = log
        self._boots = boots
        self._shows_restarts = shows_restarts
        self._boot: int | None = None
        """The boot that the log's last restart began, where that is known."""
        self._current: dict[int, Trail] = {}

    def take(self, event: TerminalEvent) -> None:
        """Put one record where it belongs."""
        if event.kind == "restart":
            self._restart(event)
            return
        boot = self._boots.at(event.time) if self._boot is None else self._boot
        running = self._current.get(event.number)
        if running and running.boot != boot and not self._shows_restarts:
            running = None
        if event.kind == "open":
            if running and not running.closed:
                running.number_taken = event.time
            self._begin(event, boot, opened=event)
        elif running and running.closed:
            if event.time - running.closed.time <= _AFTERMATH and event.kind != "close":
                running.marks.append(event)
        elif running and event.user in ("", running.first.user):
            self._add(running, event)
        elif not running and event.kind != "note":
            self._add(self._begin(event, boot, opened=None), event)

    def _restart(self, event: TerminalEvent) -> None:
        for trail in self._current.values():
            if not trail.closed and event.time >= trail.records[-1].time:
                trail.restarted = event.time
        self._current.clear()
        self._boot = self._boots.begun_at(event.time)

    def _begin(self, event: TerminalEvent, boot: int, opened: TerminalEvent | None) -> Trail:
        trail = Trail(self._log, event.number, boot, opened, event)
        self.trails.append(trail)
        self._current[event.number] = trail
        return trail

    @staticmethod
    def _add(trail: Trail, event: TerminalEvent) -> None:
        if event.kind == "close":
            trail.closed = event
        else:
            trail.marks.append(event)
