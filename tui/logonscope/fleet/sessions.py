"""What a worker does last: sessions, boots, coverage and findings of a group of machines, as a case has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.case.zones import zones_now
from logonscope.findings.rule import NO_THRESHOLDS, rules
from logonscope.findings.run import run_rules
from logonscope.fleet.findings import fill_findings
from logonscope.fleet.lake_writing import put
from logonscope.fleet.private_database import private_store
from logonscope.fleet.tables import DIMS, EVENT_CODES, REBUILT, TEXT_DIMS
from logonscope.lake.parquet_sql import columns_of, lake_sql, parquet
from logonscope.sessions.machines import Machines
from logonscope.sessions.rebuild import rebuild

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from logonscope.findings.finding import BrokenRule, Findings
    from logonscope.fleet.grouping import Pair
    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile
    from logonscope.store.case_store import CaseStore


@dataclass(frozen=True, slots=True)
class SessionsTask:
    """One group of machines."""

    lake: LakePlace
    generation: int
    group: int
    records: int
    """How many it has."""
    names: Mapping[int, str]
    pairs: Mapping[Pair, int]
    tables: Mapping[str, tuple[str, ...]]
    """The files of ``event`` that are of the group, of ``source``, ``problem``, ``sign``, ``person`` and the dims."""


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it."""

    group: int
    machines: int
    sessions: int
    findings: int
    files: Mapping[str, Sequence[LakeFile]]
    broken: tuple[BrokenRule, ...]


def build(task: SessionsTask) -> Built:
    """Rebuild the sessions of a group.

    Raises:
        OSError, StoreError, duckdb.Error: Something cannot be read or written.
    """
    with private_store(task.lake, small=task.records <= _SMALL) as store:
        return _build(store, task)


def _build(store: CaseStore, task: SessionsTask) -> Built:
    store.expect_rows(task.records)
    fill(store.cursor(), task.tables, parquet(task.tables["event"]))
    rebuild(store.cursor(), Machines(dict(task.names), dict(task.pairs)))
    con = store.cursor()  # without the temporary tables of the rebuild
    con.execute(lake_sql("own_tables.sql"))
    outcome = find_what_is_told(con)
    written = {table: (file,) for table, file in write(con, task, (*REBUILT, *FOUND))}
    (sessions,) = con.execute("SELECT count(*) FROM session").fetchone() or (0,)
    return Built(task.group, len(task.names), sessions, len(outcome.found), written, outcome.broken)


def find_what_is_told(con: duckdb.DuckDBPyConnection) -> Findings:
    """Fill ``finding`` and ``overview`` of the machines whose sessions are built."""
    own = [rule for rule in rules() if not rule.across]
    outcome = run_rules(con, own, NO_THRESHOLDS, zones_now(con))
    fill_findings(con, outcome.found)
    con.execute(f"INSERT INTO overview {lake_sql('overview.sql')}")
    return outcome


def fill(con: duckdb.DuckDBPyConnection, tables: Mapping[str, Sequence[str]], events: str = "") -> None:
    """Put a part of the lake into a store.

    Args:
        con: A connection to it.
        tables: The files of each table.
        events: What stands behind FROM for its events, if they are to be put there, too.
    """
    for table in FILLED:
        source = events if table == "event" else parquet(tables[table]) if tables.get(table) else ""
        if source:
            con.execute(f"INSERT INTO {table} SELECT {columns_of(con, table)} FROM {source}{_WANTED.get(table, '')}")


FILLED = ("event", "source", "problem", "sign", "person", *DIMS)
_OWN = "SELECT DISTINCT source FROM event"
_ACCOUNTS = " UNION ".join(f"SELECT {column} FROM event" for column, dim in EVENT_CODES.items() if dim == "account")
_WANTED = {
    "event": " ORDER BY source, header_id, row",  # as the files have them: what lies beside what tells something
    "source": f" WHERE number IN ({_OWN})",
    "problem": f" WHERE source IN ({_OWN})",
    "sign": f" WHERE source IN ({_OWN})",
    "person": f" WHERE account IN ({_ACCOUNTS})",
    "dim_account": f" WHERE code IN ({_ACCOUNTS})",
    **{f"dim_{name}": f" WHERE code IN (SELECT {name} FROM event)" for name in TEXT_DIMS if name in EVENT_CODES},
}


def write(con: duckdb.DuckDBPyConnection, task: SessionsTask, tables: Iterable[str]) -> Iterator[tuple[str, LakeFile]]:
    """Write tables of a group; gives their files."""
    machines = min(task.names), max(task.names)
    for table in tables:
        place = f"{table}/group={task.group:04}"
        query = f"FROM {_TOLD_HERE.get(table, table)} ORDER BY ALL"
        yield table, put(con, task.lake, place, query, task.generation, machines)


_SMALL = 300_000
"""Records that are worked on in memory: more than groups of small machines have."""
FOUND = ("finding", "overview_of_group")
_TOLD_HERE = {"overview_of_group": "overview", "coverage": "coverage WHERE mark_id >= 0"}
"""What is told of files is told once, by the driver."""
