"""Sessions at a desktop, from sign-in to sign-out: the console's, and what Remote Desktop shares with them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from logonscope.demo.live import LiveSession
from logonscope.demo.logon_records import (
    CACHED_INTERACTIVE,
    INTERACTIVE,
    NO,
    SYSTEM32,
    UNLOCK,
    YES,
    LogonRecords,
)
from logonscope.demo.machine_core import LSASS
from logonscope.demo.truth import Account, AwayKind

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.flavour import MachineSetup
    from logonscope.demo.machine_core import Fields

_NOT_PRESENT: tuple[AwayKind, ...] = ("locked", "disconnected", "idle")
AT_CONSOLE: Fields = {"IpAddress": "127.0.0.1", "IpPort": "0"}
_CONSOLE_ACTIVITY = "61a55000-55e5-1017-0000-000000000000"
# Reasons of LocalSessionManager 40 (LOGON.md 1.4).
ENDED_BY_TOOL, USER_DISCONNECTED, USER_LOGGED_OFF = 2, 11, 12


class Desktop(LogonRecords):
    """Desktop sessions of a machine.

    Args:
        setup: What kind of machine it is.
    """

    def __init__(self, setup: MachineSetup) -> None:
        super().__init__(setup)
        self._console_number = 0
        self._window_managers: dict[int, list[tuple[Account, int]]] = {}

    @property
    def console(self) -> LiveSession | None:
        """The session at the machine's own screen."""
        return next((session for session in self.desktops if not session.is_remote), None)

    def is_present(self, session: LiveSession) -> bool:
        """Whether the user of a desktop session is before it."""
        return session.is_open and session.is_desktop and not any(map(session.is_away, _NOT_PRESENT))

    def console_logon(self, account: Account, at: datetime, *, cached: bool = False) -> LiveSession:
        """Somebody signs in at the machine's own screen.

        Args:
            account: Who.
            at: Real time, UTC.
            cached: Whether no domain controller could be asked (type 11 instead of 2).

        Returns:
            The session.

        Raises:
            ValueError: If the machine is not running, or somebody has the console already.
        """
        self._begin(at)
        if self.console:
            raise ValueError(f"{self.console.account.name} is at the console of {self.setup.name}")
        logon_type = CACHED_INTERACTIVE if cached else INTERACTIVE
        session = LiveSession(
            account=account,
            logon_type=logon_type,
            start=self._instant(),
            logon_ids=self._write_desktop_logon(account, logon_type, AT_CONSOLE),
            boot=self.boot_number,
            privileged=account.admin,
            source_ip="127.0.0.1",
            workstation=self.setup.name,
            session_number=self._console_number,
            activity=_CONSOLE_ACTIVITY,
        )
        self._open(session)
        if cached:
            self._pass(self._jitter(0.03, 0.15))
            self._write_refresh(session)
        self._show_desktop(session)
        return session

    def sign_out(self, session: LiveSession, at: datetime) -> None:
        """The user signs out: 4647, LSM 23, and mostly a 4634 some time later (rules R10, R17).

        Raises:
            ValueError: If nobody is using the session.
        """
        self._begin(at)
        self._require(self.is_present(session), session)
        self._request_sign_out(session)
        self._end_children(session, recorded=True)
        if session.logon_type != CACHED_INTERACTIVE:
            self._after(self._jitter(0.5, 70 if session.is_remote else 5), partial(self._destroy, session))
        self._remove_desktop(session, USER_LOGGED_OFF if session.is_remote else USER_DISCONNECTED)

    def end_session(self, session: LiveSession, at: datetime) -> None:
        """An administrator or a time limit ends a desktop session: 4634 without 4647 (rule R16).

        Raises:
            ValueError: If it is not an open desktop session.
        """
        self._begin(at)
        self._require(session.is_open and session.is_desktop, session)
        self._write_desktop_end(session)
        self._close(session)
        self._end_children(session, recorded=True)
        self._remove_desktop(session, ENDED_BY_TOOL)

    def _require(self, condition: bool, session: LiveSession) -> None:
        if not condition:
            raise ValueError(f"session {session.logon_id:#x} of {session.account.name} is not in the state for this")

    def _write_desktop_logon(self, account: Account, logon_type: int, source: Fields, **more: Any) -> tuple[int, ...]:
        """4648 and 4624 of a logon that somebody typed at a screen, from the service host of winlogon."""
        self._write_credentials_used(self._system_subject, account, **self._service_host, **source)
        fields = {
            "LogonProcessName": "User32 ",
            "AuthenticationPackageName": "Negotiate",
            "WorkstationName": self.setup.name,
        }
        caller = self._system_subject | self._service_host
        return self._write_logon(account, logon_type, **fields, **caller, **source, **more)

    def _write_refresh(self, session: LiveSession) -> None:
        """LSASS renews the credentials of a session: a logon of type 7 that ends at once (rule R13)."""
        account = session.account
        lsass = {"ProcessId": LSASS, "ProcessName": f"{SYSTEM32}\\lsass.exe"}
        self._write_credentials_used(self._system_subject, account, **lsass)
        logon_id = self._new_logon_id()
        names = {"LogonProcessName": "Negotiat", "AuthenticationPackageName": "Negotiate"}
        self._write_4624(account, UNLOCK, logon_id, self._system_subject | lsass | names)
        session.services.append(("refresh", logon_id))
        self._write_destroyed(account, logon_id, UNLOCK)

    def _show_desktop(self, session: LiveSession) -> None:
        """System 7001 and LSM 41, 42, 21, 22 of a new desktop session."""
        number = session.session_number
        self._write("winlogon", 7001, TSId=number, UserSid=session.account.sid)
        for event_id, seconds in ((41, 0.02), (42, 0.01), (21, 0.25), (22, 0.1)):
            self._pass(seconds)
            where: Fields = {"Address": session.client_address} if event_id in (21, 22) else {}
            self._write_desktop(session, event_id, SessionID=number, **where)

    def _request_sign_out(self, session: LiveSession) -> None:
        """What is written when a session is asked to end, also by a shutdown."""
        self._write_sign_out(session)
        self._end(session, "sign-out")
        self._pass(0.02)
        self._write_desktop_end(session)

    def _destroy(self, session: LiveSession) -> None:
        """The 4634 of a session that has signed out."""
        session.destroyed = self._instant()
        self._write_destroyed(session.account, session.logon_id, session.logon_type)

    def _end_children(self, session: LiveSession, *, recorded: bool) -> None:
        """End what belongs to a session that has just ended (rule R18)."""
        for child in session.children:
            if child.is_open and recorded and self.setup.audits_logoff:
                self._close(child)
            elif child.is_open:
                self._end(child, "with-parent", session.end)

    def _write_desktop(self, session: LiveSession, event_id: int, **fields: Any) -> None:
        """A record of LocalSessionManager that names the user of a session, in the activity of its connection."""
        self._write("lsm", event_id, activity_id=session.activity, User=session.account.label, **fields)

    def _write_desktop_end(self, session: LiveSession) -> None:
        """LSM 23 and System 7002."""
        self._write_desktop(session, 23, SessionID=session.session_number)
        self._write("winlogon", 7002, TSId=session.session_number, UserSid=session.account.sid)

    def _remove_desktop(self, session: LiveSession, reason: int) -> None:
        """What LocalSessionManager and the window manager write after a desktop session."""
        number = session.session_number or 0
        if not session.is_remote:
            session.activity = None
            self._write("lsm", 39, TargetSession=number, Source=number)
        self._write("lsm", 40, activity_id=session.activity, Session=number, Reason=reason)
        self._write_desktop(session, 24, SessionID=number, Address=session.client_address)
        self._stop_window_manager(number)
        if not session.is_remote:
            self._start_console()

    def _start_console(self) -> None:
        """A fresh logon screen."""
        self._console_number = self._new_session_number()
        self._start_window_manager(self._console_number)

    def _start_window_manager(self, number: int) -> None:
        """The accounts under which Windows draws a desktop session: UMFD-n and DWM-n (rule R9)."""
        winlogon = {"ProcessId": 0x278, "ProcessName": f"{SYSTEM32}\\winlogon.exe"}
        names = {
            "LogonProcessName": "Advapi  ",
            "AuthenticationPackageName": "Negotiate",
            "VirtualAccount": YES,
        }
        fields = self._system_subject | winlogon | names
        started = self._window_managers[number] = []
        if self.setup.flavour.records_early_boot:
            fonts = Account(f"UMFD-{number}", "Font Driver Host", f"S-1-5-96-0-{number}")
            self._write_credentials_used(self._system_subject, fonts, **winlogon)
            started.append((fonts, self._new_logon_id()))
            self._write_4624(fonts, INTERACTIVE, started[-1][1], fields)
        windows = Account(f"DWM-{number}", "Window Manager", f"S-1-5-90-0-{number}")
        self._write_credentials_used(self._system_subject, windows, **winlogon)
        first, second = self._new_logon_id(), self._new_logon_id()
        for logon_id, linked, token in ((first, second, YES), (second, first, NO)):
            linking = {"TargetLinkedLogonId": linked, "ElevatedToken": token}
            self._write_4624(windows, INTERACTIVE, logon_id, fields | linking)
            started.append((windows, logon_id))
        self._write_privileges(windows, first, ("SeAssignPrimaryTokenPrivilege", "SeAuditPrivilege"))

    def _stop_window_manager(self, number: int) -> None:
        for account, logon_id in self._window_managers.pop(number, ()):
            self._write_destroyed(account, logon_id, INTERACTIVE)
