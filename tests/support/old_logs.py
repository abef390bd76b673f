"""Short Security logs of before Vista: who does what and when, a record each."""

from __future__ import annotations

from datetime import datetime, timedelta

from support.evt_log import OldRecord

ALICE = "S-1-5-21-1-2-3-1104"
EIGHT = datetime(2005, 3, 7, 8)


def at(minutes: float) -> datetime:
    return EIGHT + timedelta(minutes=minutes)


class Log:
    """The records of one log."""

    def __init__(self) -> None:
        self.records: list[OldRecord] = []

    def add(self, minutes: float, event_id: int, *strings: str, sid: str = ALICE, kind: int = 8) -> None:
        self.records.append(OldRecord(len(self.records) + 1, at(minutes), event_id, strings, sid=sid, kind=kind))

    def start(self, minutes: float) -> None:
        self.add(minutes, 512, sid="S-1-5-18")
        self.add(minutes, 515, "Winlogon", sid="S-1-5-18")

    def logon(self, minutes: float, logon_id: int, logon_type: int = 2, event_id: int = 528, source: str = "-") -> None:
        more = ("-", "XP1$", "CORP", "(0x0,0x3E7)", "884", "-", source, "0")
        named = ("alice", "CORP", old_id(logon_id), str(logon_type), "User32  ", "Negotiate", "XP1")
        self.add(minutes, event_id, *named, *more)

    def logoff(self, minutes: float, logon_id: int, logon_type: int = 2) -> None:
        self.add(minutes, 538, "alice", "CORP", old_id(logon_id), str(logon_type))

    def sign_out(self, minutes: float, logon_id: int) -> None:
        self.add(minutes, 551, "alice", "CORP", old_id(logon_id))


def old_id(logon_id: int) -> str:
    return f"(0x{logon_id >> 32:X},0x{logon_id & 0xFFFFFFFF:X})"
