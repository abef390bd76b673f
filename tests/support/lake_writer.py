"""A lake made of a loaded case: every table of its store as Parquet, in the places that the contract names."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.fleet.indexing import index, index_tasks
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.snapshot import ROWS_PER_MACHINE, LakeFile, Snapshot, write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from logonscope.case.case import Case
    from logonscope.findings.finding import Finding

_WHOLE = ("source", "problem", "load_cut", "left_out", "sign", "person")
BY_MACHINE = {
    "full_session": ("session_id", "parent"),
    "plain_session": ("session_id", "end_row", "parent"),
    "other_event": ("session_id", "row"),
    "absence": ("session_id",),
    "boot": ("start_row", "end_row"),
    "coverage": ("row",),
    "unused": ("row",),
}
"""Tables of the rebuild, and their columns of row numbers."""
_STAGED = f"""
    CREATE OR REPLACE TEMP TABLE ordinal AS
    SELECT number, row_number() OVER (ORDER BY name, number)::INTEGER AS m FROM machine;
    CREATE OR REPLACE TEMP TABLE placed AS
    SELECT e.row, coalesce(o.m, 0) AS m, coalesce(strftime(e.time, '%Y-%m'), 'none') AS month FROM event e
    LEFT JOIN computer_machine c USING (source, computer) LEFT JOIN ordinal o ON o.number = c.machine;
    CREATE OR REPLACE TEMP MACRO lake_row(m, id) AS
        CASE WHEN id < 0 THEN id - m::BIGINT * {ROWS_PER_MACHINE} ELSE id + m::BIGINT * {ROWS_PER_MACHINE} END;
"""


def write_lake(case: Case, folder: Path) -> Path:
    """Write what a case holds as a lake of one group for each machine; gives its folder."""
    return _LakeWriter(case, folder).write()


class _LakeWriter:
    def __init__(self, case: Case, folder: Path) -> None:
        self._case = case
        self._con: duckdb.DuckDBPyConnection = case.cursor()
        self._folder = folder
        self._tables: dict[str, list[LakeFile]] = {}

    def write(self) -> Path:
        con = self._con
        con.execute(_STAGED)
        own = "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
        found = con.execute(f"{own} AND table_name LIKE 'dim_%'").fetchall()
        for name in (*(name for (name,) in found), *_WHOLE):
            self._copy(name, f"{name}/all.parquet", f"FROM {name}")
        self._copy(
            "machine", "machine/all.parquet", "SELECT m AS number, name FROM machine JOIN ordinal USING (number)"
        )
        known = "SELECT source, computer, m AS machine FROM computer_machine JOIN ordinal ON number = machine"
        self._copy("computer_machine", "computer_machine/all.parquet", known)
        for m, month in con.execute("SELECT DISTINCT m, month FROM placed ORDER BY ALL").fetchall():
            self._copy(
                "event",
                f"event/month={month}/group={m:04}/events.parquet",
                f"""SELECT e.* REPLACE (lake_row(p.m, row) AS row), p.m AS machine
                    FROM event e JOIN placed p USING (row) WHERE p.m = {m} AND p.month = '{month}' ORDER BY row""",
                m,
            )
        for table, rows in BY_MACHINE.items():
            numbers = f"SELECT DISTINCT coalesce(o.m, 0) FROM {table} t LEFT JOIN ordinal o ON o.number = t.machine"
            for (m,) in con.execute(f"{numbers} ORDER BY 1").fetchall():
                self._copy(table, f"{table}/group={m:04}/part.parquet", _of_machine(table, rows, m), m)
        con.register("found_chunk", self._case.chunk_places().by_runs())
        self._copy("chunk_place", "chunk_place/all.parquet", "FROM found_chunk")
        con.unregister("found_chunk")
        self._write_index()
        self._write_findings()
        write_snapshot(self._folder, Snapshot(1, "tests", self._tables))
        return self._folder

    def _copy(self, table: str, place: str, query: str, m: int = 0) -> None:
        path = self._folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        form = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880"
        (rows,) = self._con.execute(f"COPY ({query}) TO '{path}' ({form})").fetchone() or (0,)
        self._tables.setdefault(table, []).append(LakeFile(place, rows, path.stat().st_size, m, m))

    def _write_index(self) -> None:
        for task in index_tasks(self._folder, 1, self._tables["event"]):
            for table, files in index(task).items():
                self._tables.setdefault(table, []).extend(files)
        counts = parquet([self._folder / file.path for file in self._tables.pop("mention_count_of_group")])
        self._copy("mention_count", "mention_count/all.parquet", f"FROM {counts} ORDER BY field, code, file_group")

    def _write_findings(self) -> None:
        found = self._case.findings().found
        lake_rows = dict(self._con.execute("SELECT row, lake_row(m, row) FROM placed").fetchall())

        def told(finding: Finding) -> dict[str, object]:
            rows = [lake_rows[row] for row in finding.rows]
            return asdict(finding) | {"rows": rows, "attack": list(finding.attack), "sources": list(finding.sources)}

        texts, rows, time = pa.list_(pa.string()), pa.list_(pa.int64()), pa.timestamp("us")
        kinds = {"attack": texts, "sources": texts, "rows": rows, "since": time, "until": time}
        kinds |= {"finding_id": pa.int64(), "records": pa.int64()}
        schema = pa.schema([(name, kinds.get(name, pa.string())) for name in told(found[0])]) if found else None
        if schema:
            self._con.register("told", pa.Table.from_pylist([told(finding) for finding in found], schema))
            self._copy("finding", "finding/all.parquet", "FROM told")


def _of_machine(table: str, rows: tuple[str, ...], m: int) -> str:
    new = {column: f"lake_row({m}, t.{column})" for column in rows}
    new["machine"] = "o.m"
    if table == "boot":
        new["boot_id"] = f"({m}::BIGINT << 32) + t.number"
    replaced = ", ".join(f"{value} AS {column}" for column, value in new.items())
    return (
        f"SELECT t.* REPLACE ({replaced}) FROM {table} t LEFT JOIN ordinal o ON o.number = t.machine"
        f" WHERE coalesce(o.m, 0) = {m}"
    )
