"""The security records of logons and logoffs, in the groups and the order in which Windows writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.demo.catalogue import event_kind
from logonscope.demo.machine_core import KERNEL, LSASS, MachineCore
from logonscope.demo.truth import Account

if TYPE_CHECKING:
    from logonscope.demo.flavour import MachineSetup
    from logonscope.demo.live import LiveSession
    from logonscope.demo.machine_core import Fields

SYSTEM_ID, NETWORK_SERVICE_ID, LOCAL_SERVICE_ID = 0x3E7, 0x3E4, 0x3E5
"""Logon IDs that are the same on every machine (LOGON.md 4.4)."""

NETWORK, BATCH, SERVICE, UNLOCK, CLEARTEXT, NEW_CREDENTIALS = 3, 4, 5, 7, 8, 9
INTERACTIVE, REMOTE_INTERACTIVE, CACHED_INTERACTIVE = 2, 10, 11
_AT_A_DESKTOP = (INTERACTIVE, UNLOCK, REMOTE_INTERACTIVE, CACHED_INTERACTIVE)

SYSTEM32 = "C:\\Windows\\System32"
YES, NO = "%%1842", "%%1843"

_SYSTEM = Account("SYSTEM", "NT AUTHORITY", "S-1-5-18")
_NETWORK_SERVICE = Account("NETWORK SERVICE", "NT AUTHORITY", "S-1-5-20")
_LOCAL_SERVICE = Account("LOCAL SERVICE", "NT AUTHORITY", "S-1-5-19")
BUILT_IN = {
    SYSTEM_ID: _SYSTEM,
    NETWORK_SERVICE_ID: _NETWORK_SERVICE,
    LOCAL_SERVICE_ID: _LOCAL_SERVICE,
}

_SERVICE_PRIVILEGES = ("SeAssignPrimaryTokenPrivilege", "SeAuditPrivilege", "SeImpersonatePrivilege")
_ADMINISTRATOR_PRIVILEGES = (
    "SeSecurityPrivilege",
    "SeTakeOwnershipPrivilege",
    "SeLoadDriverPrivilege",
    "SeBackupPrivilege",
    "SeRestorePrivilege",
    "SeDebugPrivilege",
    "SeSystemEnvironmentPrivilege",
    "SeImpersonatePrivilege",
    "SeDelegateSessionUserImpersonatePrivilege",
)
_SYSTEM_PRIVILEGES = ("SeAssignPrimaryTokenPrivilege", "SeTcbPrivilege", *_ADMINISTRATOR_PRIVILEGES)


class LogonRecords(MachineCore):
    """Writes 4624, 4625, 4634, 4647, 4648 and 4672.

    Args:
        setup: What kind of machine it is.
    """

    def __init__(self, setup: MachineSetup) -> None:
        super().__init__(setup)
        kind = event_kind("security", 4624, setup.flavour.logon_version)
        self._logon_fields = frozenset(field.name for field in kind.payload.fields)
        self._service_host = {"ProcessId": 0x430, "ProcessName": f"{SYSTEM32}\\svchost.exe"}

    @property
    def _machine_account(self) -> Account:
        return Account(f"{self.setup.name}$", self.setup.domain, _SYSTEM.sid)

    @property
    def _system_subject(self) -> Fields:
        return subject(self._machine_account, SYSTEM_ID)

    def _write_logon(self, account: Account, logon_type: int, **fields: Any) -> tuple[int, ...]:
        """Write the 4624 of a logon, both where UAC splits the token, and the 4672 of an administrator.

        Returns:
            The new logon IDs, the limited one of two first.
        """
        if account.splits_token and logon_type in _AT_A_DESKTOP:
            return self._write_linked_logons(account, logon_type, fields)
        logon_id = self._new_logon_id()
        privileges_first = self.setup.flavour.privileges_first and logon_type == NETWORK
        if account.admin and privileges_first:
            self._write_privileges(account, logon_id)
        self._write_4624(account, logon_type, logon_id, fields | {"ElevatedToken": YES if account.admin else NO})
        if account.admin and not privileges_first:
            self._write_privileges(account, logon_id)
        return (logon_id,)

    def _write_linked_logons(self, account: Account, logon_type: int, fields: Fields) -> tuple[int, ...]:
        """Two tokens of one logon, the elevated first (rule R10)."""
        elevated, limited = self._new_logon_id(), self._new_logon_id()
        for logon_id, linked, token in ((elevated, limited, YES), (limited, elevated, NO)):
            linking = {"TargetLinkedLogonId": linked, "ElevatedToken": token}
            self._write_4624(account, logon_type, logon_id, fields | linking)
        self._write_privileges(account, elevated)
        return limited, elevated

    def _write_4624(self, account: Account, logon_type: int, logon_id: int, fields: Fields) -> None:
        known = {name: value for name, value in fields.items() if name in self._logon_fields}
        # Type 0 and LSASS's own refresh of credentials carry no activity ID in Windows' own logs.
        has_activity = logon_type != 0 and fields.get("ProcessId") != LSASS
        self._write(
            "security",
            4624,
            version=self.setup.flavour.logon_version,
            activity_id=self._boot_activity if has_activity else None,
            LogonType=logon_type,
            TargetLogonId=logon_id,
            **target(account) | known,
        )

    def _write_privileges(
        self, account: Account, logon_id: int, names: tuple[str, ...] = _ADMINISTRATOR_PRIVILEGES
    ) -> None:
        listed = "\r\n\t\t\t".join(names)
        self._write(
            "security",
            4672,
            activity_id=self._boot_activity,
            PrivilegeList=listed,
            **subject(account, logon_id),
        )

    def _write_credentials_used(self, caller: Fields, account: Account, **fields: Any) -> None:
        """4648: somebody gave the name and password of an account."""
        self._write(
            "security",
            4648,
            activity_id=self._boot_activity,
            TargetUserName=account.name,
            TargetDomainName=account.domain,
            **caller,
            **fields,
        )

    def _write_destroyed(self, account: Account, logon_id: int, logon_type: int) -> None:
        """4634, if logoffs are audited."""
        if self.setup.audits_logoff:
            fields = target(account) | {"TargetLogonId": logon_id, "LogonType": logon_type}
            self._write("security", 4634, **fields)

    def _close(self, session: LiveSession) -> None:
        """A session ends with a 4634 and without a request."""
        if not session.is_open:
            return
        self._end(session, "ended")
        for logon_id in session.logon_ids:
            self._write_destroyed(session.account, logon_id, session.logon_type)

    def _write_sign_out(self, session: LiveSession) -> None:
        """4647, if logoffs are audited; on the limited token (rule R10)."""
        if self.setup.audits_logoff:
            fields = target(session.account) | {"TargetLogonId": session.logon_id}
            self._write("security", 4647, activity_id=self._boot_activity, **fields)

    def _write_service_logon(self, logon_id: int) -> None:
        """A service starts under a built-in account: 4624 type 5 with its privileges."""
        account = BUILT_IN[logon_id]
        fields = self._system_subject | {
            "LogonProcessName": "Advapi  ",
            "AuthenticationPackageName": "Negotiate",
            "ProcessId": 0x258,
            "ProcessName": f"{SYSTEM32}\\services.exe",
            "ElevatedToken": YES,
        }
        self._write_4624(account, SERVICE, logon_id, fields)
        self._write_privileges(account, logon_id, _SYSTEM_PRIVILEGES if logon_id == SYSTEM_ID else _SERVICE_PRIVILEGES)

    def _write_system_logon(self) -> None:
        """4624 type 0: the machine itself (LOGON.md section 2)."""
        nobody = {"LogonProcessName": "-", "AuthenticationPackageName": "-", "ImpersonationLevel": "-"}
        fields = nobody | {"ProcessId": KERNEL, "ProcessName": "", "ElevatedToken": YES}
        self._write_4624(_SYSTEM, 0, SYSTEM_ID, fields)


def subject(account: Account, logon_id: int) -> Fields:
    """The four fields of the account that asked."""
    return {
        "SubjectUserSid": account.sid,
        "SubjectUserName": account.name,
        "SubjectDomainName": account.domain,
        "SubjectLogonId": logon_id,
    }


def target(account: Account) -> Fields:
    """The three fields of the account that got a logon."""
    return {
        "TargetUserSid": account.sid,
        "TargetUserName": account.name,
        "TargetDomainName": account.domain,
    }
