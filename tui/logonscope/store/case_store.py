"""The case store: opening it, and the one writer that fills it."""

from __future__ import annotations

import logging
import math
import os
import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb
import pyarrow as pa

from logonscope.debug_log import RECORD_CONTENT
from logonscope.errors import StoreError
from logonscope.knowledge.accounts import account_kind
from logonscope.knowledge.before_vista import old_events
from logonscope.store.open_store import OpenStore, at_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from logonscope.model import ReadProblem, TamperSign
    from logonscope.normalise.cutting import LeftOut
    from logonscope.readers.cut import Cut
    from logonscope.readers.source_file import SourceFile

_log = logging.getLogger(__name__)
FILE_NAME = "case.duckdb"
MORE_ROOM = "Free some space there, or set XDG_CACHE_HOME to a folder with more."
"""What to do where a store cannot be written."""
_LEAST_MEMORY, _MOST_MEMORY = 256_000_000, 1_100_000_000
_BYTES_PER_ROW = 600
"""What the rebuild of the sessions needs; below that it fails, not only slows down."""
_ROWS_AT_ONCE = 2048
"""DuckDB takes the texts of so many rows out of their compression together."""
_COPIES = 4
"""Of such texts while a query runs: sizes are rounded up to powers of two, and the rows need not be those counted."""
_MOST_BYTES_WAITING = 192_000_000
"""More than a row group of usual records takes: what is written in parts is compressed twice."""
_BYTES_BESIDE = 140
"""Of an event, in all columns but that of the texts, which alone may be long."""
_ZSTD_MIN_BYTES = 64
_SOONEST_WRITE_SECONDS, _LATEST_WRITE_SECONDS = 0.25, 2.0
"""How long to gather rows at the most: somebody may wait for the first, and many at once cost less."""
_MANY_ROWS = 1_000_000
"""From so many events on a query gains more from several threads than they cost."""


class CaseStore(OpenStore):
    """An open case store; only one thread writes.

    Args:
        folder: A private folder that holds, or gets, the store, and what does not fit into memory.
        kept: The folder of a store that is only to be read, in place of the first.
        in_memory: Whether a new one is to be in memory only: for few records, and nobody who opens it again.

    Raises:
        StoreError: The store cannot be made or opened there.
    """

    def __init__(self, folder: Path, kept: Path | None = None, *, in_memory: bool = False) -> None:
        self.file = (kept or folder) / FILE_NAME
        self._rows_expected = self._texts_expected = 0
        is_new = not self.file.exists()
        database = ":memory:" if in_memory else str(self.file)
        try:
            super().__init__(duckdb.connect(database, read_only=kept is not None))
            self._connection.execute("SET temp_directory = $folder", {"folder": str(folder / "spill")})
            self._connection.execute(f"SET memory_limit = '{_LEAST_MEMORY}B'")
            self._connection.execute(f"SET zstd_min_string_length = {_ZSTD_MIN_BYTES}")
            self._connection.execute("SET threads = 1")
            if is_new:
                with at_once(self._connection):
                    make_tables(self._connection)
            else:
                self._read_dims()
        except duckdb.Error as error:
            word = "make" if is_new else "open"
            raise StoreError(
                f"{self.file.parent}: cannot {word} the case store: {error}",
                MORE_ROOM,
            ) from error

    def expect_rows(self, rows: int) -> None:
        """Use more memory, and more threads, for a large store.

        Args:
            rows: How many events there are.
        """
        ((texts,),) = self._connection.execute("SELECT coalesce(max(bytes), 0) FROM long_text").fetchall()
        self._rows_expected = rows
        self.expect_texts(texts)
        if rows >= _MANY_ROWS:
            self._connection.execute("RESET threads")

    def expect_texts(self, size: int) -> None:
        """Use more memory where texts of records are long.

        Args:
            size: Bytes of the longest, of as many as are read at once.
        """
        self._texts_expected = max(self._texts_expected, size)
        memory = max(_LEAST_MEMORY, _BYTES_PER_ROW * self._rows_expected) + _COPIES * self._texts_expected
        self._connection.execute(f"SET memory_limit = '{min(memory, _MOST_MEMORY)}B'")


