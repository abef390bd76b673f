"""A fleet's throughput against the local path's: fleet_cost.py [MEGABYTES [MACHINES [ROUNDS]]].

Each round loads the same logs as one case (two processes read ahead there) and into a lake by one worker and by two,
one after the other, so that a noisy machine troubles all; the start of the workers is not counted. The medians of the
rounds' ratios are what counts.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from big_log import big_log
from renamed_log import renamed_log

_NAMES = ("DESKTOP-23PS6ES", "WIN-AN5B2T7E4GI")
"""What the machine of the source was called."""
_WAYS = ("case", "load alone", "1 worker", "2 workers", "2 workers and sessions")


def fleet_logs(megabytes: int, machines: int) -> Path:
    """A folder with one log of each machine, made where it is not there yet."""
    folder = Path(tempfile.gettempdir()) / f"logonscope-fleet-{megabytes}-{machines}"
    if not folder.exists():
        source = big_log(megabytes)
        part = folder.with_suffix(".part")
        part.mkdir()
        for number in range(machines):
            names = {old: f"{old[:7]}-{number:0{len(old) - 8}}" for old in _NAMES}
            (part / str(number)).mkdir()
            renamed_log(source, part / str(number) / "Security.evtx", names)
        part.rename(folder)
    return folder


def load(logs: Path, folder: Path) -> int:
    """Load a case, sessions and all."""
    from logonscope.case.case import Case

    with Case([logs], work_parent=folder) as case:
        case.load()
        return sum(source.records for source in case.sources)


def load_alone(logs: Path, folder: Path) -> int:
    """Load a case without its sessions."""
    from logonscope.case.loading import Loading

    Loading._rebuild = lambda self, con: None  # type: ignore[method-assign]
    return load(logs, folder)


def run_here(way: str, logs: Path) -> None:
    """Do one run and print records, wall seconds of reading and of sessions, CPU seconds, bytes of the lake."""
    folder = Path(tempfile.mkdtemp(prefix="logonscope-fleet-"))
    size = 0
    try:
        began = perf_counter()
        if way in ("case", "load alone"):
            records = (load if way == "case" else load_alone)(logs, folder)
            reading, sessions = perf_counter() - began, 0.0
        else:
            records, reading, sessions = ingest(logs, folder / "lake", int(way[0]), way.endswith("sessions"))
            size = sum(path.stat().st_size for path in (folder / "lake").rglob("*.parquet"))
    finally:
        shutil.rmtree(folder)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(records, reading, sessions, sum(one.ru_utime + one.ru_stime for one in used), size)


def ingest(logs: Path, lake: Path, workers: int, sessions: bool) -> tuple[int, float, float]:
    """Read into a new lake; the seconds that it takes, and those that its sessions take."""
    from logonscope.fleet.cluster import ClusterOptions, cluster_of
    from logonscope.fleet.ingest import Ingest
    from logonscope.fleet.lake_folder import lake_to_write
    from logonscope.fleet.rebuilding import LakeSessions

    with cluster_of(ClusterOptions(workers=workers)) as cluster, lake_to_write(lake, make=True) as folder:
        began = perf_counter()
        done = Ingest(folder, cluster, lambda _: None).run([str(logs)])
        read = perf_counter()
        if sessions:
            LakeSessions(folder, cluster, lambda _: None).run()
        return done.records, read - began, perf_counter() - read


def measured(way: str, logs: Path) -> tuple[float, ...]:
    """One run in a process of its own."""
    run = subprocess.run([sys.executable, __file__, way, logs], check=True, capture_output=True, text=True)
    return tuple(map(float, run.stdout.split()))


def main(megabytes: int = 60, machines: int = 8, rounds: int = 3) -> None:
    """Measure, and tell."""
    logs = fleet_logs(megabytes, machines)
    size = sum(path.stat().st_size for path in logs.rglob("*.evtx"))
    runs = [{way: measured(way, logs) for way in _WAYS} for _ in range(rounds)]
    print(f"{machines} logs, {size / 1e6:,.0f} MB of .evtx, {runs[0]['case'][0]:,.0f} records, {rounds} rounds\n")
    print("| | read, s | sessions, s | CPU s | records/s read |\n|---|---|---|---|---|")
    for way in _WAYS:
        records, *costs = (statistics.median(run[way][column] for run in runs) for column in range(4))
        print(f"| {way} | {costs[0]:.1f} | {costs[1]:.1f} | {costs[2]:.1f} | {records / costs[0]:,.0f} |")
    for one, other in (("load alone", "2 workers"), ("case", "2 workers"), ("1 worker", "2 workers")):
        ratios = [run[one][1] / run[other][1] for run in runs]
        print(f"\nReading by {other} goes at {statistics.median(ratios):.2f} times the rate of: {one}.")
    records, *_, lake = runs[0]["2 workers and sessions"]
    print(f"\nThe lake has {lake / records:.0f} bytes a record, {lake / size:.3f} of the .evtx files.")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in _WAYS:
        run_here(sys.argv[1], Path(sys.argv[2]))
    else:
        main(*map(int, sys.argv[1:]))
