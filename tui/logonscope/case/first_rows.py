"""The first rows of a list that is too long to be ordered as a whole: cut by time, one span after another."""

from __future__ import annotations

import math
from time import monotonic
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.case.moments import filter_range
from logonscope.filters.sql import Sql, all_of, any_of
from logonscope.lake.months import Months, month_at
from logonscope.store.row_window import RowWindow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import duckdb

    from logonscope.case.view import View
    from logonscope.filters.compile import Target
    from logonscope.filters.lookup import Lookup
    from logonscope.lake.overview import Extent

_FIRST_SPAN_ROWS = 100_000
"""About how many rows lie in the first span."""
_SLOWEST_GROWTH, _FASTEST_GROWTH = 0.25, 32.0
_HASTY_ROWS = 300_000
"""About how many rows lie in the longest span where the first rows are wanted soon."""
_SPARE = 1.3
MANY_RECORDS = 1_000_000
"""So many are ordered as a whole."""
_SORTED_BY: dict[Target, str] = {"event": "e.time", "session": "s.start_latest"}
"""The lists that may be long, and what their usual order begins with."""
LONG_LISTS = frozenset(_SORTED_BY)


def first_rows(
    con: duckdb.DuckDBPyConnection,
    view: View,
    lookup: Lookup,
    extent: Extent,
    most: int,
    narrow: Callable[[Months], None] = lambda months: None,
    soon: float = math.inf,
) -> RowWindow:
    """The first rows of a view.

    Args:
        con: A cursor of the calling thread; interrupting it raises ``duckdb.InterruptException`` here.
        view: What to list.
        lookup: What its filter is compiled with.
        extent: The records that it may list.
        most: Greatest number of rows.
        narrow: Lets the cursor see the events of some months only.
        soon: Seconds after which any rows are enough.

    Returns:
        The rows, and whether there may be more.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    parts: list[pa.Table] = []
    cut = _Cut(view, lookup, extent, math.inf if soon == math.inf else _HASTY_ROWS)
    until, wanted = monotonic() + soon, most
    while most > 0 and not cut.is_through and (most == wanted or monotonic() < until):
        parts.append(_of_next_span(con, view, lookup, cut, most, narrow))
        most -= parts[-1].num_rows
        cut.grow(parts[-1].num_rows, most)
    return _window(parts, goes_on=most <= 0 or not cut.is_through)


def first_rows_at_once(con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, most: int) -> RowWindow:
    """The first rows of a view in its usual order: the database passes by all that lies behind them.

    Args:
        con: As of ``first_rows``, and so the others.
        view: What to list.
        lookup: What its filter is compiled with.
        most: Greatest number of rows.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    found = _limited(con, view.sql(lookup, also=f", {_SORTED_BY[view.target]}"), most)
    return _window([found], goes_on=found.num_rows == most)


def _of_next_span(
    con: duckdb.DuckDBPyConnection,
    view: View,
    lookup: Lookup,
    cut: _Cut,
    most: int,
    narrow: Callable[[Months], None],
) -> pa.Table:
    span, months = cut.next_span()
    if view.target == "event":
        narrow(months)
    return _limited(con, view.sql(lookup, span, also=f", {_SORTED_BY[view.target]}"), most)


def _limited(con: duckdb.DuckDBPyConnection, query: Sql, most: int) -> pa.Table:
    return con.sql(f"{query.text} LIMIT {most}", params=list(query.parameters)).to_arrow_table()


def _window(parts: list[pa.Table], *, goes_on: bool) -> RowWindow:
    rows, times = (column.combine_chunks() for column in pa.concat_tables(parts).columns)
    return RowWindow(rows.cast(pa.int64()), goes_on=goes_on, times=times)


class _Cut:
    """Cuts a list into spans of time, in its order, each as long as the one before lets expect."""

    def __init__(self, view: View, lookup: Lookup, extent: Extent, longest: float) -> None:
        self._longest = longest / max(extent.records, 1)
        self._by = _SORTED_BY[view.target] if view.is_in_usual_order else ""
        self._descending = view.descending
        self._first, self._last = extent.first, extent.last
        since, until = filter_range(view.filter, lookup.log_end) if view.target == "event" else (None, None)
        self._since, self._until = since, until
        share = 1.0
        if self._first and self._last:
            first, last = max(since or self._first, self._first), min(until or self._last, self._last)
            share = max((last - first) / (self._last - self._first), 0.0) if self._last > self._first else 1.0
            self._first, self._last = first, max(first, last)
        self._place = 0.0
        self._step = min(_FIRST_SPAN_ROWS / max(extent.records * share, 1), 1.0) if self._by and self._first else 1.0

    @property
    def is_through(self) -> bool:
        """Whether the list is at its end."""
        return self._place >= 1

    def next_span(self) -> tuple[Sql, Months]:
        """The condition of the next span, and its months.

        The first and the last are open; what has no time comes at the very end.
        """
        since, self._place = self._place, self._place + self._step
        if self._place > 1 - self._step / 2:
            self._place = 1.0
        parts = []
        if since > 0:
            parts.append(Sql(f"{self._by} {'<=' if self._descending else '>='} ?::TIMESTAMP", (self._time(since),)))
        if self._place < 1:
            parts.append(Sql(f"{self._by} {'>' if self._descending else '<'} ?::TIMESTAMP", (self._time(self._place),)))
        elif since > 0:
            parts = [any_of([*parts, Sql(f"{self._by} IS NULL")])]
        return all_of(parts), self._months(since)

    def grow(self, found: int, wanted: int) -> None:
        """Choose the length of the next span: for what is still wanted, if as many come as came."""
        growth = _SPARE * wanted / found if found else _FASTEST_GROWTH
        self._step = min(self._step * min(max(growth, _SLOWEST_GROWTH), _FASTEST_GROWTH), self._longest)

    def _time(self, place: float) -> datetime:
        assert self._first is not None
        assert self._last is not None
        length = (self._last - self._first) * place
        return self._last - length if self._descending else self._first + length

    def _months(self, since: float) -> Months:
        begin = self._time(since) if since > 0 else None
        end = self._time(self._place) if self._place < 1 else None
        first, last = (end, begin) if self._descending else (begin, end)
        first, last = first or self._since, last or self._until
        return Months(month_at(first) if first else None, month_at(last) if last else None)
