"""Cost of rebuilding all sessions of a large case: rebuild_cost.py [--steps] [--machines N] [--files N] [EVENTS ...].

Each case is made and rebuilt in processes of their own; the store has the settings that a load gives it. ``--files``
spreads each machine's log over overlapping files. ``--steps`` adds what each statement took, the slowest first.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

SIZES = [1_000_000, 3_000_000, 10_000_000]
STEPS_SHOWN = 25
MADE = re.compile(r"(?:TABLE|INTO|DELETE FROM|FROM)\s+\(?(\w+)")


class Timed:
    """A connection that adds up the time of each statement, under the name of the table that it makes or reads.

    The time in between is that of Python, as far as the statements wait for it: some of them run beside it.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self._left = perf_counter()
        self._name = "start"
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def execute(self, query: str, *parameters: Any) -> Timed:
        """Run one or several statements."""
        for statement in self._con.extract_statements(query):
            self._pass("Python")
            found = MADE.search(statement.query)
            self._name = found[1] if found else statement.query.split()[0]
            self._con.execute(statement, *parameters)
            self._pass(self._name)
        return self

    def _pass(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] += now - self._left
        self._left = now

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._con, name)

        def timed(*arguments: Any) -> Any:
            self._pass("Python")
            result = method(*arguments)
            self._pass(self._name)
            return result

        return timed


def make(path: Path, events: int, machines: int, files: int) -> None:
    """Make a store, and print how many events and sessions are in it."""
    import duckdb

    import synthetic_store

    synthetic_store.make(path, events, machines, files=files)
    with duckdb.connect(path, read_only=True) as con:
        (rows,) = con.execute("SELECT count(*) FROM event").fetchone() or (0,)
        print(rows, synthetic_store.expected_sessions(con))


def rebuild(path: Path, rows: int, *, steps: bool) -> None:
    """Rebuild the sessions of a store, and print what it cost; imports are not counted."""
    from logonscope.sessions import rebuild as sessions
    from logonscope.store.case_store import CaseStore

    with tempfile.TemporaryDirectory(dir=path.parent) as settings:
        store = CaseStore(Path(settings))
        store.expect_rows(rows)
        con = store.cursor()
        con.execute(f"ATTACH '{path}' AS made")
        con.execute("USE made")
        began, before = perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        timed = Timed(con) if steps else None
        sessions.rebuild(timed or con)  # type: ignore[arg-type]
        wall, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
        (found,) = con.execute("SELECT count(*) FROM session WHERE role <> 'visit'").fetchone() or (0,)
        store.close()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(found, wall, cpu, after.ru_maxrss / 1024)
    if timed:
        for name, seconds in sorted(timed.seconds.items(), key=lambda step: -step[1])[:STEPS_SHOWN]:
            print(f"    {seconds:6.2f} s  {name}")


def measure(events: int, machines: int, files: int, *, steps: bool) -> None:
    """Make a case, rebuild it, print one line of cost.

    Raises:
        SystemExit: The sessions found are not those that were made.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.duckdb"
        rows, expected = map(int, run("make", path, events, machines, files).split())
        cost, *listed = run("rebuild", path, rows, int(steps)).splitlines()
    sessions, wall, cpu, peak = map(float, cost.split())
    print(
        f"{rows:>12,} {int(sessions):>11,} {wall:7.2f} {cpu:7.2f} {peak:6.0f} {1e6 * wall / rows:9.2f}",
        *listed,
        sep="\n",
    )
    if sessions != expected:
        raise SystemExit(f"expected {expected:,} sessions")


def run(*arguments: object) -> str:
    """Run a part in a process of its own: what it prints."""
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", nargs="*", type=int, default=SIZES)
    parser.add_argument("--machines", type=int, default=1)
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--steps", action="store_true")
    asked = parser.parse_args()
    print("      events    sessions  wall s   CPU s peak MB  s/million")
    for events in asked.events:
        measure(events, asked.machines, asked.files, steps=asked.steps)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), *map(int, sys.argv[3:]))
    elif sys.argv[1:2] == ["rebuild"]:
        rebuild(Path(sys.argv[2]), int(sys.argv[3]), steps=sys.argv[4] == "1")
    else:
        main()
