"""What can be asked of a case about time: how lists are spread over it, and where in them a moment is."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from logonscope.case.jumps import Gap, Landing, next_gap, row_at
from logonscope.case.lanes import By, Chosen, Drawing, Lane, draw, find_lanes, next_session
from logonscope.case.moments import Density, density, shown_range
from logonscope.case.zones import Notes, machine_zones
from logonscope.errors import QueryCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from logonscope.case.scale import Scale
    from logonscope.case.view import View
    from logonscope.filters.lookup import Lookup


class Lanes(NamedTuple):
    """The lanes of a filter, and the span that they lie in."""

    since: datetime
    until: datetime
    lanes: tuple[Lane, ...]


class OverTime:
    """Questions about time; every method may be called from any thread.

    All of them raise ``FilterError`` where a value of the filter makes no sense for its field, and
    ``QueryCancelledError`` where the cursor was interrupted.

    Args:
        cursor: Gives a connection for one thread.
        lookup: Gives the names and texts that a filter is compiled with.
    """

    def __init__(self, cursor: Callable[[], duckdb.DuckDBPyConnection], lookup: Callable[[], Lookup]) -> None:
        self._cursor = cursor
        self._lookup = lookup

    @contextmanager
    def _asked(self, cursor: duckdb.DuckDBPyConnection | None) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            yield cursor or self._cursor()
        except duckdb.InterruptException as error:
            raise QueryCancelledError("interrupted") from error

    def density(self, view: View, columns: int, cursor: duckdb.DuckDBPyConnection | None = None) -> Density | None:
        """How the rows of a list are spread over its span, cut into some columns; None where nothing has a time."""
        with self._asked(cursor) as con:
            return density(con, view, self._lookup(), columns)

    def row_at(
        self, view: View, at: datetime, cursor: duckdb.DuckDBPyConnection | None = None, *, later: bool = True
    ) -> Landing | None:
        """The first row of a list at or after a moment, or the last at or before it."""
        with self._asked(cursor) as con:
            return row_at(con, view, self._lookup(), at, later=later)

    def next_gap(
        self, view: View, at: datetime, cursor: duckdb.DuckDBPyConnection | None = None, *, later: bool = True
    ) -> Gap | None:
        """The next silence in a list or hole in the record IDs, or the one before."""
        with self._asked(cursor) as con:
            return next_gap(con, view, self._lookup(), at, later=later)

    def machine_zones(self) -> dict[str, Notes]:
        """What the logs tell of the time zone of each machine."""
        with self._asked(None) as con:
            return machine_zones(con)

    def lanes(self, view: View, by: By, cursor: duckdb.DuckDBPyConnection | None = None) -> Lanes | None:
        """The lanes of a filter with the span of its events; None where nothing has a time."""
        lookup = self._lookup()
        with self._asked(cursor) as con:
            whole = shown_range(con, replace(view, target="event"), lookup)
            return Lanes(*whole, find_lanes(con, view, lookup, by)) if whole else None

    def drawing(
        self, view: View, by: By, lanes: Sequence[Lane], scale: Scale, cursor: duckdb.DuckDBPyConnection | None = None
    ) -> Drawing:
        """What is drawn on some lanes."""
        with self._asked(cursor) as con:
            return draw(con, view, self._lookup(), by, lanes, scale)

    def next_session(self, view: View, by: By, lane: int, after: Chosen, *, later: bool) -> Chosen | None:
        """The session of a lane that begins next, or the one before."""
        with self._asked(None) as con:
            return next_session(con, view, self._lookup(), by, lane, after, later=later)
