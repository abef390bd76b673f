"""Kills the program at a moment of its work and looks at what is left: killing.py [COUNT] [SEED].

Whatever the moment: the case opens again with the same answers, no note that was kept is lost, what was exported before
is whole, and the next start sweeps what the killed one left.
"""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, sleep

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS))

from logonscope.api import OpenCase
from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
from logonscope.case.case_file import CaseFile
from support.logs import two_boots, write_machine

LONGEST = 2.5
"""Seconds after the start of the work: it takes some tenths of a second for a turn."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a killed process left."""

    notes: int
    was_kept: bool
    had_exported: bool


def evidence(folder: Path) -> Path:
    """The logs of a machine."""
    write_machine(two_boots(), folder)
    return folder


def answers(logs: Path, home: Path) -> list[dict[str, object]]:
    """The sessions, from what was kept if there is something."""
    with Case([logs], work_parent=home / "cases", cache=KeptCases(home / "kept", smallest_evidence=0)) as case:
        case.load()
        return list(OpenCase(case).sessions(scope="all").dicts())


def killed_at(seconds: float, logs: Path, home: Path, sound: list[dict[str, object]]) -> Left:
    """Kill the program so many seconds after it has begun to work.

    Args:
        seconds: The moment.
        logs: The evidence.
        home: An empty folder.
        sound: What a sound case answers.

    Returns:
        What was found, all of it as it should be.

    Raises:
        AssertionError: Something was lost, or half there.
    """
    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, str(Path(__file__).with_name("victim.py")), str(logs), str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == "ready\n"
        sleep(seconds)
        victim.send_signal(signal.SIGKILL)
        told = [int(line) for line in victim.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    return _looked_at(logs, home, sound, told[-1] if told else 0)


def _looked_at(logs: Path, home: Path, sound: list[dict[str, object]], told: int) -> Left:
    notes = CaseFile([logs], home / "case.toml").section("bookmark") or []
    assert len(notes) >= told, "a note that was kept is lost"
    assert [note["note"] for note in notes] == [f"note {number}" for number in range(len(notes))]
    table = home / "sessions.csv"
    if table.exists():
        with table.open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == len(sound), "half an export"
    kept = list((home / "kept").iterdir()) if (home / "kept").exists() else []
    assert answers(logs, home) == sound, "the case answers otherwise"
    left = [path.name for path in (home / "cases").iterdir()]
    assert left == [], "the next start sweeps"
    return Left(len(notes), bool(kept), table.exists())


def main(count: int = 200, seed: int = 1) -> None:
    """Kill so often, at moments that the seed draws, and tell what was found."""
    random, began, found = Random(seed), monotonic(), []
    with TemporaryDirectory() as work:
        logs = evidence(Path(work) / "logs")
        sound = answers(logs, Path(work) / "sound")
        for number in range(count):
            moment = random.uniform(0, LONGEST)
            found.append(killed_at(moment, logs, Path(work) / str(number), sound))
    print(
        f"killed {count} times at moments of seed {seed}: {sum(left.notes for left in found)} notes, none lost;"
        f" a kept case was there {sum(left.was_kept for left in found)} times, an export"
        f" {sum(left.had_exported for left in found)} times, all whole; {monotonic() - began:.0f} s"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
