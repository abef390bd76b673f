"""A machine starts, shuts down, and stops without shutting down (rules R4 to R7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from logonscope.demo.clock import SET_AFTER_SLEEP, Clock
from logonscope.demo.desktop import USER_DISCONNECTED, Desktop
from logonscope.demo.logon_records import LOCAL_SERVICE_ID, NETWORK_SERVICE_ID, SYSTEM_ID
from logonscope.demo.machine_core import KERNEL
from logonscope.demo.records import filetime

if TYPE_CHECKING:
    from logonscope.demo.flavour import MachineSetup
    from logonscope.demo.live import LiveSession
    from logonscope.demo.machine_core import Fields
    from logonscope.demo.truth import EndKind

_COLD_BOOT, _FAST_STARTUP = 0, 1
_HIBERNATE, _HYBRID_SHUTDOWN = 6, 5
_REASON_FAST_STARTUP = 4
_RESTART, _POWER_OFF = 5, 6


class Power(Clock, Desktop):
    """Boots and their ends.

    Args:
        setup: What kind of machine it is.
    """

    def __init__(self, setup: MachineSetup) -> None:
        super().__init__(setup)
        self._booted_at = self._now
        self._stop_action = _POWER_OFF
        self._stopped_at: datetime | None = None
        """When it was last shut down, on its own clock."""
        self._crashed_at: datetime | None = None
        """When it last stopped without that, on its own clock."""
        self._last_uptime = timedelta()

    def boot(self, at: datetime) -> None:
        """Windows starts.

        Args:
            at: When the kernel starts, real time, UTC.

        Raises:
            ValueError: If the machine is not off.
        """
        self._begin(at, "off")
        self.state = "on"
        self.boot_number += 1
        self._restart_logon_ids()
        self._last_session_number = 0
        self._deaf_until = min(self._deaf_until, self._now)
        started = self.clock
        self._boot_activity = _boot_activity(started) if self.setup.flavour.names_boot_in_activity else None
        self._write_security_boot()
        self._write_system_boot(started)
        self._write("lsm", 32)
        self._write("rcm", 258)
        self._stopped_at = self._crashed_at = None
        self._booted_at = self._now

    def shutdown(
        self, at: datetime, by: LiveSession | None = None, *, sign_out: bool = True, restart: bool = False
    ) -> None:
        """Windows shuts down.

        Args:
            at: When it is asked for, real time, UTC.
            by: The session that asks; a program when not given.
            sign_out: Whether the sign-outs of those who are on are recorded (LOGON.md examples 03 and 04).
            restart: Whether the machine is to start again.
        """
        self._begin(at)
        self._write_shutdown_request(by, "restart" if restart else "power off")
        self._write("lsm", 54)
        self._pass(0.3)
        leaving = self.desktops if sign_out else []
        stop_at = self._now + timedelta(seconds=0.5 + 0.1 * len(leaving))
        # The log service may say that it stops before the last sign-outs are written (LOGON.md 3.5).
        stops_first = bool(leaving) and self._random.random() < 0.5
        if stops_first:
            self._write_log_stop(stop_at)
        for session in leaving:
            self._request_sign_out(session)
            self._end_children(session, recorded=False)
        self._advance(stop_at)
        if not stops_first:
            self._write_log_stop(self._now)
        self._write("event-log", 6006, Data=("",), Binary=b"\1\0\0\0\0\0\0\0")
        self._end_all("shutdown")
        self._pass(0.4)
        self._stopped_at = self.clock
        self._stop_action = _RESTART if restart else _POWER_OFF
        self.state = "off"

    def crash(self, at: datetime, lost_seconds: float = 0.0) -> None:
        """The machine stops, and nothing is written about it.

        Args:
            at: Real time, UTC.
            lost_seconds: The records of how many last seconds do not reach the disk; a boot's own do.
        """
        self._begin(at, "on", "asleep")
        saved_until = max(self._now - timedelta(seconds=lost_seconds), self._booted_at)
        self._journal.lose_after(saved_until)
        self._end_all("crash")
        self._crashed_at = self.clock
        self._last_uptime = self._now - self._booted_at
        self.state = "off"

    def fast_shutdown(self, at: datetime, by: LiveSession | None = None) -> None:
        """*Shut down* on a Windows client: everybody is signed out and the kernel hibernates (rule R7).

        Args:
            at: Real time, UTC.
            by: The session that asks; a program when not given.
        """
        self._begin(at)
        self._write_shutdown_request(by, "power off")
        self._pass(0.4)
        for session in self.desktops:
            self._request_sign_out(session)
            self._end_children(session, recorded=True)
            self._remove_desktop(session, USER_DISCONNECTED)
        self._pass(0.6)
        states: Fields = {"TargetState": _HIBERNATE, "EffectiveState": _HYBRID_SHUTDOWN}
        self._write("kernel-power", 42, Reason=_REASON_FAST_STARTUP, **states)
        self._asleep_since = self.clock
        self.state = "hibernated"

    def fast_startup(self, at: datetime) -> None:
        """The machine comes up from `fast_shutdown`: Kernel-Boot 27 with BootType 1, and no new boot.

        Raises:
            ValueError: If it was not shut down that way.
        """
        self._begin(at, "hibernated")
        self._postpone_due()
        self.state = "on"
        states: Fields = {
            "TargetState": _HIBERNATE,
            "EffectiveState": _HYBRID_SHUTDOWN,
            "WakeFromState": _HYBRID_SHUTDOWN,
        }
        # The kernel writes 107 before it has read the clock again.
        self._write("kernel-power", 107, stamped=self._asleep_since + timedelta(seconds=0.4), **states)
        self._write_clock_change(self._asleep_since, SET_AFTER_SLEEP)
        self._write("kernel-boot", 27, BootType=_FAST_STARTUP)
        self._write_woken(_HIBERNATE, _HYBRID_SHUTDOWN)

    def _end_all(self, kind: EndKind) -> None:
        """Whatever is still on goes with the machine, and what was due does not happen."""
        for session in self.open_sessions:
            self._end(session, kind)
        self._window_managers.clear()
        self._due.clear()

    def _write_log_stop(self, at: datetime) -> None:
        """1100, and before it the 1101 of audits that are being lost."""
        if self._now < self._deaf_until:
            self._write("log-service", 1101)
            self._deaf_until = self._now
        self._write("log-service", 1100, stamped=at + self._offset)

    def _write_shutdown_request(self, by: LiveSession | None, manner: str) -> None:
        who = by.account.label if by else "NT AUTHORITY\\SYSTEM"
        self._write("user32", 1074, param2=self.setup.name, param5=manner, param7=who)

    def _write_security_boot(self) -> None:
        """1101 after a crash, the kernel's first records, 4608, and the logons of the system itself."""
        if self._crashed_at:
            self._write("log-service", 1101, stamped=self.clock + timedelta(seconds=3.1))
        self._pass(0.8)
        if self.setup.flavour.records_early_boot:
            self._write("security", 4688, process_id=KERNEL, NewProcessId=0x44, NewProcessName="Registry")
            self._write("security", 4696, process_id=KERNEL)
            self._write("security", 4826, process_id=KERNEL)
        self._pass(1.4)
        self._write("security", 4608)
        self._write_system_logon()
        self._write("security", 4902, PuaPolicyId=0xA2F2)
        self._write_service_logon(SYSTEM_ID)
        self._start_console()
        self._pass(0.1)
        for logon_id in (NETWORK_SERVICE_ID, LOCAL_SERVICE_ID, SYSTEM_ID, SYSTEM_ID):
            self._write_service_logon(logon_id)
        self._pass(1.0)
        self._write("security", 5033, process_id=KERNEL)
        self._write("security", 5024)

    def _write_system_boot(self, started: datetime) -> None:
        """The System channel begins with the log service; what the kernel did before that comes after."""
        if self._crashed_at:
            self._write("event-log", 6008, Data=self._last_heartbeat(self._crashed_at))
        flavour = self.setup.flavour
        self._write("event-log", 6009, Data=(flavour.kernel, str(flavour.build), "", "Multiprocessor Free", "0"))
        self._write("event-log", 6005, Data=("",))
        zone = f"{self.setup.bias_minutes} {self.setup.time_zone}"
        uptime = str((self.clock - started).seconds)
        self._write("event-log", 6013, Data=("", "", "", "", uptime, "60", zone))
        if self._stopped_at:
            self._write("kernel-power", 109, stamped=self._stopped_at, ShutdownActionType=self._stop_action)
            self._write("kernel-general", 13, stamped=self._stopped_at, StopTime=filetime(self._stopped_at))
        early = started + timedelta(seconds=0.045)
        self._write("kernel-general", 12, stamped=early, BuildVersion=flavour.build, StartTime=filetime(started))
        self._write(
            "kernel-boot",
            20,
            stamped=early,
            LastShutdownGood=not self._crashed_at,
            LastBootId=self.boot_number,
        )
        self._write("kernel-boot", 27, stamped=early, BootType=_COLD_BOOT)
        if self._crashed_at:
            self._write("kernel-power", 41, stamped=early + timedelta(seconds=0.8))

    def _last_heartbeat(self, crashed_at: datetime) -> tuple[str, ...]:
        """The strings of 6008: local time and date, with the marks that Windows puts into the date."""
        local = crashed_at.replace(second=0, microsecond=0) - timedelta(minutes=self.setup.bias_minutes)
        time = f"{local:%I:%M:%S %p}".lstrip("0")
        date = f"\u200e{local.month}/\u200e{local.day}/\u200e{local.year}"
        uptime = str(int(self._last_uptime.total_seconds()))
        return (time, date, "", "", uptime, "", "")


def _boot_activity(started: datetime) -> str:
    """The activity ID of a boot: its last eight bytes are the time at which the kernel started (rule R6)."""
    ticks = filetime(started)
    tail = ticks.to_bytes(8, "little")
    first, second = (ticks & 0xFFFFFFFF) ^ 0x0795, ticks >> 32 & 0xFFFF
    return f"{first:08x}-{second:04x}-0000-{tail[:2].hex()}-{tail[2:].hex()}"
