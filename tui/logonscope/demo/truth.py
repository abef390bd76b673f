"""What really happened on a simulated machine: the sessions that a good tool has to find in its logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime, timedelta

Role = Literal["session", "uac-prompt", "secondary"]
"""A session of its own, or one that belongs to another: credentials typed into a UAC prompt, ``runas``."""

EndKind = Literal["sign-out", "ended", "with-parent", "shutdown", "crash", "open"]
"""How a session ended: its user signed out; it was closed without a request; it went with the session that
it belongs to; the machine was shut down, or stopped, under it; or it is still on when the log ends."""

AwayKind = Literal["locked", "disconnected", "asleep", "idle"]
"""Idle: the screen saver is on."""

ServiceKind = Literal["nla", "unlock", "reconnect", "refresh"]
"""What a logon that is no session of its own did for one: the check of the password before a Remote Desktop
logon, an unlock, a reconnection, or a renewal of credentials (rule R13)."""

ENDS = frozenset({"4647", "4634", "LSM23", "7002"})
"""The records that tell of a session's own end."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a person, a program or a machine."""

    name: str
    domain: str
    sid: str
    admin: bool = False
    """Whether its sessions hold administrator rights on the machines of the simulation."""

    @property
    def label(self) -> str:
        r"""``DOMAIN\name``."""
        return f"{self.domain}\\{self.name}"

    @property
    def splits_token(self) -> bool:
        """Whether UAC gives it two tokens at a desktop: every administrator but the built-in one (rule R10)."""
        return self.admin and not self.sid.endswith("-500")


@dataclass(frozen=True, slots=True)
class Away:
    """A time in which nobody could work in a session. Times are UTC as the machine's clock stamped them."""

    kind: AwayKind
    start: datetime
    end: datetime | None
    """None if it lasted when the log ended."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A record that Windows wrote about a logon."""

    name: str
    """Its event: ``4624``, ``LSM21`` for one of the LocalSessionManager."""
    channel: str
    record_id: int
    """EventRecordID; with the channel it tells the records apart that are kept."""
    kept: bool
    """Whether it is still in the logs: not lost, cleared, taken out or overwritten."""


@dataclass(frozen=True, slots=True)
class Service:
    """A logon that only served a session."""

    kind: ServiceKind
    logon_id: int
    traces: tuple[Trace, ...]
    """The records about it, in the order in which they were written."""


@dataclass(frozen=True, slots=True)
class TrueSession:
    """One logon session as it really was. Times are UTC as the machine's clock stamped them."""

    machine: str
    boot: int
    """Which boot of the machine, counted from 1."""
    role: Role
    account: Account
    logon_type: int
    logon_ids: tuple[int, ...]
    """All tokens; of two linked ones the limited first, which is the one that signs out (rule R10)."""
    parent_logon_id: int | None
    """First logon ID of the session it belongs to, unless its role is ``session``."""
    start: datetime
    end: datetime | None
    """When the user left, or the machine stopped; None while it is on."""
    end_kind: EndKind
    destroyed: datetime | None
    """Time of the 4634 that followed a sign-out."""
    duration: timedelta | None
    """How long the machine ran between start and end, whatever its clock said (rule R19)."""
    active: timedelta | None
    """The duration without the times away (rule R21)."""
    privileged: bool
    """Whether a 4672 belongs to it (rule R11)."""
    source_ip: str | None
    """Where its first record says it came from."""
    addresses: tuple[str, ...]
    """All addresses that it was connected from over Remote Desktop, each once."""
    workstation: str
    """The computer it came from, as that one calls itself; its own for a console session."""
    session_number: int | None
    """Number of the desktop session (terminal services)."""
    away: tuple[Away, ...]
    unlocks: int
    """How often its screen was unlocked with a password."""
    reconnects: int
    """How often it was connected to again over Remote Desktop."""
    outbound: str | None
    """The account that it shows to other machines, for logon type 9."""
    began: datetime
    """Its start in real time (UTC), whatever the clock said."""
    ceased: datetime | None
    """Its end in real time."""
    clock_errors: tuple[timedelta, ...]
    """By how much the machine's clock has been ahead of real time in its life, each error once. The time of a record
    that is not about the session itself can be by another error than the session's own times."""
    traces: tuple[Trace, ...]
    """The records about it, in the order in which they were written; those of its services not among them."""
    services: tuple[Service, ...]
    """The logons that only served it."""
    end_is_told: bool
    """Whether anything was written about the end of its boot: after a crash, only the next boot writes that."""

    @property
    def end_evidence(self) -> tuple[str, ...]:
        """The records of its own end that are still in the logs, each event once."""
        return tuple(dict.fromkeys(trace.name for trace in self.traces if trace.kept and trace.name in ENDS))

    @property
    def evidence_lost(self) -> bool:
        """Whether some of what was written about it is gone, or its end was never told: no log can show it whole."""
        return not self.end_is_told or not all(trace.kept for trace in self.traces)

    def is_kept(self, *names: str) -> bool:
        """Whether a record of one of some events is still in the logs."""
        return any(trace.kept and trace.name in names for trace in self.traces)
