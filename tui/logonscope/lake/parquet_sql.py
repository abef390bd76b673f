"""Parquet files as SQL names them, and the SQL files of a lake."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from logonscope.lake.address import LakePlace


def quoted(path: LakePlace | str) -> str:
    """A path as SQL has it."""
    return "'" + str(path).replace("'", "''") + "'"


def parquet(paths: Sequence[LakePlace | str], more: str = "") -> str:
    """Some files as SQL reads them."""
    return f"read_parquet([{', '.join(map(quoted, paths))}], hive_partitioning = false{more})"


def columns_of(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """The columns of a table, as SQL lists them: files may have them in another order."""
    return ", ".join(f'"{name}"' for name, *_ in con.execute(f"DESCRIBE {table}").fetchall())


def lake_sql(name: str) -> str:
    """The text of one of the SQL files of this folder."""
    return files("logonscope.lake").joinpath(name).read_text("utf-8")
