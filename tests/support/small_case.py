"""A case of two machines whose records are few enough to know by their number."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.demo.catalogue import event_kind
from logonscope.demo.evtx_writer import write_log
from logonscope.demo.records import FieldValue, Record, filetime
from logonscope.filters.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SID = "S-1-5-21-1-2-3"
ALICE = (f"{SID}-1104", "alice", "ALDER")
BOB = (f"{SID}-1105", "Bob", "ALDER")
MACHINE = ("S-1-5-18", "WS1$", "ALDER")
Fields = dict[str, FieldValue]
MSTSC = "C:\\Windows\\System32\\mstsc.exe"


class EvtxLog:
    """Records one after another, as a file can be written of them.

    Args:
        computer: The machine that writes them.
        first_record: The first EventRecordID.
    """

    def __init__(self, computer: str, first_record: int) -> None:
        self.records: list[Record] = []
        self._computer = computer
        self._next = first_record

    def __call__(self, clock: str, event_id: int, provider: str = "security", /, **fields: FieldValue) -> None:
        """Add a record at a time of 2026-03-02, or of another day where that is given."""
        kind = event_kind(provider, event_id, 2 if event_id == 4624 else None)
        time = filetime(datetime.fromisoformat(clock if "T" in clock else f"2026-03-02T{clock}").replace(tzinfo=UTC))
        self.records.append(Record(kind, self._next, time, self._computer, kind.fill(**fields)))
        self._next += 1


def named(side: str, account: tuple[str, str, str], logon_id: int, **more: FieldValue) -> Fields:
    values: tuple[FieldValue, ...] = (*account, logon_id)
    names = (f"{side}{part}" for part in ("UserSid", "UserName", "DomainName", "LogonId"))
    return {**dict(zip(names, values, strict=True)), **more}


target, subject = partial(named, "Target"), partial(named, "Subject")


def how(logon_type: int, **more: FieldValue) -> Fields:
    return {"LogonType": logon_type, "LogonProcessName": "User32 ", "AuthenticationPackageName": "Negotiate", **more}


def _first_machine() -> list[Record]:
    log = EvtxLog("WS1.alder.example", 1)
    log("08:00:00", 4608)
    log("08:05:00", 4624, **target(ALICE, 0xA1), **how(2, IpAddress="127.0.0.1"))
    log("08:05:00", 4672, **subject(ALICE, 0xA1, PrivilegeList="SeDebugPrivilege"))
    refused: Fields = {"TargetUserName": "mallory", "TargetDomainName": "ALDER", "SubStatus": 0xC000006A}
    log("08:30:00", 4625, **refused, **how(3, IpAddress="203.0.113.7", WorkstationName="EVIL"))
    remote = how(10, IpAddress="10.0.0.9", WorkstationName="LAP9")
    log("09:00:00", 4624, **subject(MACHINE, 0x3E7), **target(BOB, 0xB2), **remote)
    asked: Fields = {
        "TargetUserName": "BOB",
        "TargetDomainName": "ALDER",
        "TargetServerName": "FS01",
        "ProcessName": MSTSC,
    }
    log("09:10:00", 4648, **subject(ALICE, 0xA1), **asked)
    log("10:00:00", 4624, **target(MACHINE, 0x3E7), **how(5))
    log("10:30:00", 4634, **target(BOB, 0xB2, LogonType=10))
    log("11:00:00", 4647, **target(ALICE, 0xA1))
    log("11:00:01", 4634, **target(ALICE, 0xA1, LogonType=2))
    return log.records


def _second_machine() -> list[Record]:
    log = EvtxLog("FS01.alder.example", 101)
    remote = how(3, IpAddress="2001:db8::9", WorkstationName="WS1")
    log("12:00:00", 4624, **target(ALICE, 0xC3, TargetLinkedLogonId=0xC4), **remote)
    log("12:00:05", 4634, **target(ALICE, 0xC3, LogonType=3))
    log("13:00:00", 1102, "log-service", **subject(BOB, 0xD4))
    return log.records


@contextmanager
def small_case(folder: Path) -> Iterator[Case]:
    """Write the logs, and load them."""
    write_log(folder / "first.evtx", _first_machine())
    write_log(folder / "second.evtx", _second_machine())
    with Case([folder / "first.evtx", folder / "second.evtx"], work_parent=folder) as case:
        case.load()
        yield case


def records(case: Case, text: str) -> list[int]:
    """EventRecordIDs that a filter leaves."""
    window = case.window(View("event", parse(text)))
    return sorted(event.record_id for event in case.events(window.page(0, window.count)))


def sessions(case: Case, text: str) -> list[str]:
    """Keys of the sessions that a filter leaves."""
    window = case.window(View("session", parse(text), scope=Scope.ALL))
    return sorted(session.key for session in case.sessions(window.page(0, window.count)))
