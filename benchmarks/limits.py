"""How much is too much: limits.py [SHARE] [CASE ...] loads made-up logs of extreme shapes and opens each list once.

Each case is loaded in a process of its own; SHARE scales the numbers of records (1 for all). It prints the seconds of
processor time and by the clock of loading and of each question, and the most memory so far.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, get_args

from logonscope.case.case import Case
from logonscope.case.uses import Whose, all_seen
from logonscope.case.view import TABLES, Scope, View
from logonscope.filters.syntax import parse
from logonscope.garbage import rare_collections

if TYPE_CHECKING:
    from collections.abc import Callable

BEGINS = datetime(2026, 1, 1)
PAGE = 50
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
    "failures of one user": Shape(1_000_000, users=1, event=4625),
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


def asked(case: Case) -> dict[str, Callable[[], int]]:
    """What a user asks for: each list with its first page, the counts beside it, what a filter finds, the findings."""
    lists: dict[str, Callable[[], int]] = {
        target: partial(_listed, case, View(target, scope=Scope.ALL)) for target in TABLES
    }
    lists |= {f"all {whose}s": partial(_seen, case, whose) for whose in get_args(Whose)}
    lists |= {f"counts of {field}": partial(_counted, case, field) for field in ("user", "ip")}
    lists["user:user5"] = partial(_listed, case, View("session", parse("user:user5"), scope=Scope.ALL))
    return lists | {"findings": lambda: len(case.findings().found)}


def _listed(case: Case, view: View) -> int:
    window = case.window(view)
    ids = window.page(0, PAGE)
    if view.target == "event":
        case.events(ids)
    elif view.target == "session":
        case.sessions(ids)
    return window.count


def _seen(case: Case, whose: Whose) -> int:
    return len(all_seen(case, whose))


def _counted(case: Case, field: str) -> int:
    return case.value_counts(field, View("event")).distinct


def measure(folder: Path) -> None:
    """Load, and ask each question once."""
    began, by_clock = process_time(), perf_counter()
    with rare_collections(), Case([folder], work_parent=folder.parent / "work") as case:
        case.load()
        for error in case.unreadable:
            print(error)
        print(
            f"load {process_time() - began:.1f} CPU s ({perf_counter() - by_clock:.1f} s), {peak():.0f} MB", flush=True
        )
        for name, ask in asked(case).items():
            before, by_clock = process_time(), perf_counter()
            rows = ask()
            cost = f"{process_time() - before:.2f} CPU s ({perf_counter() - by_clock:.2f} s)"
            print(f"    {name}: {rows:,} rows, {cost}, {peak():.0f} MB", flush=True)


def peak() -> float:
    """The most memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
