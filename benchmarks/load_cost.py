"""CPU and memory of a cold load against those of the bare parser: load_cost.py [MEGABYTES [ROUNDS [LOG]]].

Each round runs both in processes of their own, one after the other, so that a noisy machine troubles both; the median
of the rounds' ratios is what counts. Another real log than the usual one can be grown.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time

from big_log import SOURCE, big_log


def bare(path: Path) -> int:
    """Iterate the parser alone, over a file or all files of a folder."""
    from evtx import PyEvtxParser

    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return sum(1 for file in files for _ in PyEvtxParser(str(file)).records_json())


def load(path: Path) -> int:
    """Load into a case, sessions and all."""
    from logonscope.case.case import Case

    with tempfile.TemporaryDirectory() as work, Case([path], work_parent=Path(work)) as case:
        case.load()
        return sum(source.records for source in case.sources)


def measured(what: str, path: Path) -> tuple[int, float, float, float, float]:
    """What one run in a process of its own costs.

    Returns:
        Records, CPU seconds of it and the processes that it starts, wall seconds, and peak RSS in megabytes of it and
        of the largest of those.
    """
    run = subprocess.run([sys.executable, __file__, what, path], check=True, capture_output=True, text=True)
    records, *costs = run.stdout.split()
    cpu, wall, peak, largest = map(float, costs)
    return int(records), cpu, wall, peak, largest


def run_here(what: str, path: Path) -> None:
    """Do one run and print its cost; imports are not counted."""
    for module in ("evtx", "logonscope.case.case"):
        import_module(module)
    began, before = perf_counter(), process_time()
    records = (bare if what == "bare" else load)(path)
    wall, own = perf_counter() - began, process_time() - before
    mine, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(records, own + others.ru_utime + others.ru_stime, wall, mine.ru_maxrss / 1024, others.ru_maxrss / 1024)


def costs(run: tuple[int, float, float, float, float]) -> str:
    """CPU seconds, wall seconds and megabytes in columns."""
    return "{1:6.2f} {2:6.2f} {3:5.0f}".format(*run)


def main(megabytes: str = "300", rounds: str = "7", log: str | Path = SOURCE) -> None:
    """Print each round and the medians."""
    path = big_log(int(megabytes), Path(log))
    print(f"{path.stat().st_size / 1e6:.0f} MB; CPU s, wall s, peak MB: bare parser | load; ratios of CPU, wall")
    ratios: list[float] = []
    walls: list[float] = []
    for _ in range(int(rounds)):
        alone, whole = measured("bare", path), measured("load", path)
        assert alone[0] == whole[0]
        ratios.append(whole[1] / alone[1])
        walls.append(whole[2] / alone[2])
        print(f"{costs(alone)} | {costs(whole)}; {ratios[-1]:.2f} {walls[-1]:.2f}")
    middle = statistics.median
    print(f"{alone[0]:,} records, median ratio of CPU {middle(ratios):.2f}, of wall time {middle(walls):.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] in (["bare"], ["load"]):
        run_here(sys.argv[1], Path(sys.argv[2]))
    else:
        main(*sys.argv[1:])
