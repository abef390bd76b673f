"""A lake of millions of events that no log was read for: some made machines, written again and again as others.

made_lake.py FOLDER EVENTS. Every million events are ten machines: one group, a file for each month.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from logonscope.fleet.indexing import index, index_tasks
from logonscope.fleet.lake_writing import FORM
from logonscope.lake.lake_store import LakeStore
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.snapshot import ROWS_PER_MACHINE, LakeFile, Snapshot, write_snapshot
from made_case import MadeCase
from support.lake_writer import BY_MACHINE, write_lake
from synthetic_store import make

if TYPE_CHECKING:
    import duckdb

EVENTS_A_GROUP, MACHINES_A_GROUP = 1_000_000, 10


def make_lake(folder: Path, events: int) -> None:
    """Write a lake.

    Args:
        folder: Where to.
        events: About how many events it shall hold, in millions.
    """
    with tempfile.TemporaryDirectory(dir=folder.parent) as passing:
        made = Path(passing) / "case.duckdb"
        make(made, EVENTS_A_GROUP, MACHINES_A_GROUP, boots=12)
        with MadeCase([made], work_parent=Path(passing)) as case:
            case.load()
            write_lake(case, Path(passing) / "base")
        store = LakeStore(Path(passing) / "base", Path(passing))
        try:
            _Copies(store.cursor(), folder).write(events // EVENTS_A_GROUP)
        finally:
            store.close()


class _Copies:
    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._con = con
        self._folder = folder
        self._tables: dict[str, list[LakeFile]] = {}

    def write(self, groups: int) -> None:
        self._con.execute(
            f"""CREATE TEMP MACRO moved(id, n) AS id + CASE WHEN id < 0 THEN -1 ELSE 1 END
                * n::BIGINT * {MACHINES_A_GROUP} * {ROWS_PER_MACHINE};
                CREATE TEMP TABLE month AS SELECT DISTINCT strftime(time, '%Y-%m') AS month FROM event ORDER BY 1"""
        )
        for group in range(groups):
            self._write_group(group)
        numbers = f"(SELECT range AS n FROM range({groups}))"
        sources = "(SELECT max(number) FROM source)"
        tens = f"n * {MACHINES_A_GROUP}"
        self._copy(
            "machine", f"SELECT number + {tens} AS number, 'G' || n || '-' || name AS name FROM machine, {numbers}"
        )
        self._copy("source", f"SELECT * REPLACE (number + n * {sources} AS number) FROM source, {numbers}", drop="n")
        self._copy(
            "computer_machine",
            f"SELECT source + n * {sources} AS source, computer + {tens} AS computer, machine + {tens} AS machine"
            f" FROM computer_machine, {numbers}",
        )
        known = (
            f"SELECT code + {tens} AS code, 'G' || n || '-' || text AS text FROM dim_computer, {numbers} WHERE code > 0"
        )
        self._copy("dim_computer", f"SELECT 0 AS code, '' AS text UNION ALL {known} ORDER BY code")
        self._copy(
            "overview",
            f"SELECT * REPLACE (machine + {tens} AS machine, 'G' || n || '-' || name AS name) FROM overview, {numbers}",
            drop="n",
        )
        dims = self._con.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'dim_%'").fetchall()
        for table in ("person", "finding", *(name for (name,) in dims if name != "dim_computer")):
            self._copy(table, f"FROM {table}")
        self._index()
        write_snapshot(self._folder, Snapshot(1, "benchmarks", self._tables))

    def _index(self) -> None:
        began = process_time()
        for task in index_tasks(self._folder, 1, self._tables["event"]):
            for table, files in index(task).items():
                self._tables.setdefault(table, []).extend(files)
        counts = parquet([self._folder / file.path for file in self._tables.pop("mention_count_of_group")])
        self._copy("mention_count", f"FROM {counts} ORDER BY field, code, file_group")
        size = sum(file.bytes for name in ("mention", "mention_count") for file in self._tables[name])
        print(f"indexed in {process_time() - began:.1f} CPU s, {size / 1e6:,.0f} MB")

    def _write_group(self, group: int) -> None:
        first = group * MACHINES_A_GROUP
        span = first + 1, first + MACHINES_A_GROUP
        for (month,) in self._con.execute("SELECT month FROM month ORDER BY month").fetchall():
            self._copy(
                "event",
                f"""SELECT * REPLACE (moved(row, {group}) AS row, computer + {first} AS computer,
                           source + {group} * (SELECT max(number) FROM source) AS source),
                           (row // {ROWS_PER_MACHINE})::INTEGER + {first} AS machine
                    FROM event WHERE strftime(time, '%Y-%m') = '{month}' ORDER BY machine, row""",
                f"event/month={month}/group={group:04}/events.parquet",
                span,
            )
        for table, rows in BY_MACHINE.items():
            new = {column: f"moved({column}, {group})" for column in rows} | {"machine": f"machine + {first}"}
            if table == "boot":
                new["boot_id"] = f"boot_id + ({first}::BIGINT << 32)"
            if table == "coverage":
                new["mark_id"] = f"mark_id + {group} * 1_000_000_000_000"
            replaced = ", ".join(f"{value} AS {column}" for column, value in new.items())
            query = f"SELECT * REPLACE ({replaced}) FROM {table} ORDER BY ALL"
            self._copy(table, query, f"{table}/group={group:04}/part.parquet", span)

    def _copy(self, table: str, query: str, place: str = "", span: tuple[int, int] = (0, 0), drop: str = "") -> None:
        place = place or f"{table}/all.parquet"
        path = self._folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        query = f"SELECT * EXCLUDE ({drop}) FROM ({query})" if drop else query
        kinds = self._con.execute(f"DESCRIBE {query}").fetchall()
        enums = [f"{name}::VARCHAR AS {name}" for name, kind, *_ in kinds if kind.startswith("ENUM")]
        query = f"SELECT * REPLACE ({', '.join(enums)}) FROM ({query})" if enums else query
        casts = ("code", "computer", "source", "machine", "number")
        wide = [f"{name}::INTEGER AS {name}" for name, kind, *_ in kinds if name in casts and kind == "BIGINT"]
        query = f"SELECT * REPLACE ({', '.join(wide)}) FROM ({query})" if wide else query
        (rows,) = self._con.execute(f"COPY ({query}) TO '{path}' ({FORM})").fetchone() or (0,)
        self._tables.setdefault(table, []).append(LakeFile(place, rows, path.stat().st_size, *span))


if __name__ == "__main__":
    make_lake(Path(sys.argv[1]), int(sys.argv[2]))
