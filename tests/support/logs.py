"""Small event log files with known contents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from logonscope.demo.catalogue import event_kind
from logonscope.demo.evtx_writer import write_log
from logonscope.demo.flavour import MachineSetup
from logonscope.demo.records import EventData, EventKind, Field, FieldType, FieldValue, Provider, Record, filetime
from logonscope.demo.refusals import WRONG_PASSWORD
from logonscope.demo.simulator import Machine
from logonscope.demo.truth import Account

if TYPE_CHECKING:
    from pathlib import Path

DAY = datetime(2026, 3, 2, tzinfo=UTC)
SID = "S-1-5-21-111-222-333"
ALICE = Account("alice", "ALDER", f"{SID}-1104")
BOB = Account("bob", "ALDER", f"{SID}-1105", admin=True)
NOTE = EventKind(
    Provider("Logonscope-Test"), 7, "Security", payload=EventData((Field("Text", FieldType.UNICODE_STRING),))
)
HOSTILE_USER = "bob[/admin]\x1b[31m\x1b]0;owned\x07\n\u202egnp.exe\x9b2J"
"""Markup, escape sequences, a line break, a bidirectional override and a C1 control."""
FORMULA_USER = "=cmd()"


def at(hours: float, minutes: float = 0) -> datetime:
    return DAY + timedelta(hours=hours, minutes=minutes)


def after_eight(seconds: int) -> int:
    """A time in 100 ns since 1601, in seconds from 08:00."""
    return filetime(at(8) + timedelta(seconds=seconds))


def note(record_id: int, text: str = "x" * 300) -> Record:
    """A record with one text; some 75 of them fill a chunk."""
    return Record(NOTE, record_id, after_eight(record_id), "WS01", (text,))


def notes(count: int) -> list[Record]:
    return [note(record_id) for record_id in range(1, count + 1)]


def logon(record_id: int, **fields: FieldValue) -> Record:
    """A 4624 of alice at the console."""
    kind = event_kind("security", 4624, 2)
    given: dict[str, FieldValue] = {
        "TargetUserSid": ALICE.sid,
        "TargetUserName": ALICE.name,
        "TargetDomainName": ALICE.domain,
        "TargetLogonId": 0x5A1B2,
        "LogonType": 2,
        "LogonProcessName": "User32 ",
        "AuthenticationPackageName": "Negotiate",
    }
    values = kind.fill(**given | fields)
    return Record(kind, record_id, after_eight(record_id), "WS01.alder.example", values, 640, 700)


def hostile_logons() -> list[Record]:
    """Logons whose names, computers and programs are meant for the terminal or the spreadsheet that shows them."""
    names = (HOSTILE_USER, FORMULA_USER, "plain")
    return [
        logon(
            number,
            TargetUserName=name,
            TargetUserSid=f"{SID}-{1200 + number}",
            TargetLogonId=0x6000 + number,
            WorkstationName=f"PC\r\n{name}",
            ProcessName=f"C:\\{name}.exe",
        )
        for number, name in enumerate(names, 1)
    ]


def two_boots() -> Machine:
    """A workstation whose two boots give out the same logon IDs, to alice in the first and to bob in the second."""
    machine = Machine(MachineSetup("WS01", "ALDER", "alder.example"))
    machine.boot(at(7))
    desk = machine.console_logon(ALICE, at(8))
    machine.network_logon(BOB, "10.0.0.9", "LAP9", at(8, 30), seconds=5)
    machine.rdp_refused("mallory", "ALDER", "203.0.113.7", "EVIL", at(9), failure=WRONG_PASSWORD)
    machine.explicit_credentials(desk, BOB, "fs01", "cifs/fs01", at(9, 30))
    machine.run_as(desk, BOB, at(10), seconds=60.0)
    machine.sign_out(desk, at(11))
    machine.shutdown(at(12))
    machine.boot(at(13))
    machine.console_logon(BOB, at(14))
    machine.wait_until(at(15))
    return machine


def write_machine(machine: Machine, folder: Path) -> None:
    """Write the logs of a machine to a folder of its own name."""
    place = folder / machine.setup.name
    place.mkdir(parents=True)
    for name, records in machine.files().items():
        write_log(place / name, records)


@pytest.fixture(scope="module")
def two_boot_logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the logs of ``two_boots``."""
    folder = tmp_path_factory.mktemp("logs")
    write_machine(two_boots(), folder)
    return folder