def make_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables of a store in an empty database."""
    con.execute(files("logonscope.store").joinpath("schema.sql").read_text("utf-8"))
    con.execute("INSERT INTO modern_event SELECT unnest(?), unnest(?), unnest(?), unnest(?)", _modern_events())


def _modern_events() -> list[list[int | str | None]]:
    """The columns of ``modern_event``."""
    old = old_events().values()
    return [
        [event.id for event in old],
        [event.modern for event in old],
        ["|".join(event.rights) for event in old],
        [event.status or None for event in old],
    ]


class _SourceRow(NamedTuple):
    number: int
    path: str
    kind: str
    size: int
    records: int = 0
    notes: Sequence[str] = ()


_SOURCE = pa.schema(
    {
        "number": pa.int32(),
        "path": pa.string(),
        "kind": pa.string(),
        "size": pa.uint64(),
        "records": pa.uint64(),
        "notes": pa.list_(pa.string()),
    }
)
_PROBLEM = pa.schema(
    {
        "source": pa.int32(),
        "part": pa.string(),
        "offset": pa.uint64(),
        "header_id": pa.uint64(),
        "reason": pa.string(),
    }
)
_SIGN = pa.schema({"source": pa.int32(), "kind": pa.string(), "offset": pa.uint64(), "seen": pa.string()})


def _table(schema: pa.Schema, rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema)


class Writer:
    """Appends to the store: batches are gathered and written many thousands of rows at a time.

    Args:
        store: The store; no other writer may be at work.
        rows_per_write: How many rows to gather; a row group of DuckDB goes to its place without a detour by the log.
        rows_soon: Whether somebody waits for rows: then fewer are written, too.
    """

    def __init__(self, store: CaseStore, rows_per_write: int = 122_880, *, rows_soon: bool = True) -> None:
        self._store = store
        self._dims = store.dims
        self._con = store.cursor()
        self._rows_per_write = rows_per_write
        self._seconds_per_write = _SOONEST_WRITE_SECONDS if rows_soon else math.inf
        self._waiting: list[pa.RecordBatch] = []
        self._rows_waiting = self._bytes_waiting = 0
        self._longest_texts = 0
        self._written_codes = {name: self._held(f"dim_{name}", "code") for name in (*self._dims.text, "account")}
        self._last_write = 0.0
        self._rows = self._held("event", "row")
        self._sources: dict[int, _SourceRow] = {}
        self._changed_sources: set[int] = set()
        self._stored_sources = {number for (number,) in self._con.execute("SELECT number FROM source").fetchall()}
        self._problems: list[tuple[Any, ...]] = []
        self._signs: list[tuple[Any, ...]] = []

    def _held(self, table: str, column: str) -> int:
        """The first number of a table that is not taken: not 0 where the store is that of an earlier run."""
        found = self._con.execute(f"SELECT coalesce(max({column}) + 1, 0) FROM {table}").fetchall()
        return int(found[0][0])

    def add_source(self, number: int, file: SourceFile) -> None:
        """Enter a file before its records."""
        _log.debug("source %d is %s, %s of %d bytes", number, stored_path(file.place), file.kind, file.size)
        self._set_source(_SourceRow(number, stored_path(file.place), file.kind, file.size))

    def _set_source(self, source: _SourceRow) -> None:
        self._sources[source.number] = source
        self._changed_sources.add(source.number)

    def add_cut(self, cut: Cut) -> None:
        """Enter that only a part of the records is loaded."""
        self._con.execute("INSERT INTO load_cut VALUES (?, ?)", [str(cut), cut.is_partial])

    def add_left_out(self, source: int, runs: Sequence[LeftOut]) -> None:
        """Enter which records of a file were left out."""
        if runs:
            names = ("computer", "channel", "first_id", "last_id")
            columns = dict(zip(names, zip(*runs, strict=True), strict=True))
            self._insert("left_out", pa.table({"source": [source] * len(runs)} | columns))

    def finish_source(self, number: int, records: int, notes: Iterable[str], size: int | None = None) -> None:
        """Enter how many records a file held and what is to be known of it.

        Args:
            number: The number of the source.
            records: How many there are by now.
            notes: What is to be known of the whole file.
            size: Its size in bytes, where that has changed.
        """
        _log.debug("source %d: %d records", number, records)
        source = self._sources[number]
        size = source.size if size is None else size
        self._set_source(source._replace(records=records, notes=list(notes), size=size))

    def add_events(self, batch: pa.RecordBatch) -> bool:
        """Append events.

        Returns:
            Whether rows were written, so that readers can see more than before.
        """
        self._waiting.append(batch)
        self._rows_waiting += batch.num_rows
        self._bytes_waiting += _size(batch)
        waiting = self._rows_waiting
        is_little = waiting < self._rows_per_write and self._bytes_waiting < _MOST_BYTES_WAITING
        if is_little and time.monotonic() - self._last_write < self._seconds_per_write:
            return False
        # Whole row groups: a checkpoint writes what follows a part of one a second time.
        self._write(waiting - waiting % self._rows_per_write or waiting)
        self._seconds_per_write = min(2 * self._seconds_per_write, _LATEST_WRITE_SECONDS)
        return True

    def add_problems(self, source: int, problems: Sequence[ReadProblem]) -> None:
        """Enter what could not be read."""
        for problem in problems if _log.isEnabledFor(logging.DEBUG) else ():
            _log.debug("source %d: a %s at %s cannot be read", source, problem.part, problem.offset)
            _log.log(RECORD_CONTENT, "it is said: %s", problem.reason)
        self._problems += [(source, p.part, p.offset, p.record_id, p.reason) for p in problems]

    def add_signs(self, source: int, signs: Iterable[TamperSign]) -> None:
        """Enter what a change of a file may have left behind."""
        self._signs += [(source, sign.kind, sign.offset, sign.seen) for sign in signs]

    def flush(self) -> None:
        """Write what is waiting."""
        self._write(self._rows_waiting)

    def _write(self, count: int) -> None:
        """Write so many of the rows that are waiting, and what they refer to: each commit waits for the disk."""
        with at_once(self._con):
            self._write_sources()
            self._write_dims()
            if count:
                self._write_rows(count)
        self._last_write = time.monotonic()

    def _write_rows(self, count: int) -> None:
        waiting = pa.Table.from_batches(self._waiting)
        self._waiting = waiting.slice(count).to_batches()
        self._rows_waiting -= count
        self._bytes_waiting = sum(map(_size, self._waiting))
        rows = pa.arange(self._rows, self._rows + count)
        self._rows += count
        self._expect_texts(waiting.column("event_data").slice(0, count))
        self._insert("event", waiting.slice(0, count).add_column(0, "row", rows))

    def _expect_texts(self, texts: pa.ChunkedArray) -> None:
        longest = max(texts.slice(start, _ROWS_AT_ONCE).nbytes for start in range(0, len(texts), _ROWS_AT_ONCE))
        if longest > self._longest_texts:
            self._longest_texts = longest
            self._store.expect_texts(longest)
            self._insert("long_text", pa.table({"bytes": pa.array([longest], pa.uint64())}))

    def _write_sources(self) -> None:
        if self._changed_sources:
            if replaced := self._changed_sources & self._stored_sources:
                self._con.execute("DELETE FROM source WHERE number IN (SELECT unnest(?))", [list(replaced)])
            self._stored_sources |= self._changed_sources
            self._insert("source", _table(_SOURCE, [self._sources[number] for number in self._changed_sources]))
            self._changed_sources.clear()
        if self._problems:
            self._insert("problem", _table(_PROBLEM, self._problems))
            self._problems.clear()
        if self._signs:
            self._insert("sign", _table(_SIGN, self._signs))
            self._signs.clear()

    def _write_dims(self) -> None:
        for name, dim in self._dims.text.items():
            known = self._written_codes[name]
            if known < len(dim.texts):
                texts = dim.texts[known:]
                codes = pa.array(range(known, known + len(texts)), pa.int32())
                self._insert(f"dim_{name}", pa.table({"code": codes, "text": pa.array(texts, pa.string())}))
                self._written_codes[name] += len(texts)
        known = self._written_codes["account"]
        accounts = self._dims.account.accounts[known:]
        if accounts:
            codes = pa.array(range(known, known + len(accounts)), pa.int32())
            sids, names, domains = (pa.array(part, pa.string()) for part in zip(*accounts, strict=True))
            kinds = pa.array([account_kind(sid, name) for sid, name, _ in accounts], pa.string())
            table = {"code": codes, "sid": sids, "name": names, "domain": domains, "kind": kinds}
            self._insert("dim_account", pa.table(table))
            self._written_codes["account"] += len(accounts)

    def _insert(self, table: str, rows: pa.Table) -> None:
        self._con.register("waiting_rows", rows)
        try:
            self._con.execute(f"INSERT INTO {table} SELECT * FROM waiting_rows")
        finally:
            self._con.unregister("waiting_rows")


def _size(events: pa.RecordBatch) -> int:
    """About how many bytes events take; to ask all columns takes longer than to write the records of a small file."""
    texts: int = events.column("event_data").nbytes
    return texts + int(events.num_rows) * _BYTES_BESIDE


def stored_path(path: Path | str) -> str:
    """A path as the store can hold it: bytes that are no UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
