"""What a kept case costs: reopen_cost.py [MEGABYTES [ROUNDS]].

A log is loaded and kept by a process of its own; then processes open it again, each to the first page of its sessions
and of its events. All counts from the start of the process, imports among it.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from big_log import big_log

_PAGE = 40


def run_here(log: Path, home: Path) -> None:
    """Open the case as the app does, look at it and close it."""
    from logonscope.cache.kept_cases import KeptCases
    from logonscope.case.case import Case
    from logonscope.case.view import Scope, View

    with Case([log], work_parent=home / "cases", cache=KeptCases(home / "kept")) as case:
        case.load()
        sessions = case.window(View("session", scope=Scope.STAYS))
        case.sessions(sessions.page(0, _PAGE))
        events = case.window(View("event"))
        case.events(events.page(0, _PAGE))
        print(perf_counter() - float(sys.argv[4]), sum(source.records for source in case.sources))


def opened(log: Path, home: Path) -> tuple[float, float, float, int]:
    """Seconds to the first pages, seconds to the end of the process, CPU seconds, records."""
    began, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, __file__, "open", log, home, str(began)]
    run = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    wall, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    shown, records = run.stdout.split()
    return float(shown), wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, int(records)


def main(megabytes: int = 1000, rounds: int = 5) -> None:
    """Print the cost of the first opening and of the median of the later ones."""
    log = big_log(megabytes)
    with tempfile.TemporaryDirectory() as work:
        home = Path(work)
        first = opened(log, home)
        later = [opened(log, home) for _ in range(rounds)]
        kept = sum(path.stat().st_size for path in (home / "kept").rglob("*"))
    print(f"{log.stat().st_size / 1e6:,.0f} MB, {first[3]:,} records, kept in {kept / 1e6:,.1f} MB")
    print("              first pages s  whole run s   CPU s")
    print("loaded        {:13.2f} {:12.2f} {:7.2f}".format(*first))
    print(
        "opened again  {:13.2f} {:12.2f} {:7.2f}".format(
            *(statistics.median(part) for part in zip(*later, strict=True))
        )
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["open"]:
        run_here(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
