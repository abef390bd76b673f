"""The logs that the screens are tested on: an ordinary machine, an office, a damaged log, a hostile one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log, write_log
from logonscope.demo.flavour import MachineSetup
from logonscope.demo.simulator import Machine
from logonscope.demo.truth import Account
from support.logs import ALICE, BOB, SID, at, logon

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.demo.records import FieldValue, Record

BROKEN_RECORD = 3
"""Header ID of the record that is broken in the damaged log."""
LOST_CHUNK = 1
"""Number of the chunk that does not say that it is one, counted from 0."""
HOSTILE_USER = "bob[/admin]\x1b]0;owned\x07[red]\nnext\u202eevil$(reboot)"
HOSTILE_ACCOUNT = "eve[/admin]\x1b[31m\u202e$(reboot)"
"""Without a line break, so that it can be typed into a filter."""
HOSTILE_MACHINE = "WS[bold]\x1b[31m"
HOSTILE_FILE = "log[red]\x1b[2J\u202e.evtx"


def week() -> Machine:
    """Alice at the console on two days, Bob over Remote Desktop, and somebody who guesses passwords."""
    machine = Machine(MachineSetup("WS01", "ALDER", "alder.example"))
    machine.boot(at(7))
    alice = machine.console_logon(ALICE, at(8))
    for minutes in range(12):
        machine.failed_logon("mallory", "ALDER", at(9 + minutes / 60), source_ip="203.0.113.7", workstation="KALI")
    machine.network_logon(BOB, "10.0.0.9", "LAP9", at(10), 40.0)
    machine.sign_out(alice, at(12))
    bob = machine.rdp_logon(BOB, "10.0.0.9", "LAP9", at(14))
    machine.sign_out(bob, at(15.5))
    machine.shutdown(at(17))
    machine.boot(at(31))
    machine.console_logon(ALICE, at(32))
    machine.wait_until(at(33))
    return machine


def write_week(folder: Path) -> Path:
    """The logs of ``week``."""
    for name, records in week().files().items():
        write_log(folder / name, records)
    return folder


def week_records() -> int:
    """How many records they have."""
    return sum(map(len, week().files().values()))


def session_start(record_id: int, computer: str = "WS01.alder.example", **fields: FieldValue) -> Record:
    """A 4624 with a logon ID of its own."""
    return replace(logon(record_id, TargetLogonId=0x5A000 + record_id, **fields), computer=computer)


def write_damaged(folder: Path) -> Path:
    """A log of several chunks: one record of the first is broken, and the second does not say that it is a chunk."""
    log = encode_log([session_start(number) for number in range(1, 301)])
    path = folder / "damaged.evtx"
    path.write_bytes(faults.without_chunk_magic(faults.broken_record(log, BROKEN_RECORD), LOST_CHUNK))
    return path


def record_offset(log: bytes, number: int) -> int:
    """Where the record of a number, counted from 1, begins in a log."""
    return [found.start() for found in re.finditer(rb"\*\*\0\0", log)][number - 1]


def write_hostile(folder: Path) -> Path:
    """Logons whose every text tries to act on the terminal; the file's name does, too."""
    texts = dict.fromkeys(("TargetUserName", "TargetDomainName", "WorkstationName", "ProcessName"), HOSTILE_USER)
    path = folder / HOSTILE_FILE
    eve = {"TargetUserName": HOSTILE_ACCOUNT, "TargetUserSid": BOB.sid}
    write_log(
        path, [session_start(1, HOSTILE_MACHINE, **texts), *(session_start(n, HOSTILE_MACHINE, **eve) for n in (2, 3))]
    )
    return path


def write_office(folder: Path) -> Path:
    """A server that people reach from the workstations whose logs are there too, and from one whose are not.

    Bob comes from LAP9, Carol from THIN towards which both LAP9 and PC7 used credentials, Dave from nowhere known.
    Alice locks her screen on LAP9. The server's log is cleared, records are missing from it, and it crashes.
    """
    carol, dave = Account("carol", "ALDER", f"{SID}-1106"), Account("dave", "ALDER", f"{SID}-1107")
    desks = {}
    machines = [Machine(MachineSetup(name, "ALDER", "alder.example", audits_desktop=True)) for name in ("LAP9", "PC7")]
    for machine in machines:
        machine.boot(at(7))
        desks[machine.setup.name] = machine.console_logon(ALICE, at(8))
    laptop, desktop = machines
    laptop.lock(desks["LAP9"], at(8.5))
    laptop.unlock(desks["LAP9"], at(9))
    laptop.explicit_credentials(desks["LAP9"], BOB, "FS02", "TERMSRV/FS02", at(9, 30))
    laptop.explicit_credentials(desks["LAP9"], carol, "FS02", "TERMSRV/FS02", at(13))
    desktop.explicit_credentials(desks["PC7"], carol, "FS02", "TERMSRV/FS02", at(13))
    laptop.sign_out(desks["LAP9"], at(15))
    server = Machine(MachineSetup("FS02", "ALDER", "alder.example"))
    server.boot(at(7))
    for minutes in (0, 2, 4):
        server.network_logon(BOB, "10.0.0.9", "LAP9", at(8, minutes), 30.0)
    bob = server.rdp_logon(BOB, "10.0.0.9", "LAP9", at(9, 31))
    server.rdp_disconnect(bob, at(10))
    server.rdp_reconnect(bob, "10.0.0.9", "LAP9", at(10, 30))
    server.archive_log(at(10.9))
    server.clear_log(bob, at(11))
    server.overload(at(11, 10), 60.0)
    server.sign_out(bob, at(12))
    server.rdp_logon(carol, "10.0.0.77", "THIN", at(13, 1))
    server.rdp_logon(dave, "203.0.113.7", "KALI", at(14))
    server.crash(at(14, 30))
    server.boot(at(16))
    server.wait_until(at(17))
    for machine in (*machines, server):
        place = folder / machine.setup.name
        place.mkdir()
        for name, records in machine.files().items():
            write_log(place / name, records)
    return folder
