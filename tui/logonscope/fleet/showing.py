"""A lake, or a part of it, as if it were a case store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.fleet.tables import DIMS, REBUILT
from logonscope.lake.parquet_sql import columns_of, lake_sql, parquet
from logonscope.store.case_store import make_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from logonscope.fleet.lake_folder import LakeFolder

_SEEN = (
    "source", "problem", "sign", "person", *DIMS, "event", "machine", "computer_machine",
    *(name for name in REBUILT if name != "coverage"),
)  # fmt: skip


def show_lake(con: duckdb.DuckDBPyConnection, lake: LakeFolder) -> None:
    """Let an empty database see a lake as if it were a case store."""
    show_tables(con, {table: lake.files(table) for table in _SEEN})
    con.execute(f"CREATE VIEW lake_source AS FROM {parquet(lake.files('source'))}")


def show_tables(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]]) -> None:
    """Make the tables of a store and of a lake in an empty database: some of them seen in files, the others empty."""
    make_tables(con)
    con.execute(lake_sql("own_tables.sql"))
    for table, listed in tables.items():
        if listed:
            columns = columns_of(con, table)
            con.execute(f"DROP TABLE {table}; CREATE VIEW {table} AS SELECT {columns} FROM {parquet(listed)}")
