"""Short logs for the rules: who does what and when, a record each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from support.events import Record

SID = "S-1-5-21-1-2-3"
EIGHT = datetime(2026, 3, 2, 8)
RDP_MANAGER = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
LOG_SERVICE = "Microsoft-Windows-Eventlog"
WRONG_PASSWORD, UNKNOWN_NAME, DISABLED = "0xc000006a", "0xc0000064", "0xc0000072"
_RELATIVE_IDS = {"Administrator": 500, "alice": 1104, "bob": 1105, "carol": 1106, "svc_sql": 1107}


def sid(name: str) -> str:
    """The SID of one of the accounts of ALDER."""
    return f"{SID}-{_RELATIVE_IDS.get(name, 1200)}"


class Log:
    """Records one after another.

    Args:
        computer: The machine that writes them.
    """

    def __init__(self, computer: str = "WS1") -> None:
        self.records: list[Record] = []
        self._computer = computer

    def add(self, at: float, event_id: int, provider: str = "", **fields: Any) -> Log:
        """Add a record, so many seconds after eight o'clock on a Monday."""
        more: dict[str, Any] = {"provider": provider} if provider else {}
        user_data = "LogFileCleared" if provider == LOG_SERVICE else None
        self.records.append(
            Record(event_id, len(self.records) + 1, EIGHT + timedelta(seconds=at), fields, computer=self._computer,
                   user_data=user_data, **more)
        )  # fmt: skip
        return self

    def logon(self, at: float, user: str, logon_type: int, logon_id: int = 0xA1, /, **fields: Any) -> Log:
        """4624."""
        usual: dict[str, Any] = {
            "SubjectUserSid": "S-1-5-18", "SubjectUserName": f"{self._computer}$", "SubjectDomainName": "ALDER",
            "SubjectLogonId": "0x3e7", "TargetUserSid": sid(user), "TargetUserName": user, "TargetDomainName": "ALDER",
            "TargetLogonId": hex(logon_id), "LogonType": logon_type, "LogonProcessName": "User32 ",
        }  # fmt: skip
        return self.add(at, 4624, **usual | fields)

    def logoff(self, at: float, user: str, logon_type: int, logon_id: int = 0xA1) -> Log:
        """4634."""
        return self.add(at, 4634, TargetUserSid=sid(user), TargetUserName=user, TargetDomainName="ALDER",
                        TargetLogonId=hex(logon_id), LogonType=logon_type)  # fmt: skip

    def refused(self, at: float, user: str, source: str = "10.0.0.9", reason: str = WRONG_PASSWORD) -> Log:
        """4625 over the network."""
        return self.add(at, 4625, TargetUserSid="S-1-0-0", TargetUserName=user, TargetDomainName="ALDER",
                        Status="0xc000006d", SubStatus=reason, LogonType=3, IpAddress=source,
                        LogonProcessName="NtLmSsp ")  # fmt: skip

    def asked(self, at: float, event_id: int, user: str, logon_id: int = 0xA1, **fields: Any) -> Log:
        """An event whose subject is a person's session."""
        return self.add(at, event_id, SubjectUserSid=sid(user), SubjectUserName=user, SubjectDomainName="ALDER",
                        SubjectLogonId=hex(logon_id), **fields)  # fmt: skip

    def many(self, count: int, step: float, user: str, **more: Any) -> Log:
        """Refusals at a rhythm."""
        for number in range(count):
            self.refused(number * step, user, **more)
        return self
