"""Few files for each table, however often a lake was added to: many small ones make every question slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.fleet.lake_writing import put
from logonscope.fleet.tables import APPENDED
from logonscope.lake.parquet_sql import parquet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from logonscope.fleet.lake_folder import LakeFolder
    from logonscope.lake.snapshot import LakeFile

MOST_FILES = 16


def compacted(
    con: duckdb.DuckDBPyConnection, lake: LakeFolder, tables: Mapping[str, Sequence[LakeFile]]
) -> dict[str, list[LakeFile]]:
    """Write tables that each ingest adds a file to as one, where they have become many; their rows keep their order.

    Events need none of that: with what comes to a group of machines all its events are written anew.

    Args:
        con: A connection of the calling thread, which keeps the order of rows.
        lake: The lake.
        tables: What it is to hold next.
    """
    found = {name: list(files) for name, files in tables.items()}
    for name in APPENDED:
        if len(files := found.get(name, [])) > MOST_FILES:
            query = f"FROM {parquet([lake.path / file.path for file in files])}"
            found[name] = [put(con, lake.path, name, query, lake.next_generation)]
    return found
