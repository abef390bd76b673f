"""An open lake: a database in memory whose tables are views of the Parquet files that the lake names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import duckdb

from logonscope.errors import StoreError
from logonscope.lake.address import Address
from logonscope.lake.known_times import KnownTimes
from logonscope.lake.lake_files import check_files
from logonscope.lake.mention_index import NOT_KNOWN, MentionIndex, listed_events
from logonscope.lake.months import EVERY_MONTH, Months, month_of
from logonscope.lake.parquet_sql import lake_sql, parquet
from logonscope.lake.showing_place import said_by_store, show_place
from logonscope.lake.snapshot import ROWS_PER_MACHINE, listed_at, read_snapshot
from logonscope.store.case_store import make_tables
from logonscope.store.open_store import OpenStore

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from logonscope.lake.address import LakePlace
    from logonscope.lake.mention_index import Mentions, Naming
    from logonscope.lake.snapshot import LakeFile
    from logonscope.store.row_window import RowWindow

BY_MACHINE = ("event", "full_session", "plain_session", "other_event", "absence")
"""Tables of which a question about some machines opens only their files."""
IN_FILES = (*BY_MACHINE, "mention", "mention_count", "origin", "chunk_place", "ingested")
"""Tables that are read from their files each time; all others are few enough to be held in memory."""
_NOT_STORED = ("modern_event", "built")
_MEMORY_BYTES = 1_000_000_000
_SETTINGS = (
    "SET GLOBAL autoinstall_known_extensions = false",
    "SET GLOBAL autoload_known_extensions = false",
    "SET GLOBAL parquet_metadata_cache = true",
    "SET GLOBAL preserve_insertion_order = false",
    "SET GLOBAL dynamic_or_filter_threshold = 500",
    f"SET GLOBAL memory_limit = '{_MEMORY_BYTES}B'",
)
_ANSWERS = "Check that the store answers, and open the lake again."
_REMAKE = "Ingest its sources again into a new folder: logonscope fleet ingest FILES --lake LAKE."


class Focus(NamedTuple):
    """What of a lake a cursor is to see."""

    machines: Collection[int] | None = None
    """Their ordinals; None for all."""
    months: Months = EVERY_MONTH
    """Of events."""
    naming: Naming = NOT_KNOWN
    """Of groups that name nothing of what is asked for nothing is seen, of some events only a list."""

    def without_lists(self) -> Focus:
        """The same, with all of each event that is seen."""
        return self._replace(naming=self.naming.by_group())


class LakeStore(OpenStore):
    """An open lake; nothing is ever written to it.

    Args:
        folder: The lake: a folder, or an address.
        work: A private folder for what does not fit into memory.

    Raises:
        StoreError: It is no lake, of another version, damaged, or its files are not those that it names.
    """

    def __init__(self, folder: LakePlace, work: Path) -> None:
        self.folder = folder
        self._times = KnownTimes()
        self._listed_at = listed_at(folder)
        self._files = read_snapshot(folder).tables
        check_files(folder, self._files)
        super().__init__(duckdb.connect(":memory:"))
        con = self._connection
        try:
            con.execute("SET temp_directory = $folder", {"folder": str(work / "spill")})
            for setting in _SETTINGS:
                con.execute(setting)
            show_place(con, folder, self._files)
            make_tables(con)
            con.execute(lake_sql("own_tables.sql"))
            self._selects = {table: self._select(table) for table in self._tables()}
            self._fill()
            self._index = MentionIndex(con, self._files["event"], self._files.get("mention", ()))
            self._listed_columns = [name for name, *_ in con.execute("DESCRIBE mention").fetchall()[2:]]
            self._read_codes()
        except duckdb.Error as error:
            con.close()
            reason = said_by_store(error) or str(error).partition("\n")[0]
            raise StoreError(f"{folder}: this lake cannot be read: {reason}", _advice(folder)) from error
        except StoreError:
            con.close()
            raise

    def _read_codes(self) -> None:
        try:
            self._read_dims()
        except StoreError as error:
            raise StoreError(f"{self.folder}: {error.message}", _REMAKE) from error

    def told(self, error: duckdb.Error) -> StoreError | None:
        """What came of a question in words for people; None where the lake is not to blame."""
        at_address, now = isinstance(self.folder, Address), listed_at(self.folder)
        if now != self._listed_at and not (at_address and now is None):
            return StoreError(f"{self.folder}: the lake was changed since it was opened", "Open it again.")
        if reason := said_by_store(error):
            return StoreError(f"{self.folder}: this lake cannot be read: {reason}", _ANSWERS)
        return None

    @property
    def has_findings(self) -> bool:
        """Whether the rules were run over the lake."""
        return bool(self._files.get("finding"))

    def _tables(self) -> list[str]:
        """The tables of the schema that the lake holds."""
        found = self._connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall()
        return [name for (name,) in found if self._files.get(name) and name not in _NOT_STORED]

    def _select(self, table: str) -> str:
        """A table's columns as the store has them, out of what is to be put behind FROM.

        Raises:
            StoreError: Its files have others.
        """
        con, first = self._connection, self._files[table][0]
        wanted = {name: kind for name, kind, *_ in con.execute(f'DESCRIBE "{table}"').fetchall()}
        source = parquet([str(self.folder / first.path)])
        held = {name: kind for name, kind, *_ in con.execute(f"DESCRIBE FROM {source}").fetchall()}
        wrong = [name for name, kind in wanted.items() if held.get(name) != kind and not kind.startswith("ENUM")]
        wrong += [name for name, kind in wanted.items() if kind.startswith("ENUM") and name not in held]
        if wrong:
            raise StoreError(
                f"{self.folder / first.path}: no table {table}: {', '.join(wrong)} missing or of other types",
                _REMAKE,
            )
        columns = ", ".join(f'"{name}"' for name in wanted)
        return f"SELECT {columns} FROM "

    def _fill(self) -> None:
        con = self._connection
        for table, select in self._selects.items():
            source = parquet(self._paths(self._files[table]))
            if table in IN_FILES:
                con.execute(f"DROP TABLE {table}")
                con.execute(f"CREATE VIEW {table} AS {select}{source}")
            else:
                con.execute(f"INSERT INTO {table} {select}{source}")
        if not self._files.get("overview"):
            con.execute(f"INSERT INTO overview {lake_sql('overview.sql')}")

    def _paths(self, listed: Iterable[LakeFile]) -> list[str]:
        return [str(self.folder / file.path) for file in listed]

    def focus(self, cursor: duckdb.DuckDBPyConnection, focus: Focus) -> None:
        """Let a cursor see only a part of the lake, until it is told otherwise."""
        for table in BY_MACHINE:
            listed = self._files.get(table, [])
            some = [file for file in self._of(table, focus.machines) if file.group not in focus.naming.without]
            some = [file for file in some if focus.months.holds(month_of(file.path))]
            if not listed:
                continue
            if table == "event" and focus.naming.mentions:
                query = self._events_named(some, focus)
                cursor.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS {query}")
            elif len(some) == len(listed):
                cursor.execute(f"DROP VIEW IF EXISTS temp.{table}")
            else:
                cursor.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS {self._seen(table, some)}")

    def _of(self, table: str, machines: Collection[int] | None) -> list[LakeFile]:
        listed = self._files.get(table, [])
        return listed if machines is None else [file for file in listed if _holds(file, machines)]

    def _seen(self, table: str, some: Sequence[LakeFile]) -> str:
        source = parquet(self._paths(some or self._files[table][:1])) + ("" if some else " WHERE false")
        return self._selects[table] + source

    def _events_named(self, events: Iterable[LakeFile], focus: Focus) -> str:
        """A query for the events of a list, and for all events of groups that have none."""
        others = [file for file in events if file.group not in focus.naming.listed]
        lists = self._of("mention", focus.machines)
        listed = listed_events(self.folder, lists, focus.naming, self._listed_columns)
        return self._seen("event", others) + (f" UNION ALL BY NAME {listed}" if listed else "")

    def look_up(
        self, cursor: duckdb.DuckDBPyConnection, asked: Sequence[Mentions], machines: Collection[int] | None
    ) -> Focus:
        """Where the events of some machines are that name one of each of what is asked for."""
        groups = {file.group for file in self._of("event", machines)}
        return Focus(machines, naming=self._index.look_up(cursor, asked, groups))

    def focus_on_rows(self, cursor: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> None:
        """The same for the machines that some row numbers and session IDs are of."""
        self.focus(cursor, Focus({abs(row) // ROWS_PER_MACHINE for row in rows}))

    def focus_on_events(self, cursor: duckdb.DuckDBPyConnection, rows: Sequence[int]) -> None:
        """The same for events alone: where it is known when they were, for these months only."""
        self.focus(cursor, Focus({row // ROWS_PER_MACHINE for row in rows}, self._times.months(rows)))

    def know(self, window: RowWindow) -> None:
        """Remember when the rows of a list were."""
        self._times.add(window)

    def log_end(self) -> datetime | None:
        """When the last record was written, as the overview has it."""
        (end,) = self.cursor().execute("SELECT max(last) FROM overview").fetchone() or (None,)
        return end  # type: ignore[no-any-return]


def _advice(folder: LakePlace) -> str:
    return _ANSWERS if isinstance(folder, Address) else _REMAKE


def _holds(file: LakeFile, machines: Collection[int]) -> bool:
    return any(file.first_machine <= machine <= file.last_machine for machine in machines)
