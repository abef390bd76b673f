"""A lake, or a part of it, as if it were a case store."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from logonscope.fleet.tables import DIMS, REBUILT
from logonscope.lake.parquet_sql import lake_sql, parquet
from logonscope.store.case_store import modern_events

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
    con.execute(files("logonscope.store").joinpath("schema.sql").read_text("utf-8"))
    con.execute("INSERT INTO modern_event SELECT unnest(?), unnest(?), unnest(?), unnest(?)", modern_events())
    con.execute(lake_sql("own_tables.sql"))
    for table, listed in tables.items():
        if listed:
            columns = ", ".join(f'"{name}"' for name, *_ in con.execute(f"DESCRIBE {table}").fetchall())
            con.execute(f"DROP TABLE {table}; CREATE VIEW {table} AS SELECT {columns} FROM {parquet(listed)}")
