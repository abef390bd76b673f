"""What workers do for a group of machines that is too large for one task: it is cut at boots; see ``cut_rebuild``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from logonscope.fleet.lake_writing import at_hand, hand_over, leave
from logonscope.fleet.private_database import private_database, private_store
from logonscope.fleet.sessions import FILLED, FOUND, Built, SessionsTask, fill, find_what_is_told, write
from logonscope.fleet.showing import show_tables
from logonscope.fleet.tables import DIMS, OF_BOOTS, OF_MACHINES
from logonscope.lake.parquet_sql import columns_of, parquet, quoted
from logonscope.sessions.boot_runs import DESKS, SURVEYED, BootRun, boot_runs
from logonscope.sessions.cut_rebuild import (
    PASSED_ON,
    build_run,
    find_logons,
    find_lost_boots,
    logons_of_run,
    order_security,
    settle_desks,
    stage_who,
    tell_whole,
)
from logonscope.sessions.logon import Logon
from logonscope.sessions.machines import Machines
from logonscope.sessions.rebuild import survey
from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile
    from logonscope.sessions.lost_boots import Spans
    from logonscope.store.case_store import CaseStore

_CONTEXT = """
    SELECT e.* FROM event e
    SEMI JOIN (
        SELECT row FROM neighbour
        UNION
        SELECT s.row FROM security s JOIN border b ON b.machine = s.machine AND b.pos = s.pos
    ) USING (row)
"""
"""The events of other logs, and those just before the first ones of the runs."""
Parts = tuple[tuple[BootRun, ...], ...]


@dataclass(frozen=True, slots=True)
class CutTask:
    """A group that is cut."""

    group: SessionsTask
    folder: LakePlace
    """Where the tables lie that one step leaves for the next."""
    most: int
    """Records of the Security logs that go together."""

    def place(self, table: str, number: int | None = None) -> LakePlace:
        """The file of a table, or of what one part says of it."""
        return self.folder / f"{table}{'' if number is None else f'-{number}'}.parquet"

    @property
    def machines(self) -> Machines:
        """The machines of the group."""
        return Machines(dict(self.group.names), dict(self.group.pairs))


@dataclass(frozen=True, slots=True)
class RunTask:
    """One part of such a group."""

    cut: CutTask
    number: int
    of: int
    """How many parts there are."""
    runs: tuple[BootRun, ...]

    @property
    def logons(self) -> LakePlace:
        """The file of its logons at desks."""
        return self.cut.folder / f"logons-{self.number}.msgpack"

    @property
    def store(self) -> LakePlace:
        """The file of a store that has its events."""
        return self.cut.folder / f"events-{self.number}.duckdb"


@dataclass(frozen=True, slots=True)
class SettleTask:
    """All parts of such a group, when their logons are known."""

    cut: CutTask
    parts: tuple[RunTask, ...]
    spans: tuple[Spans, ...]
    """Of the parts; empty where lost starts have been found before."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of that."""

    are_starts_lost: bool = False
    """Whether boots were found that no log shows: all that is known has to be found anew with them."""
    can_be_cut: bool = True


@dataclass(frozen=True, slots=True)
class TellTask:
    """All parts of such a group, when their sessions are written."""

    cut: CutTask
    parts: int
    """How many."""
    files: Mapping[str, Sequence[LakeFile]]


def survey_group(task: CutTask) -> Parts:
    """Find what holds for the machines as a whole, and where they are cut.

    Raises:
        OSError, duckdb.Error: Something cannot be read or written.
    """
    if isinstance(task.folder, Path):
        task.folder.mkdir(parents=True, exist_ok=True)
    with _seeing(task) as con:
        stage(con, "lost_boot", [])
        if task.place("lost_boot").exists():
            _take(con, task, ("lost_boot",))
        order_security(con)
        _leave(con, task, ("security_record",))
        _see_security(con, task)
        survey(con)
        parts = tuple(boot_runs(con, task.most))
        _leave(con, task, SURVEYED)
        borders = [(run.machine, run.first_pos - 1) for part in parts for run in part]
        stage(con, "border", borders)
        leave(con, _CONTEXT, task.place("context"))
        return parts


def find_logons_of(task: RunTask) -> Spans:
    """Find the logons of a part: leaves those at desks, and how many end.

    Raises:
        OSError, StoreError, duckdb.Error: Something cannot be read or written.
    """
    with private_store(task.cut.group.lake) as store:
        store.expect_rows(sum(run.records for run in task.runs))
        _fill(store.cursor(), task)
        store.cursor().execute("CHECKPOINT")
        hand_over(store.file, task.store)
        con = _with_logons(store, task)
        logons, spans = logons_of_run(con)
        task.logons.write_bytes(msgspec.msgpack.encode(logons))
        _leave(con, task.cut, ("ending",), task.number)
        return dict(spans)


def settle(task: SettleTask) -> Settled:
    """Tie desktops to the logons of all parts.

    Raises:
        OSError, duckdb.Error: Something cannot be read or written.
    """
    cut = task.cut
    with _seeing(cut) as con:
        _take(con, cut, SURVEYED)
        _see_security(con, cut)
        if find_lost_boots(con, task.spans):
            _leave(con, cut, ("lost_boot",))
            return Settled(are_starts_lost=True)
        decoder = msgspec.msgpack.Decoder(list[Logon])
        logons = [logon for part in task.parts for logon in decoder.decode(part.logons.read_bytes())]
        if not settle_desks(con, logons, [part.runs for part in task.parts]):
            return Settled(can_be_cut=False)
        _leave(con, cut, (*DESKS, "desk_owner"))
        return Settled()


