"""A logon at a desk, and the session that one or more of them make."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from logonscope.sessions.desktop import Desktop

EARLIEST_OPENING, LATEST_OPENING = timedelta(seconds=-5), timedelta(seconds=60)
"""When after a logon other logs tell of its desktop (rule R23)."""
LATENESS = timedelta(seconds=1)
"""How far records of one moment are apart in different logs."""

LogonKey = tuple[int, int, bool, int]
"""Boot of a machine, logon ID, whether it began before the log, and the row of the event that it is first known by."""


class Logon(msgspec.Struct, frozen=True, gc=False):
    """One logon that may be, or belong to, a person's session. A struct is made far quicker than a frozen dataclass."""

    machine: int
    boot: int
    epoch: int
    """Number of the boot among those of all machines."""
    gone: datetime | None
    """Start of the machine's next boot."""
    logon_id: int
    earlier: bool
    origin_row: int
    """The event that it is first known by: its 4624, or the first record about it."""
    start_pos: int | None
    """Position of its 4624; None where it began before the log."""
    first_pos: int
    origin_time: datetime | None
    person: int
    user: str
    """Account name in lower case, without the domain."""
    logon_type: int | None
    logon_class: str
    source_ip: str
    logon_process: str
    program: str
    """Last part of ProcessName, lower case."""
    version: int
    elevated: bool | None
    linked_logon_id: int | None
    subject_logon_id: int | None
    privileged: bool
    is_at_desk: bool
    """Whether a record of it is such as only a desktop has: 4647, 4778 to 4803."""
    number: int | None
    """Number of its desktop session, where 4800 to 4803 tell it."""
    shown: list[datetime] | None
    """When its desktop was left or shown again: 4778 and 4779. None instead of many empty lists, which take long."""
    first_time: datetime | None
    """Time of the first record that names it."""
    last_seen: datetime | None
    """Time of the last but its 4634."""
    ask_pos: int | None
    ask_time: datetime | None
    close_pos: int | None
    close_time: datetime | None

    @property
    def key(self) -> LogonKey:
        """What tells it apart from all other logons of the case."""
        return self.epoch, self.logon_id, self.earlier, self.origin_row

    @property
    def lived(self) -> float | None:
        """Seconds between its 4624 and its own 4634; None where either is missing."""
        if self.start_pos is None or self.origin_time is None or self.close_time is None:
            return None
        return (self.close_time - self.origin_time).total_seconds()

    @property
    def is_remote(self) -> bool:
        """Whether it names a source that is not this machine."""
        return self.source_ip not in LOCAL_ADDRESSES

    @property
    def time(self) -> datetime | None:
        """When it came, or the time of the first record that names it."""
        return self.first_time if self.start_pos is None else self.origin_time

    @property
    def position(self) -> int:
        """Where it stands among the others: its 4624, or the first record that names it."""
        return self.first_pos if self.start_pos is None else self.start_pos

    def ended_before(self, position: int) -> bool:
        """Whether a record before this position ended it."""
        ask, close = self.ask_pos, self.close_pos
        return (ask is not None and ask < position) or (close is not None and close < position)


LOCAL_ADDRESSES = frozenset({"", "127.0.0.1", "::1", "0.0.0.0", "LOCAL"})
CONSOLE_TYPES = (2, 11)
REMOTE_TYPES = (10, 12)
UNLOCK_TYPES = (7, 13)


def place_of(logon_type: int | None) -> str:
    """Where a session of a logon type is: ``console``, ``rdp``, or ``other``."""
    return "console" if logon_type in CONSOLE_TYPES else "rdp" if logon_type in REMOTE_TYPES else "other"


