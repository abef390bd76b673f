"""Reads damaged files by the thousand: run.py [--from N] [--to N] [--samples FOLDER] [--found FOLDER].

Each number makes one damaged file, always the same. The files are read in processes of their own with limits of time
and memory, so that a crash in native code or a hang costs one of them; what fails is written to a folder, to be kept as
a test.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryFile
from time import monotonic
from typing import NoReturn

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(Path(__file__).parent)]

from bases import bases, samples
from mutations import mutated

from logonscope.own_process import limit_seconds

SECONDS = 10
"""What one file may take."""
MEMORY = 1 << 30
"""What one file may add to the memory of its process, in bytes."""
_CHUNK = 500
"""Files to a process."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A damaged file that was too much."""

    number: int
    base: str
    what: str


def damaged(number: int, originals: dict[str, bytes]) -> tuple[str, bytes]:
    """The damaged file of a number, and what it was before."""
    random = Random(number)
    name = random.choice(sorted(originals))
    return name, mutated(originals[name], random)


def run(first: int, last: int, folder: Path | None = None) -> tuple[int, list[Fault]]:
    """Read the files of some numbers.

    Args:
        first: The first number.
        last: The number after the last.
        folder: Real logs to damage too.

    Returns:
        How many records were read all the same, and what failed.
    """
    records, faults = 0, []
    while first < last:
        stop = min(first + _CHUNK, last)
        more, reached, what = _in_a_process(first, stop, folder)
        records += more
        if what:
            faults.append(Fault(reached, damaged(reached, _originals(folder))[0], what))
        first = reached + 1 if what else stop
    return records, faults


def _originals(folder: Path | None) -> dict[str, bytes]:
    return bases() | (samples(folder) if folder else {})


def _in_a_process(first: int, stop: int, folder: Path | None) -> tuple[int, int, str]:
    """Records read, the number that was last begun, and what went wrong with it."""
    command = [
        sys.executable,
        __file__,
        "--read",
        "--from",
        first,
        "--to",
        stop,
        *(["--samples", folder] if folder else []),
    ]
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        # Arrow's usual allocator reserves a gigabyte of addresses, which the limit would count.
        environment = os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"}
        run = subprocess.run(list(map(str, command)), stdout=out, stderr=err, check=False, env=environment)
        out.seek(0)
        err.seek(0)
        told = [line.split() for line in out.read().splitlines()]
        trouble = err.read()
    reached = int(told[-1][0]) if told else first
    records = sum(int(line[1]) for line in told if len(line) > 1)
    if run.returncode == 0:
        return records, reached, ""
    how = f"signal {signal.Signals(-run.returncode).name}" if run.returncode < 0 else trouble.strip()[-2000:]
    return records, reached, how or f"exit code {run.returncode}"


def read(first: int, stop: int, folder: Path | None) -> None:
    """Read in this process, and tell each number before it and how many records came after it."""
    from examine import examine

    originals = _originals(folder)
    examine(originals["evtx"])
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    resource.setrlimit(resource.RLIMIT_DATA, (used + MEMORY, used + MEMORY))
    signal.signal(signal.SIGALRM, _too_long)
    for number in range(first, stop):
        print(number, end=" ", flush=True)
        _, contents = damaged(number, originals)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        limit_seconds(SECONDS)  # native code hears of no alarm
        try:
            count = examine(contents)
        except BaseException:
            traceback.print_exc()
            sys.exit(1)
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(count, flush=True)


def _too_long(*_: object) -> NoReturn:
    raise TimeoutError(f"it took more than {SECONDS} s")


def main() -> None:
    """Read, and tell what was too much."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--from", dest="first", type=int, default=0)
    options.add_argument("--to", dest="stop", type=int, default=10_000)
    options.add_argument("--samples", type=Path)
    options.add_argument("--found", type=Path, default=Path("found"))
    options.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.read:
        read(chosen.first, chosen.stop, chosen.samples)
        return
    began = monotonic()
    records, faults = run(chosen.first, chosen.stop, chosen.samples)
    for fault in faults:
        chosen.found.mkdir(exist_ok=True)
        (chosen.found / str(fault.number)).write_bytes(damaged(fault.number, _originals(chosen.samples))[1])
        print(f"{fault.number} ({fault.base}): {fault.what}\n")
    count = chosen.stop - chosen.first
    print(f"{count:,} damaged files, {records:,} records read, {len(faults)} faults, {monotonic() - began:.0f} s")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
