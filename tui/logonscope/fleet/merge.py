"""What a worker does then: the records of a group of machines, old and new, put in order and written by month."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from logonscope.fleet.lake_writing import FORM, making, taken_in
from logonscope.fleet.private_database import private_database
from logonscope.fleet.tables import EVENT_CODES
from logonscope.lake.parquet_sql import parquet, quoted
from logonscope.lake.snapshot import ROWS_PER_MACHINE, LakeFile
from logonscope.sessions.identity import drop_copies
from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

    from logonscope.fleet.grouping import Pair
    from logonscope.lake.address import LakePlace

_FILE_BITS = 36
_ORDER = "source, header_id, record_id, time, tick, computer, channel, provider, event_id, recovered"
_CODES_OF_ORDER = ("computer", "channel", "provider")
_PLAUSIBLE = "time BETWEEN TIMESTAMP '1995-01-01' AND TIMESTAMP '2100-01-01'"


@dataclass(frozen=True, slots=True)
class MergeTask:
    """The records of one group."""

    lake: LakePlace
    generation: int
    group: int
    pairs: Mapping[Pair, int]
    """Whose records are wanted, and the ordinal of the machine."""
    old: tuple[str, ...]
    """Files of the lake that hold some, or may."""
    new: tuple[tuple[str, int], ...]
    """Files of the staging that do, with the base of their part."""
    sources: tuple[str, ...]
    """The files of ``source``."""
    maps: Mapping[str, LakePlace]
    """By dim, the lake's codes for those of the parts."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of it."""

    group: int
    files: tuple[LakeFile, ...]
    duplicates: int
    """Records that were there twice, now dropped."""


def merge(task: MergeTask) -> Merged:
    """Write the records of a group.

    Raises:
        OSError, duckdb.Error: Something cannot be read or written.
    """
    with TemporaryDirectory(prefix="logonscope-") as folder, private_database(task.lake, Path(folder, "spill")) as con:
        con.execute("SET threads = 1; SET preserve_insertion_order = false")
        return _Merging(con, task).run()


class _Merging:
    def __init__(self, con: duckdb.DuckDBPyConnection, task: MergeTask) -> None:
        self._con = con
        self._task = task

    def run(self) -> Merged:
        con, task = self._con, self._task
        stage(con, "machine_of", [(*pair, machine) for pair, machine in sorted(task.pairs.items())])
        own = "number IN (SELECT source FROM machine_of)"
        con.execute(f"CREATE TABLE source AS SELECT number, path FROM {parquet(task.sources)} WHERE {own}")
        bases = [base for _, base in task.new]
        for name, path in task.maps.items():
            con.execute(f"CREATE TABLE map_{name} AS FROM {parquet([path])} WHERE part IN {(*bases, -1)}")
        # Without the columns that are long: what stays, and in which order, is known before those are read.
        con.execute(f"CREATE TABLE event AS {self._events(_CODES_OF_ORDER, f'row, {_ORDER}')}")
        con.execute("CREATE VIEW live_event AS FROM event WHERE recovered = 0")
        duplicates = drop_copies(con)
        self._number()
        return Merged(task.group, tuple(self._write()), duplicates)

    def _events(self, codes: Sequence[str], columns: str) -> str:
        """A query of the events in the lake's codes; row tells the file and the place in it."""
        old = (self._held(path, number) for number, path in enumerate(self._task.old))
        new = (
            self._recoded(path, base, number, codes)
            for number, (path, base) in enumerate(self._task.new, len(self._task.old))
        )
        return " UNION ALL BY NAME ".join(f"SELECT {columns} FROM ({query})" for query in (*old, *new))

    def _held(self, path: str, number: int) -> str:
        return (
            f"SELECT e.* EXCLUDE (file_row_number, machine) REPLACE ({_place(number)})"
            f" FROM {_numbered(path)} e SEMI JOIN machine_of USING (source, computer)"
        )

    def _recoded(self, path: str, base: int, number: int, codes: Sequence[str]) -> str:
        known = ", ".join(f"m_{column}.lake_code AS {column}" for column in codes)
        joins = " ".join(
            f"JOIN (FROM map_{EVENT_CODES[column]} WHERE part = {base}) m_{column} ON m_{column}.code = e.{column}"
            for column in codes
        )
        changed = f"(e.source + {base})::INTEGER AS source, {known}"
        lake = f"SELECT {_place(number)}, e.* EXCLUDE (file_row_number) REPLACE ({changed}) FROM {_numbered(path)} e"
        return f"FROM ({lake} {joins}) SEMI JOIN machine_of USING (source, computer)"

    def _number(self) -> None:
        """Number the records of each machine in the order of time."""
        self._con.execute(f"""
            CREATE TABLE numbered AS
            SELECT e.row AS found, m.machine,
                   CASE WHEN {_PLAUSIBLE} THEN strftime(e.time, '%Y-%m') ELSE 'none' END AS month,
                   m.machine::BIGINT * {ROWS_PER_MACHINE} + row_number() OVER (
                       PARTITION BY m.machine
                       ORDER BY e.time NULLS LAST, e.tick, s.path, e.source, e.header_id, e.row) AS row
            FROM event e
            JOIN machine_of m USING (source, computer)
            LEFT JOIN source s ON s.number = e.source;
            DROP VIEW live_event; DROP TABLE event;
        """)

    def _write(self) -> Iterator[LakeFile]:
        con, task = self._con, self._task
        with making(task.lake, f"merge-{task.group}") as part:
            con.execute(f"""
                COPY (SELECT e.* REPLACE (n.row AS row), n.machine, n.month
                      FROM ({self._events(tuple(EVENT_CODES), "*")}) e JOIN numbered n ON n.found = e.row
                      ORDER BY n.row)
                TO {quoted(part)} ({FORM}, PARTITION_BY (month), OVERWRITE_OR_IGNORE)
            """)
            months = "SELECT month, count(*), min(machine), max(machine) FROM numbered GROUP BY month ORDER BY month"
            for month, rows, first, last in con.execute(months).fetchall():
                (written,) = (part / f"month={month}").iterdir()
                place = f"event/month={month}/group={task.group:04}"
                yield taken_in(task.lake, written, place, task.generation, rows, (first, last))


def _place(number: int) -> str:
    return f"({number << _FILE_BITS} + e.file_row_number)::BIGINT AS row"


def _numbered(path: str) -> str:
    return parquet([path], ", file_row_number = true")
