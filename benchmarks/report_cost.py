"""Cost of a report of a large case, part by part: report_cost.py [--machines N] [EVENTS ...].

Each case is made, and its sessions are rebuilt first: that is the load, and is not counted. Seconds are CPU and wall of
a process of its own. Then the SHA-256 of a file of a gigabyte of noise, which a real case adds. Aims for 1 million
events: 10 s and 5 MB.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time

SIZES = [1_000_000]
NOISE_BYTES, PIECE_BYTES = 1_000_000_000, 10_000_000


class Clock:
    """Prints what each part cost when the next one begins."""

    def __init__(self) -> None:
        self._name = ""
        self._began = self._cpu = 0.0

    def __call__(self, name: str) -> None:
        """Begin a part."""
        now, cpu = perf_counter(), process_time()
        if self._name:
            print(f"    {now - self._began:6.2f} {cpu - self._cpu:6.2f}  {self._name}", flush=True)
        self._name, self._began, self._cpu = name, perf_counter(), process_time()


def judge(made: Path) -> None:
    """Report a made case, and print what it cost."""
    from logonscope.report.asked import Asked, Watch
    from logonscope.report.contents import gather
    from logonscope.report.rendering import render
    from made_case import MadeCase

    with MadeCase([made], work_parent=made.parent) as case:
        case.load()
        clock = Clock()
        began, cpu = perf_counter(), process_time()
        report = gather(case, Asked(paths="LOGS"), Watch(clock))
        for form in ("html", "md"):
            clock(f"{form} written")
            target = made.with_suffix(f".{form}")
            with target.open("w", encoding="utf-8") as out:
                out.writelines(render(report, form))
            if form == "html":
                wall, used = perf_counter() - began, process_time() - cpu
        clock("")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sizes = [made.with_suffix(f".{form}").stat().st_size / 1e6 for form in ("html", "md")]
        print(f"{wall:6.2f} s wall, {used:.2f} s CPU for a page of {sizes[0]:.2f} MB; Markdown has {sizes[1]:.2f} MB")
        found = len(report.outcome.found)
        print(f"       {report.stays_total:,} stays, {report.refusals_total:,} kinds of refusal, {found:,} findings")
        print(f"       peak {peak:.0f} MB")


def hash_noise(folder: Path) -> None:
    """Hash a gigabyte, and print how fast that is."""
    from logonscope.case.source_hashes import hash_of
    from logonscope.readers.source_file import SourceFile

    path = folder / "noise"
    with path.open("wb") as out:
        for _ in range(NOISE_BYTES // PIECE_BYTES):
            out.write(os.urandom(PIECE_BYTES))
    cpu = process_time()
    hash_of(SourceFile(path, str(path), NOISE_BYTES, "evtx"))
    print(f"SHA-256: {NOISE_BYTES / 1e6 / (process_time() - cpu):,.0f} MB per CPU second")


def main() -> None:
    """Measure what was asked for."""
    import synthetic_store

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", nargs="*", type=int, default=SIZES)
    parser.add_argument("--machines", type=int, default=1)
    asked = parser.parse_args()
    for events in asked.events:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "case.duckdb"
            synthetic_store.make(path, events, asked.machines)
            print(f"{events:,} events, {asked.machines} machines; wall and CPU seconds", flush=True)
            subprocess.run([sys.executable, __file__, "judge", str(path)], check=True)
    with tempfile.TemporaryDirectory() as folder:
        hash_noise(Path(folder))


if __name__ == "__main__":
    if sys.argv[1:2] == ["judge"]:
        judge(Path(sys.argv[2]))
    else:
        main()
