"""Logons without a desktop: over the network, by services and by tasks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from logonscope.demo.live import LiveSession
from logonscope.demo.logon_records import (
    BATCH,
    CLEARTEXT,
    NETWORK,
    SERVICE,
    SYSTEM32,
    SYSTEM_ID,
    LogonRecords,
)
from logonscope.demo.truth import Account

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.machine_core import Fields

ANONYMOUS = Account("ANONYMOUS LOGON", "NT AUTHORITY", "S-1-5-7")
"""Who a network logon without a name is."""

Package = Literal["Kerberos", "NTLM"]


class Contacts(LogonRecords):
    """Network logons, service and batch logons."""

    def network_logon(
        self,
        account: Account,
        source_ip: str,
        workstation: str,
        at: datetime,
        seconds: float | None = None,
        *,
        package: Package = "Kerberos",
    ) -> LiveSession:
        """Another computer uses something on this one: type 3.

        Args:
            account: Who.
            source_ip: Where from; ``-`` when the record does not say.
            workstation: What that computer calls itself; only NTLM records it.
            at: Real time, UTC.
            seconds: How long it stays; until the machine stops when not given.
            package: How it proves who it is.

        Returns:
            The contact.
        """
        self._begin(at)
        fields = self._kerberos_fields() if package == "Kerberos" else _ntlm_fields(account, workstation)
        port = str(self._random.randrange(49152, 65536)) if source_ip != "-" else "-"
        claimed = workstation if package == "NTLM" else ""
        return self._open_contact(
            account, NETWORK, fields | {"IpAddress": source_ip, "IpPort": port}, seconds, source_ip, claimed
        )

    def anonymous_logon(self, source_ip: str, workstation: str, at: datetime, seconds: float = 20.0) -> LiveSession:
        """The routine type 3 without a name, which always says NTLM V1 (LOGON.md D20)."""
        return self.network_logon(ANONYMOUS, source_ip, workstation, at, seconds, package="NTLM")

    def cleartext_logon(
        self, account: Account, source_ip: str, workstation: str, at: datetime, seconds: float | None = None
    ) -> LiveSession:
        """A web server signs a user in with the password itself: type 8. Arguments as `network_logon`."""
        self._begin(at)
        fields = self._by_system("inetsrv\\w3wp.exe", 0x1330) | {"WorkstationName": workstation}
        where = {"IpAddress": source_ip, "IpPort": "0"}
        return self._open_contact(account, CLEARTEXT, fields | where, seconds, source_ip, workstation)

    def service_logon(self, account: Account, at: datetime, seconds: float | None = None) -> LiveSession:
        """A service starts under a named account: type 5.

        Args:
            account: Who.
            at: Real time, UTC.
            seconds: How long it runs; until the machine stops when not given.
        """
        self._begin(at)
        return self._open_contact(account, SERVICE, self._by_system("services.exe", 0x258), seconds)

    def batch_logon(self, account: Account, at: datetime, seconds: float | None = None) -> LiveSession:
        """A scheduled task runs under a named account: type 4. Arguments as `service_logon`."""
        self._begin(at)
        return self._open_contact(account, BATCH, self._by_system("svchost.exe", 0x430), seconds)

    def system_service(self, at: datetime) -> None:
        """A service starts as SYSTEM: the most common logon of all, and nobody's."""
        self._begin(at)
        self._write_service_logon(SYSTEM_ID)

    def _kerberos_fields(self) -> Fields:
        logon_guid = str(UUID(int=self._random.getrandbits(128)))
        names = {"LogonProcessName": "Kerberos", "AuthenticationPackageName": "Kerberos"}
        # Kerberos names the domain as DNS does, while 4634 names it as NetBIOS does.
        realm = {"TargetDomainName": self.setup.dns_suffix.upper()} if self.setup.dns_suffix else {}
        return names | realm | {"LogonGuid": logon_guid}

    def _by_system(self, program: str, process_id: int) -> Fields:
        names = {"LogonProcessName": "Advapi  ", "AuthenticationPackageName": "Negotiate"}
        process = {"ProcessId": process_id, "ProcessName": f"{SYSTEM32}\\{program}"}
        return self._system_subject | names | process

    def _open_contact(
        self,
        account: Account,
        logon_type: int,
        fields: Fields,
        seconds: float | None,
        source_ip: str = "-",
        workstation: str = "",
    ) -> LiveSession:
        start = self._instant()
        contact = LiveSession(
            account=account,
            logon_type=logon_type,
            logon_ids=self._write_logon(account, logon_type, **fields),
            boot=self.boot_number,
            start=start,
            privileged=account.admin,
            source_ip=None if source_ip == "-" else source_ip,
            workstation=workstation,
        )
        if seconds is not None:
            self._after(seconds, partial(self._close, contact))
        return self._open(contact)


def _ntlm_fields(account: Account, workstation: str) -> Fields:
    fields: Fields = {
        "LogonProcessName": "NtLmSsp ",
        "AuthenticationPackageName": "NTLM",
        "WorkstationName": workstation,
    }
    is_anonymous = account == ANONYMOUS
    return fields | {
        "LmPackageName": "NTLM V1" if is_anonymous else "NTLM V2",
        "KeyLength": 0 if is_anonymous else 128,
    }
