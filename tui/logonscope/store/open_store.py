"""A store that is open: cursors for many threads, the texts behind its codes, and an orderly end."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import duckdb

from logonscope.errors import StoreError
from logonscope.normalise.dims import Dims

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CLOSE_TRIES, _CLOSE_SECONDS = 200, 0.01


@contextmanager
def at_once(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Write all of it or nothing; the disk is waited for once."""
    con.begin()
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # the error that led here says more
            con.rollback()
        raise
    con.commit()


class OpenStore:
    """An open store; readers take a cursor of their own.

    Args:
        connection: What it is open in.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.dims = Dims()
        self._connection = connection
        self._lock = Lock()
        self._cursors: WeakSet[duckdb.DuckDBPyConnection] = WeakSet()
        self._is_closing = False
        self.is_closed = False
        """Whether it was closed in order: only then its file is complete."""

    def _read_dims(self) -> None:
        """Know the codes of an earlier run.

        Raises:
            StoreError: The codes are not those of one run.
        """
        for name, dim in self.dims.text.items():
            dim.restore([text for (text,) in self._by_code(f"dim_{name}", "text")] or [""])
        self.dims.account.restore(self._by_code("dim_account", "sid, name, domain") or [("", "", "")])

    def _by_code(self, table: str, columns: str) -> list[Any]:
        """The rows of a dim, each at the place of its code: a wrong place would be a wrong name."""
        found = self._connection.execute(f"SELECT {columns} FROM {table} ORDER BY code").fetchall()
        sound = (
            "count(*) = count(DISTINCT code) AND coalesce(min(code), 0) = 0 AND coalesce(max(code), -1) = count(*) - 1"
        )
        if self._connection.execute(f"SELECT {sound} FROM {table}").fetchall() != [(True,)]:
            raise StoreError(f"{table}: its codes do not count up from 0, each once", "Load or ingest the logs anew.")
        return found

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one thread.

        Raises:
            duckdb.ConnectionException: The store is closed.
        """
        with self._lock:
            if self._is_closing:
                raise duckdb.ConnectionException("the case store is closed")
            cursor = self._connection.cursor()
            self._cursors.add(cursor)
            return cursor

    def focus_on_rows(self, cursor: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> None:
        """Say that the next queries of a cursor ask for the machines that some row numbers and session IDs are of.

        Leaving out the others may be cheaper.
        """

    def focus_on_events(self, cursor: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> None:
        """The same for events alone."""

    def expect_rows(self, rows: int) -> None:
        """Use more memory, and more threads, for a large store.

        Args:
            rows: How many events there are.
        """

    def close(self) -> None:
        """Close the store; running queries are interrupted. DuckDB does not close while one still runs."""
        with self._lock:
            self._is_closing = True
            cursors = list(self._cursors)
        for _ in range(_CLOSE_TRIES):
            for cursor in cursors:
                with suppress(duckdb.Error):
                    cursor.interrupt()
            try:
                self._connection.close()
            except duckdb.Error:
                time.sleep(_CLOSE_SECONDS)
            else:
                self.is_closed = True
                return
