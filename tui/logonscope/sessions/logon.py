"""A logon at a desk, and the session that one or more of them make."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

LogonKey = tuple[int, int, bool]
"""Boot of a machine, logon ID, and whether it began before the log."""


@dataclass(frozen=True, slots=True)
class Logon:
    """One logon that may be, or belong to, a person's session."""

    machine: int
    boot: int
    epoch: int
    """Number of the boot among those of all machines."""
    logon_id: int
    earlier: bool
    origin_row: int
    """The event that it is first known by: its 4624, or the first record about it."""
    start_pos: int | None
    """Position of its 4624; None where it began before the log."""
    first_pos: int
    origin_time: datetime | None
    person: int
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
    ask_pos: int | None
    close_pos: int | None
    close_time: datetime | None

    @property
    def key(self) -> LogonKey:
        """What tells it apart from all other logons of the case."""
        return self.epoch, self.logon_id, self.earlier

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
    def position(self) -> int:
        """Where it stands among the others: its 4624, or the first record that names it."""
        return self.first_pos if self.start_pos is None else self.start_pos

    def ended_before(self, position: int) -> bool:
        """Whether a record before this position ended it."""
        return any(end is not None and end < position for end in (self.ask_pos, self.close_pos))


LOCAL_ADDRESSES = frozenset({"", "127.0.0.1", "::1", "0.0.0.0", "LOCAL"})


@dataclass(slots=True)
class DeskSession:
    """A session in the making: its tokens, and what was found to belong to it."""

    number: int
    """The row of its first record."""
    tokens: list[Logon]
    """The one that signs out first, then its elevated twin."""
    role: str = "session"
    parent: int | None = None
    flags: list[str] = field(default_factory=list)

    @property
    def main(self) -> Logon:
        """The token that signs out."""
        return self.tokens[0]

    def is_open_at(self, position: int) -> bool:
        """Whether it had begun and not ended at a record position of its boot."""
        is_truncated = all(token.start_pos is None for token in self.tokens)
        began = is_truncated or min(token.first_pos for token in self.tokens) < position
        return began and not self.ended_before(position)

    def ended_before(self, position: int) -> bool:
        """Whether a record before this position ended it."""
        return any(token.ended_before(position) for token in self.tokens)


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
    position: int
    time: datetime
    source_ip: str
    session: int
