"""CPU of loading a part of a log (--since, --event) against loading all of it: cut_cost.py [MEGABYTES [ROUNDS]].

Both are run in each round, in processes of their own; the median of the rounds' ratios is what counts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from big_log import big_log

_DECADE = timedelta(days=3650)


def cuts(first: datetime, last: datetime) -> dict[str, list[str]]:
    """What is asked for, by name: the last day of the log, nothing of it, and one kind of event."""
    day = (last - timedelta(days=1)).isoformat()
    return {"all": [], "last day": [day], "no time": [(last + _DECADE).isoformat()], "event 4624": ["", "4624"]}


def run_here(path: Path, since: str = "", event: str = "") -> None:
    """Load, and print records kept and left out, CPU seconds, and the first and last time of the log."""
    from logonscope.case.case import Case
    from logonscope.case.options import LoadOptions
    from logonscope.readers.cut import Cut

    cut = Cut(datetime.fromisoformat(since) if since else None, events=frozenset({int(event)} if event else ()))
    before = getrusage(RUSAGE_SELF)
    with tempfile.TemporaryDirectory() as work, Case([path], work_parent=Path(work), options=LoadOptions(cut)) as case:
        case.load()
        after = getrusage(RUSAGE_SELF)
        times = case.cursor().execute("SELECT min(time), max(time) FROM event").fetchall()[0]
        kept = sum(source.records for source in case.sources)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(kept, case.left_out, cpu, *(time and time.isoformat() for time in times))


def measured(path: Path, arguments: list[str]) -> list[str]:
    """What a run in a process of its own prints."""
    run = subprocess.run(
        [sys.executable, __file__, "run", path, *arguments], check=True, capture_output=True, text=True
    )
    return run.stdout.split()


def main(megabytes: int = 100, rounds: int = 5) -> None:
    """Print the medians for each cut."""
    path = big_log(megabytes)
    first, last = (datetime.fromisoformat(text) for text in measured(path, [])[3:])
    print(f"{path.stat().st_size / 1e6:.0f} MB, {first} to {last}")
    for name, arguments in cuts(first, last).items():
        ratios = []
        for _ in range(rounds):
            whole, part = measured(path, []), measured(path, arguments)
            ratios.append(float(part[2]) / float(whole[2]))
        print(f"{name:12} {part[0]:>10} kept {part[1]:>10} left out; ratio of CPU {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run_here(Path(sys.argv[2]), *sys.argv[3:])
    else:
        main(*map(int, sys.argv[1:]))
