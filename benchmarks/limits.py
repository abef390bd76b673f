"""How much is too much: limits.py [SHARE] [CASE ...] loads made-up logs of extreme shapes and opens each list once.

Each case is loaded in a process of its own; SHARE scales the numbers of records (1 for all). It prints the seconds of
processor time of loading and of the slowest list, and the most memory.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time
from typing import get_args

from logonscope.case.case import Case
from logonscope.case.uses import Whose, all_seen
from logonscope.case.view import TABLES, Scope, View
from logonscope.garbage import rare_collections

BEGINS = datetime(2026, 1, 1)
PROVIDER = "Microsoft-Windows-Security-Auditing"


@dataclass(frozen=True, slots=True)
class Shape:
    """What is extreme about some logs."""

    records: int
    files: int = 1
    computers: int = 1
    users: int = 100
    event: int = 4624
    filler: int = 0
    """Characters of a value that says nothing."""
    are_sessions: bool = False
    """Whether a logoff follows each logon."""


SHAPES = {
    "10,000 files": Shape(100_000, files=10_000),
    "1,000 computers": Shape(1_000_000, computers=1_000),
    "1 M users": Shape(1_000_000, users=1_000_000),
    "5 M sessions of one user": Shape(10_000_000, users=1, are_sessions=True),
    "values of 64 KB": Shape(5_000, filler=65_536),
    "failures only": Shape(1_000_000, event=4625),
}


def line(shape: Shape, number: int) -> str:
    """One record."""
    visit = number // 2 if shape.are_sessions else number
    event = 4634 if shape.are_sessions and number % 2 else shape.event
    user = visit * 7919 % shape.users
    system = {
        "Provider": {"#attributes": {"Name": PROVIDER}},
        "EventID": event,
        "TimeCreated": {"#attributes": {"SystemTime": (BEGINS + timedelta(seconds=number)).isoformat() + "Z"}},
        "EventRecordID": number + 1,
        "Channel": "Security",
        "Computer": f"WS{visit % shape.computers}.alder.example",
    }
    fields = {
        "TargetUserSid": f"S-1-5-21-1-2-3-{1000 + user}",
        "TargetUserName": f"user{user}",
        "TargetDomainName": "ALDER",
        "TargetLogonId": hex(0x100000 + visit),
        "LogonType": 3,
        "IpAddress": f"10.{visit % 200}.{visit % 251}.9",
    }
    if shape.filler:
        fields["WorkstationName"] = "x" * shape.filler
    if event == 4625:
        del fields["TargetLogonId"]
        fields |= {"Status": "0xc000006d", "SubStatus": "0xc000006a"}
    return json.dumps({"Event": {"System": system, "EventData": fields}})


def write(shape: Shape, folder: Path) -> None:
    """Write the logs."""
    each = -(-shape.records // shape.files)
    for file in range(shape.files):
        with (folder / f"{file}.jsonl").open("w") as out:
            for number in range(file * each, min((file + 1) * each, shape.records)):
                out.write(line(shape, number) + "\n")


def measure(folder: Path) -> None:
    """Load, and open each list once."""
    began = process_time()
    with rare_collections(), Case([folder], work_parent=folder.parent / "work") as case:
        case.load()
        for error in case.unreadable:
            print(error)
        loaded, slowest = process_time() - began, 0.0
        rows: dict[str, int] = {}
        for target in TABLES:
            before = process_time()
            rows[target] = case.window(View(target, scope=Scope.ALL)).count
            slowest = max(slowest, process_time() - before)
        for whose in get_args(Whose):
            before = process_time()
            rows[whose] = len(all_seen(case, whose))
            slowest = max(slowest, process_time() - before)
        before = process_time()
        case.findings()
        findings = process_time() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"load {loaded:.1f} s, slowest list {slowest:.2f} s, findings {findings:.2f} s, {memory:.0f} MB; {rows}")


def main(share: float, names: list[str]) -> None:
    """Measure each case in a process of its own."""
    for name in names or SHAPES:
        shape = SHAPES[name]
        records = max(shape.files, int(shape.records * share))
        with tempfile.TemporaryDirectory() as work:
            logs = Path(work) / "logs"
            logs.mkdir()
            write(replace(shape, records=records), logs)
            print(f"{name} ({records:,} records)", end=": ", flush=True)
            subprocess.run([sys.executable, __file__, "--measure", str(logs)], check=False)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    else:
        main(float(sys.argv[1]) if sys.argv[1:] else 1.0, sys.argv[2:])
