"""Remote Desktop sessions: how they are opened, left, and come back to (rule R25)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from logonscope.demo.connections import Connections
from logonscope.demo.desktop import USER_DISCONNECTED, Desktop
from logonscope.demo.live import LiveSession
from logonscope.demo.logon_records import NETWORK, NO, REMOTE_INTERACTIVE, UNLOCK

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.machine_core import Fields
    from logonscope.demo.truth import Account

# Reasons of LocalSessionManager 40 (LOGON.md 1.4).
_NO_DETAIL, _TAKEN_OVER = 0, 5


class RemoteDesktop(Desktop, Connections):
    """Remote Desktop sessions of a machine."""

    def rdp_logon(
        self, account: Account, source_ip: str, workstation: str, at: datetime, *, nla: bool = True
    ) -> LiveSession:
        """Somebody signs in over Remote Desktop.

        Args:
            account: Who.
            source_ip: Address of the client, or of the gateway it comes through.
            workstation: What the client calls itself.
            at: Real time, UTC.
            nla: Whether the password is checked before the desktop is built (Network Level Authentication).

        Returns:
            The session.

        Raises:
            ValueError: If the machine is not running, or the account has a session to reconnect to.
        """
        self._begin(at)
        if any(session.is_remote and session.account == account for session in self.desktops):
            raise ValueError(f"{account.name} has a Remote Desktop session on {self.setup.name} already")
        activity = self._connect_client(source_ip)
        checks = self._check_password(account, source_ip, workstation, activity, nla=nla)
        number = self._prepare_desktop(activity)
        start = self._instant()
        session = LiveSession(
            account=account,
            logon_type=REMOTE_INTERACTIVE,
            logon_ids=self._write_remote_logon(account, REMOTE_INTERACTIVE, source_ip),
            boot=self.boot_number,
            start=start,
            privileged=account.admin,
            source_ip=source_ip,
            workstation=workstation,
            session_number=number,
            client_address=source_ip,
            client_name=workstation,
        )
        self._attach(session, checks, activity)
        self._open(session)
        self._show_desktop(session)
        return session

    def rdp_disconnect(self, session: LiveSession, at: datetime, *, chosen: bool = False) -> None:
        """The connection ends, and the session lives on.

        Args:
            session: The session.
            at: Real time, UTC.
            chosen: Whether the user chose Disconnect; otherwise the window was closed or the network went.

        Raises:
            ValueError: If it is not a connected Remote Desktop session.
        """
        self._begin(at)
        self._require(session.is_open and session.is_remote and not session.is_away("disconnected"), session)
        self._disconnect(session, USER_DISCONNECTED if chosen else _NO_DETAIL)

    def rdp_reconnect(
        self, session: LiveSession, source_ip: str, workstation: str, at: datetime, *, nla: bool = True
    ) -> None:
        """The user comes back to a session; when it is still connected elsewhere, that connection ends.

        Args:
            session: The session.
            source_ip: Address of the client, or of the gateway it comes through.
            workstation: What the client calls itself.
            at: Real time, UTC.
            nla: Whether the password is checked before the session is shown.

        Raises:
            ValueError: If it is not an open Remote Desktop session.
        """
        self._begin(at)
        self._require(session.is_open and session.is_remote, session)
        activity = self._connect_client(source_ip)
        checks = self._check_password(session.account, source_ip, workstation, activity, nla=nla)
        if not session.is_away("disconnected"):
            self._disconnect(session, _TAKEN_OVER)
        passing_number = self._prepare_desktop(activity)
        logon_ids = self._write_remote_logon(session.account, UNLOCK, source_ip)
        self._pass(self._jitter(0.03, 0.06))
        for logon_id in logon_ids:
            self._write_destroyed(session.account, logon_id, UNLOCK)
        session.services += [("reconnect", logon_id) for logon_id in logon_ids]
        session.client_address, session.client_name = source_ip, workstation
        self._attach(session, checks, activity)
        self._write_return(session, passing_number)
        self._stop_window_manager(passing_number)
        self._return(session, "disconnected")
        session.reconnects += 1

    def _prepare_desktop(self, activity: str) -> int:
        """The newest connection gets a desktop: RdpCoreTS 66 and a window manager.

        Returns:
            The number of the desktop session.
        """
        number = self._new_session_number()
        fields: Fields = {"ConnectionName": self._connection_name, "SessionID": number}
        self._write("rdp-core", 66, activity_id=activity, **fields)
        self._start_window_manager(number)
        self._pass(self._jitter(0.8, 1.6))
        return number

    def _attach(self, session: LiveSession, checks: list[int], activity: str) -> None:
        """A session gets the newest connection, and the network logons that checked its password."""
        session.services += [("nla", logon_id) for logon_id in checks]
        session.connection_id = checks[-1] if checks else None
        session.activity, session.connection_name = activity, self._connection_name
        session.client_addresses.append(session.client_address)

    def _check_password(
        self, account: Account, source_ip: str, workstation: str, activity: str, *, nla: bool
    ) -> list[int]:
        """The two network logons of NLA, and RCM 1149.

        Returns:
            Their logon IDs; the last one lives as long as the connection.
        """
        checks = []
        if nla:
            self._pass(self._jitter(0.05, 0.3))
            checks.append(self._write_pre_authentication(account, source_ip, workstation))
            self._pass(0.03)
            self._write_destroyed(account, checks[0], NETWORK)
            self._pass(self._jitter(0.1, 0.2))
            checks.append(self._write_pre_authentication(account, source_ip, workstation))
        self._pass(self._jitter(0.1, 0.3))
        user, domain = (account.name, account.domain) if nla else ("", "")
        self._write("rcm", 1149, activity_id=activity, Param1=user, Param2=domain, Param3=source_ip)
        return checks

    def _write_pre_authentication(self, account: Account, source_ip: str, workstation: str) -> int:
        # Server 2012 R2 leaves the address out (LOGON.md 3.5).
        address = "-" if self.setup.flavour.privileges_first else source_ip
        fields: Fields = {
            "LogonProcessName": "NtLmSsp ",
            "AuthenticationPackageName": "NTLM",
            "LmPackageName": "NTLM V2",
            "KeyLength": 128,
            "WorkstationName": workstation,
            "IpAddress": address,
            "IpPort": "0",
        }
        return self._write_logon(account, NETWORK, **fields)[0]

    def _write_remote_logon(self, account: Account, logon_type: int, source_ip: str) -> tuple[int, ...]:
        return self._write_desktop_logon(
            account, logon_type, {"IpAddress": source_ip, "IpPort": "0"}, RestrictedAdminMode=NO
        )

    def _disconnect(self, session: LiveSession, reason: int) -> None:
        number = session.session_number
        if reason == USER_DISCONNECTED:
            self._write("lsm", 39, TargetSession=number, Source=number)
        self._write_desktop(session, 24, SessionID=number, Address=session.client_address)
        self._write("lsm", 40, activity_id=session.activity, Session=number, Reason=reason)
        self._write_connection(session, 4779)
        self._leave(session, "disconnected")
        self._drop_connection(session, reason)

    def _write_return(self, session: LiveSession, passing_number: int) -> None:
        """LSM and 4778 of a reconnection. The new connection has a session number of its own for a moment."""
        self._write_desktop(session, 41, SessionID=passing_number)
        self._write_desktop(session, 25, SessionID=session.session_number, Address=session.client_address)
        self._write("lsm", 40, activity_id=session.activity, Session=passing_number, Reason=_TAKEN_OVER)
        self._write_desktop(session, 42, SessionID=passing_number)
        self._write_connection(session, 4778)

    def _write_connection(self, session: LiveSession, event_id: int) -> None:
        """4778 or 4779, on the long-lived logon ID, if that is audited."""
        if self.setup.audits_desktop:
            self._write(
                "security",
                event_id,
                AccountName=session.account.name,
                AccountDomain=session.account.domain,
                LogonID=session.logon_id,
                SessionName=session.connection_name,
                ClientName=session.client_name,
                ClientAddress=session.client_address,
            )

    def _drop_connection(self, session: LiveSession, reason: int) -> None:
        """RdpCoreTS 103 and 102. The network logon of the connection ends a moment after it."""
        if session.activity is None:
            return
        self._write("rdp-core", 103, activity_id=session.activity, ReasonCode=reason)
        self._write("rdp-core", 102, activity_id=session.activity)
        session.activity = None
        if session.connection_id is not None:
            destroy = partial(self._write_destroyed, session.account, session.connection_id, NETWORK)
            self._after(self._jitter(0.3, 0.8), destroy)
            session.connection_id = None

    def _remove_desktop(self, session: LiveSession, reason: int) -> None:
        super()._remove_desktop(session, reason)
        self._drop_connection(session, reason)
