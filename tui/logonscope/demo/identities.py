"""Other accounts used from within a session: UAC prompts, ``runas``, credentials for another machine."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from logonscope.demo.desktop import Desktop
from logonscope.demo.live import LiveSession
from logonscope.demo.logon_records import CACHED_INTERACTIVE, INTERACTIVE, NEW_CREDENTIALS, SYSTEM32, subject

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.machine_core import Fields
    from logonscope.demo.truth import Account, Role

_LOOPBACK: Fields = {"IpAddress": "::1", "IpPort": "0"}


class Identities(Desktop):
    """Secondary identities of desktop sessions."""

    def uac_prompt(
        self, session: LiveSession, account: Account, at: datetime, seconds: float | None = None
    ) -> LiveSession:
        """Another account's password is typed into a UAC prompt at the console (LOGON.md example 13).

        Args:
            session: The session whose screen shows the prompt.
            account: The account that is given.
            at: Real time, UTC.
            seconds: How long the program lives that was started so; until the sign-out when not given.

        Returns:
            The session of that account.

        Raises:
            ValueError: If nobody is at that console, or the account is its own, which leaves no record.
        """
        self._begin(at)
        at_console = session is self.console and self.is_present(session)
        self._require(at_console and account != session.account, session)
        logon_type = CACHED_INTERACTIVE if session.logon_type == CACHED_INTERACTIVE else INTERACTIVE
        consent = {"ProcessId": 0x11D4, "ProcessName": f"{SYSTEM32}\\consent.exe"} | _LOOPBACK
        self._write_credentials_used(self._system_subject, account, **consent)
        fields = self._system_subject | consent | {"LogonProcessName": "CredPro", "WorkstationName": self.setup.name}
        return self._open_child(session, account, logon_type, "uac-prompt", fields, seconds)

    def run_as(self, session: LiveSession, account: Account, at: datetime, seconds: float | None = None) -> LiveSession:
        """A program is started under another account with ``runas``.

        Args:
            session: The session it is started from.
            account: The other account.
            at: Real time, UTC.
            seconds: How long the program lives; until the session ends when not given.

        Returns:
            The session of that account.

        Raises:
            ValueError: If nobody is using the session.
        """
        self._begin(at)
        self._require(self.is_present(session), session)
        caller = subject(session.account, session.logon_id)
        self._write_credentials_used(caller, account, **self._service_host, **_LOOPBACK)
        workstation = {"WorkstationName": self.setup.name}
        return self._open_child(
            session, account, INTERACTIVE, "secondary", self._secondary_logon(session) | workstation, seconds
        )

    def run_as_netonly(
        self, session: LiveSession, account: Account, at: datetime, seconds: float | None = None
    ) -> LiveSession:
        """A program is started with ``runas /netonly``: another account towards other machines only (type 9).

        Args:
            session: The session it is started from, whose account it keeps here.
            account: What it is towards other machines.
            at: Real time, UTC.
            seconds: How long the program lives; until the session ends when not given.

        Returns:
            The session of type 9.

        Raises:
            ValueError: If nobody is using the session.
        """
        self._begin(at)
        self._require(self.is_present(session), session)
        outbound = {"TargetOutboundUserName": account.name, "TargetOutboundDomainName": account.domain}
        # The new token is a copy of the caller's, which holds all rights only where UAC does not split it.
        has_all_rights = session.privileged and not session.account.splits_token
        child = self._open_child(
            session,
            replace(session.account, admin=has_all_rights),
            NEW_CREDENTIALS,
            "secondary",
            self._secondary_logon(session) | outbound,
            seconds,
        )
        child.account, child.outbound = session.account, account.name
        return child

    def explicit_credentials(
        self,
        session: LiveSession,
        account: Account,
        server: str,
        service: str,
        at: datetime,
        process: str = "C:\\Windows\\System32\\mstsc.exe",
    ) -> None:
        """A program gives another account's credentials to a server: 4648 (LOGON.md D10).

        Args:
            session: The session the program runs in.
            account: The account that is given.
            server: The server it is given to.
            service: Name of the service there, e.g. ``TERMSRV/fs01``.
            at: Real time, UTC.
            process: Path of the program.

        Raises:
            ValueError: If the session has ended.
        """
        self._begin(at)
        self._require(session.is_open, session)
        caller = subject(session.account, session.logon_id)
        fields = {
            "TargetServerName": server,
            "TargetInfo": service,
            "ProcessId": 0x1A2C,
            "ProcessName": process,
        }
        self._write_credentials_used(caller, account, **fields)

    def _secondary_logon(self, session: LiveSession) -> Fields:
        """The fields of a logon through the Secondary Logon service."""
        caller = subject(session.account, session.logon_id)
        return caller | self._service_host | _LOOPBACK | {"LogonProcessName": "seclogo"}

    def _open_child(
        self,
        session: LiveSession,
        account: Account,
        logon_type: int,
        role: Role,
        fields: Fields,
        seconds: float | None,
    ) -> LiveSession:
        start = self._instant()
        logon_ids = self._write_logon(account, logon_type, AuthenticationPackageName="Negotiate", **fields)
        child = LiveSession(
            account=account,
            logon_type=logon_type,
            logon_ids=logon_ids,
            boot=self.boot_number,
            start=start,
            role=role,
            parent=session,
            privileged=account.admin,
            source_ip="::1",
            workstation=fields.get("WorkstationName", ""),
        )
        if seconds is not None:
            self._after(seconds, partial(self._close, child))
        return self._open(child)
