"""An ordered result as row numbers: counted once, then fetched a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb


@dataclass(frozen=True, slots=True)
class RowWindow:
    """Row numbers in the order of one query.

    A page is a slice of these, never an OFFSET: an OFFSET in the middle of ten million rows costs seconds.
    """

    rows: pa.Int64Array
    hits: pa.BooleanArray | None = None
    """Which of them fit; None where all do."""

    def are_hits(self, start: int, stop: int) -> list[bool]:
        """Whether rows from one position up to another fit, or only stand around some that do."""
        count = max(min(stop, self.count) - start, 0)
        if self.hits is None:
            return [True] * count
        flags: list[bool] = self.hits.slice(start, count).to_pylist()
        return flags

    @property
    def hit_count(self) -> int:
        """How many rows fit."""
        return self.count if self.hits is None else int(pc.sum(self.hits).as_py() or 0)

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


def open_window_around(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any], around: int) -> RowWindow:
    """Run a query of all row numbers and whether each fits, and keep those that fit with some rows around them.

    Args:
        con: A cursor of the calling thread; interrupting it raises ``duckdb.InterruptException`` here.
        sql: The query, with ``?`` for every value.
        parameters: The values.
        around: How many rows before and after each.
    """
    table = con.sql(sql, params=list(parameters)).to_arrow_table()
    rows, hits = (column.combine_chunks() for column in table.columns)
    near, reach = hits, 0
    while reach < around:
        # At the ends of the list one side of a stretch is missing: no step is longer than the other.
        step = min(reach + 1, around - reach)
        near = pc.or_(pc.or_(near, _moved(near, step)), _moved(near, -step))
        reach += step
    return RowWindow(rows.filter(near).cast(pa.int64()), hits.filter(near))


def _moved(flags: pa.BooleanArray, places: int) -> pa.BooleanArray:
    """The flags moved along, as many as before."""
    gap = pa.repeat(pa.scalar(False), min(abs(places), len(flags)))
    if places > 0:
        return pa.concat_arrays([gap, flags.slice(0, len(flags) - len(gap))])
    return pa.concat_arrays([flags.slice(len(gap)), gap])


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
