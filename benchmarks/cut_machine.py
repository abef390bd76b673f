"""One machine that is too large for a task: cut_machine.py EVENTS [MOST ...].

Its sessions are built whole, then cut at boots so that a task has about MOST records; each task in a process of its
own, one after the other. Tells what the tasks of each step took together, and the most memory that one of them used.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, cast

import duckdb

from logonscope.fleet.cluster import Cluster, Outcome
from logonscope.fleet.lake_folder import lake_to_write
from logonscope.fleet.lake_writing import FORM
from logonscope.fleet.rebuilding import LakeSessions
from logonscope.fleet.tables import DIMS
from logonscope.lake.snapshot import ROWS_PER_MACHINE, LakeFile, Snapshot, write_snapshot
from logonscope.sessions.identity import number_people
from synthetic_store import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

BOOTS = 60
_TABLES = {
    "event": f"SELECT * REPLACE (row + {ROWS_PER_MACHINE} AS row), 1 AS machine FROM event ORDER BY row",
    "source": "SELECT *, NULL::TIMESTAMP AS first, NULL::TIMESTAMP AS last FROM source",
    "person": "FROM account_person",
    "machine": "SELECT 1 AS number, 'SRV000' AS name, 1 AS file_group",
    "computer_machine": "SELECT DISTINCT source, computer, 1 AS machine FROM event",
    **{name: f"FROM {name}" for name in DIMS},
}


def make_lake(folder: Path, events: int) -> None:
    """Write a lake of one machine that has no sessions yet."""
    folder.mkdir()
    store = folder.parent / "case.duckdb"
    make(store, events, boots=BOOTS)
    with duckdb.connect(store) as con:
        number_people(con, "dim_account")
        held = {name: [_written(con, folder, name, query)] for name, query in _TABLES.items()}
    store.unlink()
    write_snapshot(folder, Snapshot(1, "benchmark", held))


def _written(con: duckdb.DuckDBPyConnection, folder: Path, name: str, query: str) -> LakeFile:
    place = f"event/month=none/group=0001/{name}.parquet" if name == "event" else f"{name}/{name}.parquet"
    path = folder / place
    path.parent.mkdir(parents=True)
    (rows,) = con.execute(f"COPY ({query}) TO '{path}' ({FORM})").fetchone() or (0,)
    return LakeFile(place, rows, path.stat().st_size, 1, 1)


class OneByOne:
    """Does each task in a process of its own."""

    workers = 1

    def __init__(self) -> None:
        self.costs: dict[str, list[tuple[float, float, int]]] = defaultdict(list)
        """Wall and CPU seconds, and bytes at the most, of the tasks by what they do."""

    def run(self, work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Outcome[Any, Any]]:
        """Do them."""
        for task in tasks:
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                result, *cost = pool.submit(measured, work, task).result()
            self.costs[work.__name__].append(cast("tuple[float, float, int]", tuple(cost)))
            yield Outcome(task, result)


def measured(work: Callable[[Any], Any], task: Any) -> tuple[Any, float, float, int]:
    """Do one task, and tell what it cost."""
    began = perf_counter()
    result = work(task)
    wall = perf_counter() - began
    (memory,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return result, wall, process_time(), int(memory) * 1024


def main(events: int, most: Iterable[int]) -> None:
    """Measure, and tell."""
    with tempfile.TemporaryDirectory(prefix="logonscope-cut-") as folder:
        original = Path(folder, "lake")
        make_lake(original, events)
        for limit in (1 << 40, *most):
            lake = Path(folder, "copy")
            shutil.copytree(original, lake)
            cluster = OneByOne()
            began = perf_counter()
            with lake_to_write(lake, make=False) as opened:
                done = LakeSessions(opened, cast("Cluster", cluster), lambda _: None, limit).run()
            print(f"\n{limit:,} records a task: {done.sessions:,} sessions, {perf_counter() - began:.0f} s in all")
            for step, costs in cluster.costs.items():
                wall, cpu, memory = zip(*costs, strict=True)
                print(
                    f"| {step} | {len(costs)} | {sum(wall):.1f} | {max(wall):.1f} | {sum(cpu):.1f}"
                    f" | {max(memory) / 1e6:,.0f} MB |",
                    flush=True,
                )
            shutil.rmtree(lake)


if __name__ == "__main__":
    main(int(sys.argv[1]), map(int, sys.argv[2:]))
