"""What other logs say of sessions at a desktop: LocalSessionManager and Winlogon (rule R23).

They know desktops by a small number that is used again at once, and users by name or SID only. Event 21 (or Winlogon's
7001) ties a number to a session of the Security log; what comes with that number then belongs to it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

_EARLIEST = timedelta(seconds=-5)
_LATEST = timedelta(seconds=60)
_STARTING = timedelta(minutes=10)
_AFTERMATH = timedelta(seconds=60)
"""For so long after a sign-out records of its number still tell of it."""

Kind = Literal["open", "close", "leave", "return", "note", "restart"]


@dataclass(frozen=True, slots=True)
class Desktop:
    """A session at a desktop that is known already."""

    session: int
    user: str
    """Account name in lower case, without the domain."""
    person: int
    start: datetime | None
    first_seen: datetime | None
    end: datetime | None
    """When it was closed or asked to close."""
    gone: datetime | None
    """Start of the machine's next boot."""
    number: int | None = None
    """Number of its desktop, where a log has told it."""

    def is_of(self, event: TerminalEvent) -> bool:
        """Whether it is the same person's."""
        if (event.person != 0 and event.person == self.person) or (event.user != "" and event.user == self.user):
            return True
        return self.number == event.number and "" in (event.user, self.user)

    def is_on_at(self, time: datetime) -> bool:
        """Whether it may be on at a time."""
        began, ended = self.start or self.first_seen, self.end or self.gone
        return began is not None and time - began >= _EARLIEST and (ended is None or time - ended <= _LATEST)


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
    """As in ``Desktop``; empty where the record names none."""
    person: int
    source_ip: str


@dataclass(slots=True)
class Stay:
    """What a log says about one desktop session."""

    number: int
    boot: int
    session: int | None
    """The session that was known already, or None where only this log shows it."""
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


def follow_desktops(events: Sequence[TerminalEvent], desktops: Sequence[Desktop], boots: Boots) -> list[Stay]:
    """Follow the desktop sessions of one machine through one log.

    Args:
        events: Its records in record order.
        desktops: The sessions at a desktop that are known already.
        boots: The boots of the machine: numbers begin anew with each. Where the log itself has records of restarts,
            those count, since a clock that is set moves times past a boot.

    Returns:
        One stay per opening record, and one for each session that began before the log.
    """
    shows_restarts = any(event.kind == "restart" for event in events)
    following = _Following(desktops, boots, shows_restarts=shows_restarts)
    for event in events:
        following.take(event)
    return _with_truncated(following.stays, following.free)


class _Following:
    """The walk along one log."""

    def __init__(self, desktops: Sequence[Desktop], boots: Boots, *, shows_restarts: bool) -> None:
        self.stays: list[Stay] = []
        self.free: dict[int, Desktop] = {desktop.session: desktop for desktop in desktops}
        self._boots = boots
        self._shows_restarts = shows_restarts
        self._boot: int | None = None
        """The boot that the log's last restart began, where that is known."""
        self._current: dict[int, Stay] = {}
        self._by_name: dict[str, list[Desktop]] = defaultdict(list)
        self._by_person: dict[int, list[Desktop]] = defaultdict(list)
        self._by_number: dict[int, list[Desktop]] = defaultdict(list)
        for desktop in desktops:
            self._by_name[desktop.user].append(desktop)
            self._by_person[desktop.person].append(desktop)
            if desktop.number is not None:
                self._by_number[desktop.number].append(desktop)

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
            self._open(event, boot, running)
        elif running and running.closed:
            if event.time - running.closed.time <= _AFTERMATH and event.kind != "close":
                running.marks.append(event)
        elif running and event.user in ("", running.first.user):
            self._add(running, event)
        elif not running and event.kind != "note":
            self._begin_earlier(event, boot)

    def _restart(self, event: TerminalEvent) -> None:
        for stay in self._current.values():
            if not stay.closed and event.time >= stay.records[-1].time:
                stay.restarted = event.time
        self._current.clear()
        self._boot = self._boots.begun_at(event.time)

    def _open(self, event: TerminalEvent, boot: int, running: Stay | None) -> None:
        if running and not running.closed:
            running.number_taken = event.time
        self._begin(event, boot, self._started_with(event), opened=event)

    def _begin_earlier(self, event: TerminalEvent, boot: int) -> None:
        """A record of a desktop whose opening this log no longer holds."""
        desktop = self._on_at(event)
        stay = self._begin(event, boot, desktop, opened=None)
        self._add(stay, event)

    def _begin(self, event: TerminalEvent, boot: int, desktop: Desktop | None, opened: TerminalEvent | None) -> Stay:
        if desktop:
            del self.free[desktop.session]
        stay = Stay(event.number, boot, desktop.session if desktop else None, opened, event)
        self.stays.append(stay)
        self._current[event.number] = stay
        return stay

    @staticmethod
    def _add(stay: Stay, event: TerminalEvent) -> None:
        if event.kind == "close":
            stay.closed = event
        else:
            stay.marks.append(event)

    def _candidates(self, event: TerminalEvent) -> list[Desktop]:
        named = self._by_name.get(event.user, []) if event.user else []
        known = self._by_person.get(event.person, []) if event.person else []
        return [d for d in {d.session: d for d in (*named, *known)}.values() if d.session in self.free]

    def _started_with(self, event: TerminalEvent) -> Desktop | None:
        """The session that began when the desktop did: the same person's, else the one of the same number."""
        for desktops in (self._candidates(event), self._by_number.get(event.number, [])):
            fitting = [
                d
                for d in desktops
                if d.session in self.free and d.start and _EARLIEST <= event.time - d.start <= _LATEST
            ]
            if fitting:
                return min(fitting, key=lambda d: (abs(event.time - (d.start or event.time)), d.session))
        return None

    def _on_at(self, event: TerminalEvent) -> Desktop | None:
        fitting = [d for d in self._candidates(event) if d.is_on_at(event.time)]
        return fitting[0] if len(fitting) == 1 else None


def _with_truncated(stays: list[Stay], free: dict[int, Desktop]) -> list[Stay]:
    """Tie stays that only this log opens to sessions whose own beginning the Security log no longer holds.

    Only where one fits one: the same person's, on at the same time.
    """
    lonely = [stay for stay in stays if stay.session is None and stay.opened]
    claims: dict[int, list[Stay]] = defaultdict(list)
    for desktop in free.values():
        if desktop.start is None and desktop.first_seen:
            fitting = [stay for stay in lonely if desktop.is_of(stay.first) and _may_be(stay, desktop)]
            if len(fitting) == 1:
                claims[desktop.session] += fitting
    claimed = [stay for fitting in claims.values() for stay in fitting]
    for session, fitting in claims.items():
        if claimed.count(fitting[0]) == 1:
            fitting[0].session = session
    return stays


def _may_be(stay: Stay, desktop: Desktop) -> bool:
    assert desktop.first_seen
    ended = stay.closed.time if stay.closed else stay.number_taken
    began_first = desktop.first_seen - stay.first.time >= _EARLIEST
    lasted = ended is None or desktop.first_seen - ended <= _LATEST
    return began_first and lasted and (desktop.gone is None or stay.first.time < desktop.gone)
