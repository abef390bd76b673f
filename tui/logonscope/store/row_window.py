"""An ordered result as row numbers: counted once, then fetched a page at a time."""

from __future__ import annotations

import logging
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from logonscope.debug_log import RECORD_CONTENT

if TYPE_CHECKING:
    import duckdb

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RowWindow:
    """Row numbers in the order of one query.

    A page is a slice of these, never an OFFSET: an OFFSET in the middle of ten million rows costs seconds.
    """

    rows: pa.Int64Array
    hits: pa.BooleanArray | None = None
    """Which of them fit; None where all do."""
    goes_on: bool = False
    """Whether the list may go on behind them."""
    times: pa.TimestampArray | None = None
    """When each of them was, where that was asked for too."""

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

    def find(self, rows: Iterable[int]) -> Positions:
        """Where some row numbers stand in the order; those that are not in it are left out."""
        return self.positions(pa.array(list(rows), pa.int64()))

    def in_order(self, rows: Iterable[int]) -> pa.Int64Array:
        """Some row numbers as the order has them, those that are not in it last."""
        wanted = sorted(set(rows))
        listed = self.rows.take(self.find(wanted).found)
        others = sorted(set(wanted) - set(listed.to_pylist()))
        return pa.concat_arrays([listed, pa.array(others, pa.int64())])

    @staticmethod
    def at(positions: Iterable[int]) -> Positions:
        """Positions that are known."""
        return Positions(pa.array(sorted(positions), pa.int64()))

    def positions(self, rows: pa.Int64Array) -> Positions:
        """As ``find``, for rows that a query gave."""
        found = pc.indices_nonzero(pc.is_in(self.rows, value_set=rows))
        return Positions(found.cast(pa.int64()))


@dataclass(frozen=True, slots=True, eq=False)
class Positions(Sequence[int]):
    """Some positions of a list, ascending."""

    found: pa.Int64Array

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, index: Any) -> Any:
        return self.found[index].as_py()

    def __contains__(self, position: object) -> bool:
        rank = bisect_left(self, position)
        return rank < len(self) and self[rank] == position

    def after(self, position: int) -> int | None:
        """The first of them behind a position, else the very first; None where there is none."""
        rank = bisect_right(self, position)
        return self[rank if rank < len(self) else 0] if len(self) else None

    def before(self, position: int) -> int | None:
        """The last of them before a position, else the very last; None where there is none."""
        rank = bisect_left(self, position)
        return self[rank - 1 if rank else len(self) - 1] if len(self) else None

    def rank(self, position: int) -> int:
        """How many of them stand at a position or before it."""
        return bisect_right(self, position)


def open_window(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any]) -> RowWindow:
    """Run a query of one column of row numbers.

    Args:
        con: A cursor of the calling thread; interrupting it raises ``duckdb.InterruptException`` here.
        sql: The query, with ``?`` for every value.
        parameters: The values.
    """
    table = _asked(con, sql, parameters)
    return RowWindow(table.column(0).combine_chunks().cast(pa.int64()))


def count_rows(con: duckdb.DuckDBPyConnection, table: str, condition: str, parameters: Sequence[Any]) -> int:
    """How many rows of a table fit a condition."""
    row = con.execute(f"SELECT count(*) FROM {table} WHERE {condition}", list(parameters)).fetchone()
    return int(row[0]) if row else 0


def open_window_around(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any], around: int) -> RowWindow:
    """Run a query of all row numbers and whether each fits, and keep those that fit with some rows around them.

    Args:
        con: A cursor of the calling thread; interrupting it raises ``duckdb.InterruptException`` here.
        sql: The query, with ``?`` for every value.
        parameters: The values.
        around: How many rows before and after each.
    """
    table = _asked(con, sql, parameters)
    rows, hits = (column.combine_chunks() for column in table.columns)
    near, reach = hits, 0
    while reach < around:
        # At the ends of the list one side of a stretch is missing: no step is longer than the other.
        step = min(reach + 1, around - reach)
        near = pc.or_(pc.or_(near, _moved(near, step)), _moved(near, -step))
        reach += step
    return RowWindow(rows.filter(near).cast(pa.int64()), hits.filter(near))


def _asked(con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any]) -> pa.Table:
    began = monotonic()
    table = con.sql(sql, params=list(parameters)).to_arrow_table()
    _log.debug("%d rows in %.3f s: %s", table.num_rows, monotonic() - began, " ".join(sql.split()))
    _log.log(RECORD_CONTENT, "its values: %s", parameters)
    return table


def _moved(flags: pa.BooleanArray, places: int) -> pa.BooleanArray:
    """The flags moved along, as many as before."""
    gap = pa.repeat(pa.scalar(False), min(abs(places), len(flags)))
    if places > 0:
        return pa.concat_arrays([gap, flags.slice(0, len(flags) - len(gap))])
    return pa.concat_arrays([flags.slice(len(gap)), gap])


def fetch_records(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | dict[str, Any]
) -> list[dict[str, Any]]:
    """Run a query and give its rows by column name.

    Args:
        con: A cursor of the calling thread.
        sql: The query, with ``?`` or ``$name`` for every value.
        parameters: The values, by name where they have names.
    """
    result = con.execute(sql, parameters)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
