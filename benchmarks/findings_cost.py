"""Cost of all findings of a large case, rule by rule: findings_cost.py [--machines N] [--store FILE] [EVENTS ...].

Each case is made and rebuilt, then the rules run one after another as in a case, with the settings that a load gives a
store. The cost of a rule is CPU time. A store that ``--store`` names is made where it is missing, and kept.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

SIZES = [1_000_000, 10_000_000]
RULES_SHOWN = 12


class Timed:
    """A connection that adds up the CPU time of each rule, with what Python makes of its rows.

    Args:
        con: The connection.
        names: The rules by their SQL.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
        self._con, self._names = con, names
        self._name, self._since = "terms", process_time()
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def execute(self, query: str, *parameters: Any) -> duckdb.DuckDBPyConnection:
        """Run a statement: the time until the next one is that of its rule."""
        self.turn(self._names.get(query, "terms" if query.startswith("--") else "beside the rules"))
        return self._con.execute(query, *parameters)

    def turn(self, name: str) -> None:
        """Give the time until now to what ran, and the time from now on to something else."""
        now = process_time()
        self.seconds[self._name] += now - self._since
        self._name, self._since = name, now

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)


def make(path: Path, events: int, machines: int) -> None:
    """Make a store, and rebuild its sessions."""
    import synthetic_store
    from logonscope.sessions import rebuild as sessions
    from logonscope.store.case_store import CaseStore

    synthetic_store.make(path, events, machines)
    with tempfile.TemporaryDirectory(dir=path.parent) as settings:
        store = CaseStore(Path(settings))
        store.expect_rows(events)
        con = store.cursor()
        con.execute(f"ATTACH '{path}' AS made")
        con.execute("USE made")
        sessions.rebuild(con)
        con.execute("CHECKPOINT made")
        store.close()


def judge(path: Path) -> None:
    """Run the rules over a store, and print what each cost and found; imports are not counted."""
    from logonscope.findings.rule import rules
    from logonscope.findings.run import run_rules
    from logonscope.store.case_store import CaseStore

    with tempfile.TemporaryDirectory(dir=path.parent) as settings:
        store = CaseStore(Path(settings))
        con = store.cursor()
        con.execute(f"ATTACH '{path}' AS made (READ_ONLY)")
        con.execute("USE made")
        (rows,) = con.execute("SELECT count(*) FROM event").fetchone() or (0,)
        store.expect_rows(rows)
        began, before = perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        timed = Timed(con, {rule.sql: f"{rule.id} {rule.title}" for rule in rules()})
        outcome = run_rules(timed, rules(), {}, {})  # type: ignore[arg-type]
        timed.turn("")
        wall, after = perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
        store.close()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{rows:>12,} {len(outcome.found):>9,} {wall:7.2f} {cpu:7.2f} {after.ru_maxrss / 1024:6.0f}")
    found = {finding.rule for finding in outcome.found}
    for name, seconds in sorted(timed.seconds.items(), key=lambda cost: -cost[1])[:RULES_SHOWN]:
        print(f"    {seconds:6.2f} s  {name}{' (fires)' if name.partition(' ')[0] in found else ''}")
    for broken in outcome.broken:
        print(f"    {broken.rule} is broken: {broken.reason}")


def run(*arguments: object) -> None:
    """Run a part in a process of its own."""
    subprocess.run([sys.executable, __file__, *map(str, arguments)], check=True)


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", nargs="*", type=int, default=SIZES)
    parser.add_argument("--machines", type=int, default=1)
    parser.add_argument("--store", type=Path)
    asked = parser.parse_args()
    print("      events  findings  wall s   CPU s peak MB", flush=True)
    for events in asked.events[:1] if asked.store else asked.events:
        with tempfile.TemporaryDirectory() as folder:
            path = asked.store or Path(folder) / "case.duckdb"
            if not path.exists():
                run("make", path, events, asked.machines)
            run("judge", path)


if __name__ == "__main__":
    if sys.argv[1:2] == ["make"]:
        make(Path(sys.argv[2]), *map(int, sys.argv[3:]))
    elif sys.argv[1:2] == ["judge"]:
        judge(Path(sys.argv[2]))
    else:
        main()
