"""The clock is set, the machine sleeps, a virtual machine is suspended: time that is not what it seems."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.demo.logon_records import (
    BUILT_IN,
    LOCAL_SERVICE_ID,
    SYSTEM32,
    SYSTEM_ID,
    LogonRecords,
    subject,
)
from logonscope.demo.machine_core import KERNEL
from logonscope.demo.records import filetime

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.flavour import MachineSetup
    from logonscope.demo.live import LiveSession
    from logonscope.demo.machine_core import Fields

# Reasons of Kernel-General 1, as measured in Windows' own logs.
_SET_BY_PROGRAM, SET_AFTER_SLEEP = 1, 2
_STANDBY = 4
_MICROSECOND = timedelta(microseconds=1)


class Clock(LogonRecords):
    """Clock steps, sleep and suspension.

    Args:
        setup: What kind of machine it is.
    """

    def __init__(self, setup: MachineSetup) -> None:
        super().__init__(setup)
        self._asleep_since = self.clock
        self._in_modern_standby = False

    def set_clock(self, at: datetime, step: timedelta, by: LiveSession | None = None) -> None:
        """The clock is set: 4616 and Kernel-General 1.

        Args:
            at: Real time, UTC.
            step: How far, negative for back.
            by: The session that does it; the time service when not given.

        Raises:
            ValueError: If that session has ended.
        """
        self._begin(at)
        if by and not by.is_open:
            raise ValueError(f"session {by.logon_id:#x} has ended")
        caller = subject(by.account, by.full_logon_id) if by else subject(BUILT_IN[LOCAL_SERVICE_ID], LOCAL_SERVICE_ID)
        program = "SystemSettingsAdminFlows.exe" if by else "svchost.exe"
        previous = self.clock
        self._step_clock(step)
        self._write_step(previous, caller, f"{SYSTEM32}\\{program}")

    def sleep(self, at: datetime, *, modern: bool = False) -> None:
        """The machine goes to sleep: Kernel-Power 42, or 506 for modern standby.

        Args:
            at: Real time, UTC.
            modern: Whether it goes to modern standby, in which its clock runs on.
        """
        self._begin(at)
        if modern:
            self._write("kernel-power", 506)
        else:
            self._write("kernel-power", 42, TargetState=_STANDBY, EffectiveState=_STANDBY, Reason=0)
        for session in self.desktops:
            self._leave(session, "asleep")
        self._asleep_since = self.clock
        self._in_modern_standby = modern
        self.state = "asleep"

    def resume(self, at: datetime) -> None:
        """The machine wakes up: Kernel-Power 107, Kernel-General 1, Power-Troubleshooter 1; or Kernel-Power 507.

        Raises:
            ValueError: If it is not asleep.
        """
        self._begin(at, "asleep")
        self._postpone_due()
        self.state = "on"
        if self._in_modern_standby:
            self._write("kernel-power", 507, DurationInUs=(self.clock - self._asleep_since) // _MICROSECOND)
        else:
            self._write("kernel-power", 107, TargetState=_STANDBY, EffectiveState=_STANDBY, WakeFromState=_STANDBY)
            self._write_clock_change(self._asleep_since, SET_AFTER_SLEEP)
        for session in self.desktops:
            self._return(session, "asleep")
        if not self._in_modern_standby:
            self._write_woken(_STANDBY, _STANDBY)

    def suspend(self, at: datetime, until: datetime) -> None:
        """The host of a virtual machine suspends it, and later its clock is set forward (rule R19).

        Args:
            at: When it stops, real time, UTC.
            until: When it runs again.
        """
        self._begin(at)
        previous = self.clock
        stopped = self._now
        self._now = max(self._now, until)
        self._suspended += self._now - stopped
        self._postpone_due()
        tools = "C:\\Program Files\\VMware\\VMware Tools\\vmtoolsd.exe"
        self._write_step(previous, subject(self._machine_account, SYSTEM_ID), tools)

    def _postpone_due(self) -> None:
        """What was due while the machine stood still happens now."""
        self._due = sorted((max(moment, self._now), order, action) for moment, order, action in self._due)

    def _write_step(self, previous: datetime, caller: Fields, program: str) -> None:
        now = self.clock
        self._write(
            "security",
            4616,
            process_id=KERNEL,
            PreviousTime=filetime(previous),
            NewTime=filetime(now),
            ProcessId=0x53C,
            ProcessName=program,
            **caller,
        )
        self._write_clock_change(previous, _SET_BY_PROGRAM)

    def _write_clock_change(self, previous: datetime, reason: int) -> None:
        times: Fields = {"NewTime": filetime(self.clock), "OldTime": filetime(previous)}
        self._write("kernel-general", 1, Reason=reason, **times)

    def _write_woken(self, target_state: int, effective_state: int) -> None:
        """Power-Troubleshooter 1, a moment after waking."""
        woken = self.clock
        self._pass(1.5)
        self._write(
            "power-troubleshooter",
            1,
            SleepTime=filetime(self._asleep_since),
            WakeTime=filetime(woken),
            TargetState=target_state,
            EffectiveState=effective_state,
        )
