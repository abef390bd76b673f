"""An ordered result as row numbers: counted once, then fetched a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


@dataclass(frozen=True, slots=True)
class RowWindow:
    """Row numbers in the order of one query.

    A page is a slice of these, never an OFFSET: an OFFSET in the middle of ten million rows costs seconds.
    """

    rows: pa.Int64Array

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def page(self, start: int, stop: int) -> list[int]:
        """Row numbers from one position up to another."""
        page: list[int] = self.rows.slice(start, max(stop - start, 0)).to_pylist()
        return page

    def position(self, row: int) -> int | None:
        """Where a row number stands in the order, or None."""
        found = self.rows.index(row).as_py()
        return None if found < 0 else int(found)


def open_window(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any]) -> RowWindow:
    """Run a query of one column of row numbers.

    Args:
        con: A cursor of the calling thread; interrupting it raises ``duckdb.InterruptException`` here.
        sql: The query, with ``?`` for every value.
        parameters: The values.
    """
    table = con.sql(sql, params=list(parameters)).to_arrow_table()
    return RowWindow(table.column(0).combine_chunks().cast(pa.int64()))


def fetch_records(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
    """Run a query and give its rows by column name.

    Args:
        con: A cursor of the calling thread.
        sql: The query, with ``?`` for every value.
        parameters: The values.
    """
    result = con.execute(sql, list(parameters))
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
