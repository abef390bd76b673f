"""A session while it lives: what the simulator keeps of it until the truth is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from logonscope.demo.truth import Away, Service, TrueSession

if TYPE_CHECKING:
    from logonscope.demo.traces import Traces
    from logonscope.demo.truth import Account, AwayKind, EndKind, Role, ServiceKind


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment on the three clocks of a machine."""

    real: datetime
    """On a clock that nobody sets (UTC)."""
    stamped: datetime
    """On the machine's clock (UTC)."""
    running: datetime
    """On a clock that stands still while the machine is suspended."""


@dataclass(slots=True)
class LiveAway:
    """A time away that may not have ended."""

    kind: AwayKind
    start: Instant
    end: Instant | None = None


@dataclass(slots=True, eq=False)
class LiveSession:
    """A logon session of a simulated machine; the handle that actions take. Only the simulator changes it."""

    account: Account
    logon_type: int
    logon_ids: tuple[int, ...]
    boot: int
    start: Instant
    role: Role = "session"
    parent: LiveSession | None = None
    privileged: bool = False
    source_ip: str | None = None
    workstation: str = ""
    session_number: int | None = None
    outbound: str | None = None
    connection_id: int | None = None
    """Logon ID of the network logon that lives as long as a Remote Desktop connection (rule R25)."""
    activity: str | None = None
    """Activity ID of the connection to its desktop; None while there is none."""
    client_address: str = "LOCAL"
    """Where it is connected from now, or was last."""
    client_name: str = ""
    client_addresses: list[str] = field(default_factory=list)
    """Where it was connected from over Remote Desktop, in order."""
    connection_name: str = ""
    """What Windows calls its connection: ``RDP-Tcp#1``."""
    children: list[LiveSession] = field(default_factory=list)
    aways: list[LiveAway] = field(default_factory=list)
    services: list[tuple[ServiceKind, int]] = field(default_factory=list)
    """The logons that only served it, by logon ID."""
    unlocks: int = 0
    reconnects: int = 0
    end: Instant | None = None
    end_kind: EndKind = "open"
    destroyed: Instant | None = None

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.end is None

    @property
    def is_desktop(self) -> bool:
        """Whether it is a console or Remote Desktop session, and not an identity used in one."""
        return self.session_number is not None

    @property
    def is_remote(self) -> bool:
        """Whether it is a Remote Desktop session."""
        return self.logon_type == 10

    def is_away(self, kind: AwayKind) -> bool:
        """Whether it is locked, disconnected or asleep now."""
        return any(away.kind == kind and away.end is None for away in self.aways)

    @property
    def logon_id(self) -> int:
        """The logon ID that signs out."""
        return self.logon_ids[0]

    @property
    def full_logon_id(self) -> int:
        """The logon ID with all rights that the session has."""
        return self.logon_ids[-1]

    def truth(
        self, machine: str, traces: Traces, clock_errors: tuple[timedelta, ...], *, end_is_told: bool
    ) -> TrueSession:
        """What there is to know about it now."""
        return TrueSession(
            machine=machine,
            boot=self.boot,
            role=self.role,
            account=self.account,
            logon_type=self.logon_type,
            logon_ids=self.logon_ids,
            parent_logon_id=self.parent.logon_id if self.parent else None,
            start=self.start.stamped,
            end=self.end.stamped if self.end else None,
            end_kind=self.end_kind,
            destroyed=self.destroyed.stamped if self.destroyed else None,
            duration=self._duration(),
            active=self._active(),
            privileged=self.privileged,
            source_ip=self.source_ip,
            addresses=tuple(dict.fromkeys(self.client_addresses)),
            workstation=self.workstation,
            session_number=self.session_number,
            away=tuple(Away(away.kind, away.start.stamped, _stamp(away.end)) for away in self.aways),
            unlocks=self.unlocks,
            reconnects=self.reconnects,
            outbound=self.outbound,
            began=self.start.real,
            ceased=self.end.real if self.end else None,
            clock_errors=clock_errors,
            traces=traces.of(self.boot, self.logon_ids, self.session_number),
            services=tuple(
                Service(kind, logon_id, traces.of(self.boot, [logon_id])) for kind, logon_id in self.services
            ),
            end_is_told=end_is_told,
        )

    def _duration(self) -> timedelta | None:
        return self.end.running - self.start.running if self.end else None

    def _active(self) -> timedelta | None:
        """The duration minus the union of the times away (rule R21)."""
        if self.end is None:
            return None
        active = timedelta()
        covered = self.start.running
        for away in sorted(self.aways, key=lambda away: away.start.running):
            active += max(away.start.running - covered, timedelta())
            covered = max(covered, (away.end or self.end).running)
        return active + max(self.end.running - covered, timedelta())


def _stamp(instant: Instant | None) -> datetime | None:
    return instant.stamped if instant else None
