"""What every action of a simulated machine rests on: its clocks, its logs, its sessions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from logonscope.demo.catalogue import event_kind
from logonscope.demo.journal import Journal
from logonscope.demo.live import Instant, LiveAway, LiveSession
from logonscope.demo.records import filetime
from logonscope.demo.traces import Traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.demo.flavour import MachineSetup
    from logonscope.demo.records import Record
    from logonscope.demo.truth import AwayKind, EndKind, TrueSession

Fields = dict[str, Any]
"""Values of a record's payload by field name."""
State = Literal["off", "on", "asleep", "hibernated"]

LSASS = 640
"""Process ID of lsass.exe, which writes most security events."""
KERNEL = 4
_SERVICE_HOST = 1096
_LOGON_SCREEN = 632
_WRITERS = {
    "security": LSASS,
    "log-service": _SERVICE_HOST,
    "event-log": 0,
    "winlogon": _LOGON_SCREEN,
    "user32": _LOGON_SCREEN,
    "lsm": 776,
    "rcm": 948,
    "rdp-core": 948,
    "power-troubleshooter": _SERVICE_HOST,
}
_LOCAL_SYSTEM_SID = "S-1-5-18"
_WRITER_SIDS = {
    "kernel-general": _LOCAL_SYSTEM_SID,
    "kernel-boot": _LOCAL_SYSTEM_SID,
    "winlogon": _LOCAL_SYSTEM_SID,
    "user32": _LOCAL_SYSTEM_SID,
    "lsm": _LOCAL_SYSTEM_SID,
    "power-troubleshooter": "S-1-5-19",
    "rcm": "S-1-5-20",
    "rdp-core": "S-1-5-20",
}
_FIRST_LOGON_ID = 0x6000
_BEGINNING = datetime(1601, 1, 1, tzinfo=UTC)


class MachineCore:
    """A machine's clock, logs and logon IDs.

    Real time only goes forward: an action that is asked for before the one before it is done begins when
    that is done.

    Args:
        setup: What kind of machine it is.
    """

    def __init__(self, setup: MachineSetup) -> None:
        self.setup = setup
        self.state: State = "off"
        self.boot_number = 0
        self.sessions: list[LiveSession] = []
        """All sessions and contacts so far, in the order of their starts."""
        self._journal = Journal(setup.computer, setup.channels)
        self._random = Random(setup.name)
        self._logon_id_steps = Random(setup.name)
        self._last_logon_id = 0
        self._last_session_number = 0
        self._last_rdp_number = 0
        self._boot_activity: str | None = None
        self._now = _BEGINNING
        self._offset = timedelta()
        self._clock_errors = [self._offset]
        self._suspended = timedelta()
        self._due: list[tuple[datetime, int, Callable[[], object]]] = []
        self._order = count()
        self._deaf_until = _BEGINNING
        """Until when so much is audited that the log service gets none of it."""

    @property
    def now(self) -> datetime:
        """Real time as far as the machine has come (UTC)."""
        return self._now

    @property
    def clock(self) -> datetime:
        """What the machine's clock says now (UTC)."""
        return self._now + self._offset

    @property
    def open_sessions(self) -> list[LiveSession]:
        """The sessions and contacts that are on now."""
        return [session for session in self.sessions if session.is_open]

    @property
    def desktops(self) -> list[LiveSession]:
        """The console and Remote Desktop sessions that are on now."""
        return [session for session in self.open_sessions if session.is_desktop]

    @property
    def is_whole(self) -> bool:
        """Whether every record that it wrote is still in its logs, and none says otherwise."""
        return self._deaf_until == _BEGINNING and all(kept for _, kept in self._journal.entries())

    def files(self) -> dict[str, list[Record]]:
        """The records of its logs by file name."""
        return self._journal.files()

    def truth(self) -> tuple[TrueSession, ...]:
        """The sessions as they really were, in the order of their starts."""
        traces = Traces(self._journal.entries())
        errors = tuple(dict.fromkeys(self._clock_errors))
        return tuple(
            session.truth(self.setup.name, traces, errors, end_is_told=self._end_is_told(session))
            for session in self.sessions
        )

    def wait_until(self, at: datetime) -> None:
        """Let time pass, so that what has begun comes to its end.

        Args:
            at: Real time, UTC.
        """
        if self.state == "on":
            self._advance(at)

    def _begin(self, at: datetime, *states: State) -> None:
        """Begin an action.

        Raises:
            ValueError: If the machine is not in one of the states that the action needs.
        """
        if self.state not in (states or ("on",)):
            raise ValueError(f"{self.setup.name} is {self.state}")
        if self.state == "on":
            self._advance(at)
        self._now = max(self._now, at)

    def _advance(self, to: datetime) -> None:
        while self._due and self._due[0][0] <= to:
            moment, _, action = heappop(self._due)
            self._now = max(self._now, moment)
            action()
        self._now = max(self._now, to)

    def _pass(self, seconds: float) -> None:
        """Let an action take some time."""
        self._advance(self._now + timedelta(seconds=seconds))

    def _after(self, seconds: float, action: Callable[[], object]) -> None:
        """Do something later, if the machine still runs then."""
        heappush(self._due, (self._now + timedelta(seconds=seconds), next(self._order), action))

    def _jitter(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def _instant(self) -> Instant:
        return Instant(self._now, self.clock, self._now - self._suspended)

    def _write(
        self,
        provider: str,
        event_id: int,
        *,
        version: int | None = None,
        failed: bool = False,
        stamped: datetime | None = None,
        process_id: int | None = None,
        user_sid: str | None = None,
        activity_id: str | None = None,
        **fields: Any,
    ) -> None:
        writer = _WRITERS.get(provider, KERNEL) if process_id is None else process_id
        self._journal.write(
            self._now,
            self.boot_number,
            event_kind(provider, event_id, version, failed=failed),
            filetime(stamped or self.clock),
            fields,
            arrives=provider != "security" or self._now >= self._deaf_until,
            process_id=writer,
            thread_id=writer and writer + 4 * self._random.randrange(1, 30),
            user_sid=user_sid or _WRITER_SIDS.get(provider),
            activity_id=activity_id,
        )

    def _end_is_told(self, session: LiveSession) -> bool:
        return session.end_kind != "crash" or session.boot < self.boot_number

    def _step_clock(self, step: timedelta) -> None:
        self._offset += step
        self._clock_errors.append(self._offset)

    def _new_logon_id(self) -> int:
        """Logon IDs grow until the restart, and begin near the same value after it (rule R8)."""
        self._last_logon_id += self._logon_id_steps.randrange(0x10, 0x400)
        return self._last_logon_id

    def _restart_logon_ids(self) -> None:
        self._logon_id_steps = Random(self.setup.name)
        self._last_logon_id = _FIRST_LOGON_ID

    def _new_session_number(self) -> int:
        self._last_session_number += 1
        return self._last_session_number

    def _open(self, session: LiveSession) -> LiveSession:
        self.sessions.append(session)
        if session.parent:
            session.parent.children.append(session)
        return session

    def _end(self, session: LiveSession, kind: EndKind, instant: Instant | None = None) -> None:
        session.end = instant or self._instant()
        session.end_kind = kind
        for away in session.aways:
            away.end = away.end or session.end

    def _leave(self, session: LiveSession, kind: AwayKind) -> None:
        session.aways.append(LiveAway(kind, self._instant()))

    def _return(self, session: LiveSession, kind: AwayKind) -> None:
        for away in session.aways:
            if away.kind == kind and away.end is None:
                away.end = self._instant()
