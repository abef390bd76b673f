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

AwayKind = Literal["locked", "disconnected", "asleep"]


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
    end_evidence: tuple[str, ...]
    """The records that were written about its own end: of ``4647``, ``4634``, ``LSM23``, ``7002``."""
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
    evidence_lost: bool
    """Whether the security records of its start or end went in a crash or a clearing, or it ended in a crash
    that no later boot tells of: no log can show it truly."""
