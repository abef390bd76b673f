"""What a domain controller records about credentials that it checks (LOGON.md 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.demo.logon_records import SYSTEM_ID, LogonRecords, subject

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.machine_core import Fields
    from logonscope.demo.truth import Account

_KRBTGT, _DOMAIN_CONTROLLER = "502", "1001"


class DomainController(LogonRecords):
    """Kerberos tickets, NTLM checks and lockouts."""

    def kerberos_tickets(self, account: Account, source_ip: str, service: str, at: datetime) -> None:
        """An account asks for a ticket-granting ticket (4768) and with it for a service (4769).

        Args:
            account: Who.
            source_ip: Where from.
            service: The account that runs the service: a machine's name with ``$``.
            at: Real time, UTC.
        """
        self._begin(at)
        domain_sid = account.sid.rpartition("-")[0]
        realm = self.setup.dns_suffix.upper()
        source: Fields = {"IpAddress": f"::ffff:{source_ip}", "IpPort": str(self._random.randrange(49152, 65536))}
        self._write(
            "security",
            4768,
            TargetUserName=account.name,
            TargetDomainName=realm,
            TargetSid=account.sid,
            ServiceSid=f"{domain_sid}-{_KRBTGT}",
            **source,
        )
        self._write(
            "security",
            4769,
            TargetUserName=f"{account.name}@{realm}",
            TargetDomainName=realm,
            ServiceName=service,
            ServiceSid=f"{domain_sid}-{_DOMAIN_CONTROLLER}",
            **source,
        )

    def credential_validation(self, name: str, workstation: str, at: datetime, failure: int = 0) -> None:
        """An NTLM password check: 4776, which knows no address.

        Args:
            name: The account name that was given.
            workstation: What the client calls itself.
            at: Real time, UTC.
            failure: Status code; 0 when the password is right.
        """
        self._begin(at)
        self._write(
            "security",
            4776,
            failed=failure != 0,
            TargetUserName=name,
            Workstation=workstation,
            Status=failure,
        )

    def lock_out(self, account: Account, caller: str, at: datetime) -> None:
        """An account is locked after too many wrong passwords: 4740.

        Args:
            account: Who.
            caller: The computer that sent them; the record has it in TargetDomainName.
            at: Real time, UTC.
        """
        self._begin(at)
        names: Fields = {"TargetUserName": account.name, "TargetDomainName": caller, "TargetSid": account.sid}
        self._write("security", 4740, **names, **subject(self._machine_account, SYSTEM_ID))
