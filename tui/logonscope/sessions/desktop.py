"""A desktop session as the other logs together show it (rule R23)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.sessions.logon import LATENESS, LOCAL_ADDRESSES, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from logonscope.sessions.sight import Reach
    from logonscope.sessions.terminal import TerminalEvent, Trail

_SAME_MOMENT = timedelta(minutes=1)
"""How far two logs may be apart when they tell of the same opening or closing."""


@dataclass(slots=True)
class Desktop:
    """One desktop session, by its trails through one log or several; the first that tells a thing is believed."""

    machine: int
    trails: list[Trail]
    reach: datetime
    """Last record of the logs that tell of it: had it ended before, they would say so."""

    @property
    def boot(self) -> int:
        """Number of the boot it lies in."""
        return self.trails[0].boot

    @property
    def number(self) -> int:
        """Its number, which is given on when it has ended."""
        return self.trails[0].number

    @property
    def first(self) -> TerminalEvent:
        """The record that it is first known by."""
        return self.trails[0].first

    @property
    def opened_by(self) -> Trail | None:
        """The trail that holds its beginning."""
        return next((trail for trail in self.trails if trail.opened), None)

    @property
    def opened(self) -> datetime | None:
        """When it began; None where no log holds that."""
        trail = self.opened_by
        return trail.opened.time if trail and trail.opened else None

    @property
    def closed_by(self) -> Trail | None:
        """The trail that holds its end."""
        return next((trail for trail in self.trails if trail.closed), None)

    @property
    def closed(self) -> datetime | None:
        """When its user signed out, or it was ended."""
        trail = self.closed_by
        return trail.closed.time if trail and trail.closed else None

    @property
    def number_taken(self) -> datetime | None:
        """When its number was given to another, by which time it had ended unseen."""
        return next((trail.number_taken for trail in self.trails if trail.number_taken), None)

    @property
    def restarted(self) -> datetime | None:
        """When the machine was started again, by which time it had ended."""
        return next((trail.restarted for trail in self.trails if trail.restarted), None)

    @property
    def records(self) -> list[TerminalEvent]:
        """All its records, log by log."""
        return [record for trail in self.trails for record in trail.records]

    @property
    def last_mark(self) -> datetime | None:
        """The last sign of it, where its end is not known."""
        marks = [trail.marks[-1].time for trail in self.trails if trail.marks]
        return max(marks, default=None) if self.closed is None else None

    @property
    def logon_type(self) -> int | None:
        """2 or 10 by the address that it was opened from, which is ``LOCAL`` at the console; None if none is told."""
        return _type_of(trail.opened.source_ip for trail in self.trails if trail.opened)

    @property
    def shown_type(self) -> int | None:
        """The same by the first address that any of its records names."""
        return _type_of(event.source_ip for event in self.records)

    @property
    def place(self) -> str:
        """Where it was opened: ``console``, ``rdp``, or ``other`` where no record tells."""
        return place_of(self.logon_type)

    @property
    def users(self) -> set[str]:
        """The names of its user in lower case, without the domain, as far as records tell."""
        return {trail.first.user for trail in self.trails} - {""}

    @property
    def people(self) -> set[int]:
        """The same as numbers of persons."""
        return {trail.first.person for trail in self.trails} - {0}

    def is_of(self, person: int, user: str) -> bool:
        """Whether it is the desktop of a person, known by number or by name."""
        return person in self.people or user in self.users

    def has_ended_by(self, time: datetime) -> bool:
        """Whether a log shows that it had ended before a stamped time."""
        ends = (self.closed, self.number_taken, self.restarted)
        return any(end is not None and time - end > LATENESS for end in ends)


def _type_of(addresses: Iterable[str]) -> int | None:
    address = next((address for address in addresses if address), "")
    if not address:
        return None
    return 2 if address in LOCAL_ADDRESSES else 10


def find_desktops(machine: int, trails: Iterable[Trail], reach: Mapping[str, Reach]) -> list[Desktop]:
    """Join the trails of one machine that tell of the same desktop.

    Args:
        machine: Its number.
        trails: Of the log that is believed first, then of the next.
        reach: From when to when the log of each provider tells of desktops.
    """
    found: list[Desktop] = []
    by_number: dict[int, list[Desktop]] = defaultdict(list)
    for trail in trails:
        end = reach[trail.log.provider].last
        other = next((d for d in by_number[trail.number] if _is_same(d, trail)), None)
        if other:
            other.trails.append(trail)
            other.reach = max(other.reach, end)
        else:
            found.append(Desktop(machine, [trail], end))
            by_number[trail.number].append(found[-1])
    return found


def _is_same(desktop: Desktop, trail: Trail) -> bool:
    """Whether a log tells of a desktop that another has told of: the number is the same, and so is the time."""
    known = desktop.trails[-1]
    if known.log == trail.log or not _is_one_user(known.first, trail.first):
        return False
    if known.opened and trail.opened:
        return abs(known.opened.time - trail.opened.time) <= _SAME_MOMENT
    if known.closed and trail.closed:
        return abs(known.closed.time - trail.closed.time) <= _SAME_MOMENT
    return _may_go_on(known, trail.first.time) and _may_go_on(trail, known.first.time)


def _is_one_user(event: TerminalEvent, other: TerminalEvent) -> bool:
    """Whether two records can be about one user: Winlogon names only the SID, LocalSessionManager only the name."""
    return event.person == other.person or (event.user == other.user if event.user and other.user else True)


def _may_go_on(trail: Trail, time: datetime) -> bool:
    """Whether a desktop may still, or already, be on at a time."""
    end = trail.closed.time if trail.closed else trail.number_taken or trail.restarted
    began = trail.opened is None or time - trail.opened.time >= -_SAME_MOMENT
    return began and (end is None or time - end <= _SAME_MOMENT)
