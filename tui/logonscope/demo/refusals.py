"""Logons that are refused (LOGON.md 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.demo.connections import Connections
from logonscope.demo.logon_records import NETWORK, REMOTE_INTERACTIVE

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.machine_core import Fields

WRONG_PASSWORD, UNKNOWN_USER, DISABLED, LOCKED_OUT = 0xC000006A, 0xC0000064, 0xC0000072, 0xC0000234
NO_RDP_RIGHT, MUST_CHANGE = 0xC000015B, 0xC0000224
_BAD_NAME_OR_PASSWORD, _RESTRICTION = 0xC000006D, 0xC000006E

# What 4625 says for each: Status, SubStatus, FailureReason (LOGON.md 4.1).
_FAILURES = {
    WRONG_PASSWORD: (_BAD_NAME_OR_PASSWORD, WRONG_PASSWORD, "%%2313"),
    UNKNOWN_USER: (_BAD_NAME_OR_PASSWORD, UNKNOWN_USER, "%%2313"),
    DISABLED: (_RESTRICTION, DISABLED, "%%2310"),
    LOCKED_OUT: (LOCKED_OUT, 0, "%%2307"),
    NO_RDP_RIGHT: (NO_RDP_RIGHT, 0, "%%2308"),
    MUST_CHANGE: (MUST_CHANGE, 0, "%%2309"),
}


class Refusals(Connections):
    """Failed logons."""

    def failed_logon(
        self,
        name: str,
        domain: str,
        at: datetime,
        *,
        source_ip: str = "-",
        workstation: str = "-",
        failure: int = WRONG_PASSWORD,
        logon_type: int = NETWORK,
    ) -> None:
        """A logon is refused: 4625.

        Args:
            name: The account name that was given, which need not exist.
            domain: The domain that was given.
            at: Real time, UTC.
            source_ip: Where from; ``-`` when the record does not say.
            workstation: What that computer calls itself.
            failure: Why, as the status code that says most: `WRONG_PASSWORD` ...
            logon_type: What kind of logon it would have become.
        """
        self._begin(at)
        status, sub_status, reason = _FAILURES[failure]
        self._write(
            "security",
            4625,
            activity_id=self._boot_activity,
            TargetUserName=name,
            TargetDomainName=domain,
            Status=status,
            SubStatus=sub_status,
            FailureReason=reason,
            LogonType=logon_type,
            WorkstationName=workstation,
            IpAddress=source_ip,
            IpPort="0" if source_ip != "-" else "-",
            **self._refused_by(logon_type),
        )

    def rdp_refused(
        self,
        name: str,
        domain: str,
        source_ip: str,
        workstation: str,
        at: datetime,
        *,
        failure: int = WRONG_PASSWORD,
        nla: bool = True,
    ) -> None:
        """A Remote Desktop logon is refused: a 4625, of type 3 where NLA checks the password first.

        RdpCoreTS 131 and RCM 261 come before it; with NLA, RdpCoreTS 140 after it.

        Args:
            name: The account name that was given, which need not exist.
            domain: The domain that was given.
            source_ip: Address of the client.
            workstation: What the client calls itself.
            at: Real time, UTC.
            failure: Why, as the status code that says most.
            nla: Whether Network Level Authentication is on.
        """
        self._begin(at)
        activity = self._connect_client(source_ip)
        # Server 2012 R2 leaves the address out of the type 3 (LOGON.md 3.5).
        source = "-" if nla and self.setup.flavour.privileges_first else source_ip
        self.failed_logon(
            name,
            domain,
            at,
            source_ip=source,
            workstation=workstation if nla else self.setup.name,
            failure=failure,
            logon_type=NETWORK if nla else REMOTE_INTERACTIVE,
        )
        if nla:
            # 140 came with Windows 10; before that, 139 tells of any failure (LOGON.md 1.4).
            event_id = 140 if self.setup.flavour.names_boot_in_activity else 139
            self._write("rdp-core", event_id, activity_id=activity, IPString=source_ip)
        self._write("rdp-core", 102, activity_id=activity)

    def _refused_by(self, logon_type: int) -> Fields:
        if logon_type == NETWORK:
            return {"LogonProcessName": "NtLmSsp ", "AuthenticationPackageName": "NTLM"}
        names: Fields = {"LogonProcessName": "User32 ", "AuthenticationPackageName": "Negotiate"}
        return self._system_subject | self._service_host | names