@dataclass(slots=True)
class DeskSession:
    """A session in the making: its tokens, the desktop that other logs show of it, and what was found out about it."""

    number: int
    """The row of its first record."""
    tokens: list[Logon]
    """The one that signs out first, then its elevated twin; none where only other logs show it."""
    desktop: Desktop | None = None
    role: str = "session"
    parent: int | None = None
    flags: list[str] = field(default_factory=list)

    @property
    def main(self) -> Logon:
        """The token that signs out."""
        return self.tokens[0]

    @property
    def opening(self) -> Logon:
        """The token of which the 4624 is there, if there is one: that record says what the logon was for."""
        main = self.tokens[0]
        if main.start_pos is not None:
            return main
        return next((token for token in self.tokens if token.start_pos is not None), main)

    @property
    def number_told(self) -> int | None:
        """Number of its desktop session, where the Security log tells it."""
        return next((token.number for token in self.tokens if token.number is not None), None)

    @property
    def logon_type(self) -> int | None:
        """Its logon type as far as it is told."""
        told = self.opening.logon_type if self.tokens else None
        return told if told is not None or self.desktop is None else self.desktop.logon_type

    @property
    def place(self) -> str:
        """Where it was begun: ``console``, ``rdp``, or ``other`` where that is not known."""
        return place_of(self.logon_type)

    @property
    def is_at_desk(self) -> bool:
        """Whether a record shows that it was at a desktop, not only started from one."""
        return self.desktop is not None or any(token.is_at_desk for token in self.tokens)

    @property
    def start_pos(self) -> int | None:
        """Position of its first 4624."""
        if len(self.tokens) == 1:
            return self.tokens[0].start_pos
        return min((token.start_pos for token in self.tokens if token.start_pos is not None), default=None)

    @property
    def start(self) -> datetime | None:
        """When it began; None where neither a 4624 nor another log tells."""
        starts = [token.origin_time for token in self.tokens if token.start_pos is not None and token.origin_time]
        return min(starts, default=self.desktop.opened if self.desktop else None)

    @property
    def first_time(self) -> datetime | None:
        """Time of the first record that names it."""
        return min((token.first_time for token in self.tokens if token.first_time), default=None)

    @property
    def last_seen(self) -> datetime | None:
        """Time of the last record of the Security log that names it, but its 4634."""
        return max((token.last_seen for token in self.tokens if token.last_seen), default=None)

    @property
    def asked(self) -> datetime | None:
        """When its user asked to sign out."""
        return min((token.ask_time for token in self.tokens if token.ask_time), default=None)

    @property
    def destroyed(self) -> datetime | None:
        """Time of its first 4634."""
        return min((token.close_time for token in self.tokens if token.close_time), default=None)

    def is_of(self, logon: Logon) -> bool:
        """Whether it is the session of the person who logged on."""
        if self.tokens:
            return self.main.person == logon.person
        return self.desktop is not None and self.desktop.is_of(logon.person, logon.user)

    def ended_before(self, position: int) -> bool:
        """Whether a record of the Security log before this position ended it."""
        # An unlocking ends at once, what was unlocked does not (rule R13).
        return any(token.ended_before(position) and token.logon_type not in UNLOCK_TYPES for token in self.tokens)

    def is_on_at(self, logon: Logon) -> bool:
        """Whether it had begun and not ended when a logon of the same boot came."""
        time, start_pos = logon.time, self.start_pos
        if (start_pos is not None and start_pos >= logon.position) or self.ended_before(logon.position):
            return False
        desktop = self.desktop
        if desktop is None or time is None:
            return True
        if start_pos is None and desktop.opened and desktop.opened - time > LATEST_OPENING:
            return False
        return self._has_own_end() or not desktop.has_ended_by(time)

    def _has_own_end(self) -> bool:
        return self.asked is not None or self.destroyed is not None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A logon that is not a session of its own but serves one (rule R13)."""

    logon: LogonKey
    session: int
    role: str
    """``unlock``, ``reconnect``, ``refresh``, ``nla``."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody arrived at a session over Remote Desktop: by logging on, or by reconnecting."""

    machine: int
    boot: int
    person: int
    position: int | None
    """None where only another log tells of it."""
    time: datetime
    source_ip: str
    session: int
