"""Lakes made in a test: the work done here or by real workers, some of which die of it."""

from __future__ import annotations

import os
import signal
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

import duckdb

from logonscope.case.case import Case
from logonscope.demo.history import live
from logonscope.fleet.cluster import Cluster, Outcome
from logonscope.fleet.ingest import Ingest, Ingested
from logonscope.fleet.lake_folder import LakeFolder, lake_to_write
from logonscope.fleet.parse import Parsed, ParseTask, parse
from logonscope.fleet.rebuilding import LakeSessions, Rebuilding
from logonscope.fleet.showing import show_lake
from logonscope.fleet.tables import TASK_RECORDS
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.showing_place import show_place
from logonscope.lake.snapshot import read_snapshot
from logonscope.readers import evtx_apart
from logonscope.store.session_rows import fetch_sessions
from support import deadly_parser
from support.histories import KINDS, random_lives
from support.logs import write_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from logonscope.lake.address import LakePlace

POISON = "poison"
"""In the name of a file that is the end of whoever reads it."""
DIED_ONCE = "DIED_ONCE"


def write_machines(folder: Path, count: int, steps: int = 40) -> Path:
    """The logs of so many machines, each with a history of its own."""
    kinds = list(KINDS.values())
    for number in range(count):
        life, *_ = random_lives(kinds[number % len(kinds)], steps, Random(number))
        setup = replace(life.setup, name=f"PC{number:03}")
        write_machine(live(replace(life, setup=setup)), folder)
    return folder


class HereCluster:
    """Does the work in the test's own process."""

    workers = 1
    dashboard = ""

    def run(self, work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Outcome[Any, Any]]:
        for task in tasks:
            yield Outcome(task, work(task))


def ingest(lake: LakePlace, *sources: Path, cluster: object | None = None) -> Ingested:
    """Ingest, here if no cluster is given."""
    with lake_to_write(lake, make=True) as folder:
        return Ingest(folder, cast("Cluster", cluster or HereCluster()), lambda _: None).run([*map(str, sources)])


def rebuild_lake(lake: LakePlace, cluster: object | None = None, most: int = TASK_RECORDS) -> Rebuilding:
    """Rebuild, here if no cluster is given; machines with more records than ``most`` are cut."""
    with lake_to_write(lake, make=False) as folder:
        done = LakeSessions(folder, cast("Cluster", cluster or HereCluster()), lambda _: None, most).run()
    assert not done.failed
    assert not done.broken
    return done


Told = tuple[list[dict[str, Any]], list[tuple[Any, ...]]]
"""Sessions in the order of their keys, and findings."""


def told_by_case(logs: Path, work: Path) -> Told:
    """What the local path makes of some logs."""
    work.mkdir(exist_ok=True)
    with Case([logs], work_parent=work) as case:
        case.load()
        findings = [(f.rule, f.machine, f.severity, f.since, f.until, f.records) for f in case.findings().found]
        return _sessions(case.cursor()), sorted(findings, key=str)


def told_by_lake(lake: LakePlace) -> Told:
    """What a lake holds."""
    folder = LakeFolder(lake, read_snapshot(lake))
    with duckdb.connect(":memory:") as con:
        show_place(con, lake)
        show_lake(con, folder)
        columns = "rule, machine, severity, since, until, records"
        findings = con.execute(f"SELECT {columns} FROM {parquet(folder.files('finding'))}").fetchall()
        counts = con.execute(f"SELECT sum(findings) FROM {parquet(folder.files('overview'))}").fetchall()
        assert counts == [(sum(1 for _, machine, *_ in findings if machine),)]
        return _sessions(con), sorted(findings, key=str)


def _sessions(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """All that is shown of each session; row numbers are each store's own."""
    found = fetch_sessions(con, [number for (number,) in con.execute("SELECT session_id FROM session").fetchall()])
    keys = {session.session_id: session.key for session in found}
    rows = [asdict(session) | {"session_id": 0, "parent": keys.get(session.parent or 0)} for session in found]
    return sorted(rows, key=lambda row: (row["key"], str(row)))


def parse_or_die(task: ParseTask) -> Parsed:
    """Die of a file that is named so."""
    if any(POISON in unit.path for unit in task.units):
        os.kill(os.getpid(), signal.SIGKILL)
    return parse(task)


def parse_dying_once(task: ParseTask) -> Parsed:
    """The first worker that comes here dies in the middle of it."""
    marker = Path(str(task.lake).removeprefix("local://")).with_name(DIED_ONCE)
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return parse(task)


def parse_with_deadly_parser(task: ParseTask) -> Parsed:
    """Some chunks are the end of the process that parses them, first of the worker; see ``deadly_parser``."""
    apart = evtx_apart._Apart()
    with (
        patch.object(evtx_apart, "_serve", deadly_parser.serve),
        patch.object(evtx_apart, "parse_run", deadly_parser.deadly_run),
        patch.object(evtx_apart, "_apart", apart),
    ):
        try:
            return parse(task)
        finally:
            apart.end()