def build_part(task: RunTask) -> dict[str, LakeFile]:
    """Write the sessions of a part; gives the files by table.

    Raises:
        OSError, StoreError, duckdb.Error: Something cannot be read or written.
    """
    with private_store(task.cut.group.lake) as store:
        _show_filled(store.cursor(), at_hand(task.store, store.file.parent))
        con = _with_logons(store, task)
        own = f"(SELECT session FROM {parquet([task.cut.place('desk_owner')])} WHERE part = {task.number})"
        _take(con, task.cut, DESKS, f" WHERE session IN {own}")
        _take_all(con, task.cut, "*", ("ending",), task.of)
        build_run(con)
        _leave(con, task.cut, PASSED_ON, task.number)
        return dict(write(con, task.cut.group, OF_BOOTS))


def tell_group(task: TellTask) -> Built:
    """Write what is of the machines as a whole: boots, coverage, findings.

    Raises:
        OSError, duckdb.Error: Something cannot be read or written.
    """
    lake = task.cut.group.lake
    built = {name: tuple(str(lake / file.path) for file in files) for name, files in task.files.items()}
    with _seeing(task.cut, built) as con:
        _take(con, task.cut, SURVEYED)
        _take_all(con, task.cut, "DISTINCT *", PASSED_ON, task.parts)
        tell_whole(con)
        con = con.cursor()  # without the temporary tables
        outcome = find_what_is_told(con)
        told = {name: (file,) for name, file in write(con, task.cut.group, (*OF_MACHINES, *FOUND))}
        (sessions,) = con.execute("SELECT count(*) FROM session").fetchone() or (0,)
    names = task.cut.group.names
    return Built(task.cut.group.group, len(names), sessions, len(outcome.found), {**task.files, **told}, outcome.broken)


@contextmanager
def _seeing(task: CutTask, built: Mapping[str, Sequence[str]] | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that sees a group of the lake in its files, with its people and machines staged."""
    tables = task.group.tables
    with TemporaryDirectory(prefix="logonscope-") as spill, private_database(task.group.lake, Path(spill)) as con:
        show_tables(con, {name: tables[name] for name in ("event", *DIMS)} | dict(built or {}))
        fill(con, {name: tables[name] for name in ("source", "problem", "sign", "person")})
        stage_who(con, task.machines)
        yield con


def _see_security(con: duckdb.DuckDBPyConnection, task: CutTask) -> None:
    """Let the Security log be seen in a file: it may be larger than the memory is."""
    con.execute(f"CREATE OR REPLACE TEMP VIEW security AS FROM {parquet([task.place('security_record')])}")


def _with_logons(store: CaseStore, task: RunTask) -> duckdb.DuckDBPyConnection:
    """Find the logons of a part in a store that has its events."""
    con = store.cursor()
    (rows,) = con.execute("SELECT count(*) FROM event").fetchone() or (0,)
    store.expect_rows(rows)
    stage_who(con, task.cut.machines)
    _take(con, task.cut, SURVEYED)
    find_logons(con, task.runs)
    return con


def _show_filled(con: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Fill an empty store as another one was, whose events are read where they are."""
    con.execute(f"ATTACH {quoted(file)} AS filled (READ_ONLY)")
    con.execute("DROP TABLE event; CREATE VIEW event AS FROM filled.event")
    for table in FILLED:
        if table != "event":
            con.execute(f"INSERT INTO {table} FROM filled.{table}")


def _fill(con: duckdb.DuckDBPyConnection, task: RunTask) -> None:
    _take(con, task.cut, ("generation",))
    columns = columns_of(con, "event")
    context = parquet([task.cut.place("context")])
    own = " UNION ALL ".join(_events(task, run, columns) for run in task.runs)
    apart = f"SELECT o.* FROM ({own}) o ANTI JOIN {context} c USING (row)"
    fill(con, task.cut.group.tables, f"(FROM {context} UNION ALL {apart})")


def _events(task: RunTask, run: BootRun, columns: str) -> str:
    tables = task.cut.group.tables
    return f"""
        SELECT {columns} FROM {parquet(tables["event"])} e
        LEFT JOIN (SELECT source AS s, channel AS c, first_header_id, last_header_id, generation
                   FROM generation WHERE machine = {run.machine}) g
            ON g.s = e.source AND g.c = e.channel AND e.header_id BETWEEN g.first_header_id AND g.last_header_id
        WHERE e.row BETWEEN {run.first_row} AND {run.last_row}
          AND e.channel IN (SELECT code FROM {parquet(tables["dim_channel"])} WHERE lower(text) = 'security')
          AND (coalesce(g.generation, 0)::BIGINT << 48) + least(e.record_id, 281474976710655)::BIGINT
              BETWEEN {run.first_pos} AND {run.last_pos}
    """


def _take(con: duckdb.DuckDBPyConnection, task: CutTask, tables: Iterable[str], wanted: str = "") -> None:
    for table in tables:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM {parquet([task.place(table)])}{wanted}")


def _take_all(con: duckdb.DuckDBPyConnection, task: CutTask, columns: str, tables: Iterable[str], parts: int) -> None:
    for table in tables:
        files = [task.place(table, number) for number in range(parts)]
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM {parquet(files)}")


def _leave(con: duckdb.DuckDBPyConnection, task: CutTask, tables: Iterable[str], number: int | None = None) -> None:
    for table in tables:
        leave(con, f"FROM {table}", task.place(table, number))
