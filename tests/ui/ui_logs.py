"""The logs that the screens are tested on: an ordinary machine, a damaged log, a hostile one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log, write_log
from logonscope.demo.flavour import MachineSetup
from logonscope.demo.simulator import Machine
from support.logs import ALICE, BOB, at, logon

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


def write_week(folder: Path) -> Path:
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
    for name, records in machine.files().items():
        write_log(folder / name, records)
    return folder


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
