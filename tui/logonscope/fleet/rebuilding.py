"""Sessions for the machines of a lake that have none yet, and then what only all machines together show."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING

import duckdb

from logonscope.case.work_folder import WorkFolder
from logonscope.case.zones import zones_now
from logonscope.errors import StoreError
from logonscope.findings.rule import NO_THRESHOLDS, rules
from logonscope.findings.run import run_rules
from logonscope.fleet.cut_groups import CutGroups
from logonscope.fleet.findings import fill_findings
from logonscope.fleet.grouping import read_grouping
from logonscope.fleet.indexing import index, index_tasks
from logonscope.fleet.lake_folder import by_group
from logonscope.fleet.lake_writing import put
from logonscope.fleet.origins import fill_origins
from logonscope.fleet.private_database import private_database
from logonscope.fleet.progress import FleetProgress
from logonscope.fleet.sessions import SessionsTask, build
from logonscope.fleet.showing import show_lake
from logonscope.fleet.tables import DIMS, INDEXED, TASK_RECORDS
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.showing_place import show_place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.findings.finding import BrokenRule
    from logonscope.fleet.cluster import Cluster
    from logonscope.fleet.lake_folder import LakeFolder
    from logonscope.fleet.progress import Report
    from logonscope.fleet.sessions import Built
    from logonscope.lake.snapshot import LakeFile

_INGEST = "Read some into it: logonscope fleet ingest FILES --lake LAKE."
_SECONDS_BETWEEN_COMMITS = 30.0
_READ = ("source", "problem", "sign", "person", *DIMS)


@dataclass(slots=True)
class Rebuilding:
    """What a rebuild did."""

    is_new: bool = False
    """Whether there was anything to do."""
    machines: int = 0
    groups: int = 0
    sessions: int = 0
    findings: int = 0
    """Of single machines."""
    across: int = 0
    """Across machines."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Names of the machines whose sessions could not be built, and why; not sanitised."""
    larger: list[tuple[str, str]] = field(default_factory=list)
    """Names of machines of which a task had more records than it may have, and why; not sanitised."""
    broken: set[BrokenRule] = field(default_factory=set)


class LakeSessions:
    """One run.

    Args:
        lake: The lake, open for writing.
        cluster: The workers; they see the lake under the same path.
        report: Called as the work goes on.
        most: Records that one task may have; machines that have more are cut at boots.
    """

    def __init__(self, lake: LakeFolder, cluster: Cluster, report: Report, most: int = TASK_RECORDS) -> None:
        self._lake = lake
        self._most = most
        self._cluster = cluster
        self._report = report
        self._done = Rebuilding()
        self._built: list[Built] = []
        self._committed = time.monotonic()

    def run(self) -> Rebuilding:
        """Build what is missing; what is done is kept, however the run ends.

        Raises:
            StoreError: The lake holds no records.
        """
        if not self._lake.snapshot.tables.get("event"):
            raise StoreError(f"{self._lake.path}: this lake holds no records yet", _INGEST)
        tasks = list(self._tasks())
        large = [task for task in tasks if task.records > self._most]
        small = [task for task in tasks if task.records <= self._most]
        progress = FleetProgress("sessions", len(tasks), self._cluster.workers)
        self._report(progress)
        cut = CutGroups(self._cluster, large, self._most, progress, self._report)
        for outcome in chain(cut.build(), self._cluster.run(build, small)):
            progress.tasks_done += 1
            progress.workers = self._cluster.workers
            if outcome.result:
                self._keep(outcome.result)
                progress.records += outcome.result.sessions
            else:
                progress.failures += 1
                self._done.failed.append((", ".join(outcome.task.names.values()), outcome.error))
            self._report(progress)
        self._done.larger = cut.larger
        self._commit()
        is_indexed = self._index()
        if tasks or is_indexed or not self._has_across():
            self._report(FleetProgress("across", 0, self._cluster.workers))
            self._look_across()
            self._done.is_new = True
        return self._done

    def _tasks(self) -> Iterable[SessionsTask]:
        """The groups that have no sessions yet, the largest first."""
        lake = self._lake
        with duckdb.connect(":memory:") as con:
            show_place(con, lake.path)
            grouping = read_grouping(con, lake.files("machine"), lake.files("computer_machine"))
        done = {file.group for file in lake.snapshot.tables.get("overview_of_group", [])}
        waiting = sorted(set(grouping.groups.values()) - done)
        events = by_group(lake.snapshot.tables.get("event", []))
        names, pairs = grouping.names(), grouping.pairs()
        tables = {name: tuple(lake.files(name)) for name in _READ}
        for group in sorted(waiting, key=lambda group: -sum(file.bytes for file in events[group])):
            own = tuple(str(lake.path / file.path) for file in events[group])
            known = names[group], pairs[group], tables | {"event": own}
            records = sum(file.rows for file in events[group])
            yield SessionsTask(lake.path, lake.next_generation, group, records, *known)

    def _index(self) -> bool:
        """Index what is not indexed; says whether there was anything."""
        lake = self._lake
        held = lake.snapshot.tables.get("mention", [])
        every = list(index_tasks(lake.path, lake.next_generation, lake.snapshot.tables.get("event", [])))
        kept = {file.groups for file in held} & {task.groups for task in every}
        tasks = [task for task in every if task.groups not in kept]
        progress = FleetProgress("indexing", len(tasks), self._cluster.workers)
        tables = {
            name: [file for file in lake.snapshot.tables.get(name, []) if file.groups in kept] for name in INDEXED
        }
        for outcome in self._cluster.run(index, tasks):
            progress.tasks_done += 1
            progress.failures += outcome.result is None
            for name, written in (outcome.result or {}).items():
                tables[name] += written
            self._report(progress)
        if tasks:
            lake.commit(tables)
        return bool(tasks)

    def _keep(self, built: Built) -> None:
        self._built.append(built)
        self._done.machines += built.machines
        self._done.groups += 1
        self._done.sessions += built.sessions
        self._done.findings += built.findings
        self._done.broken |= set(built.broken)
        if time.monotonic() - self._committed > _SECONDS_BETWEEN_COMMITS:
            self._commit()

    def _commit(self) -> None:
        tables = {name: list(listed) for name, listed in self._lake.snapshot.tables.items()}
        for built in self._built:
            for name, written in built.files.items():
                tables.setdefault(name, []).extend(written)
        if self._built:
            self._lake.commit(tables)
        self._built.clear()
        self._committed = time.monotonic()

    def _has_across(self) -> bool:
        tables = self._lake.snapshot.tables
        return "origin" in tables and any(not file.group for file in tables.get("finding", []))

    def _look_across(self) -> None:
        """Run the rules that compare machines, and tell of the files, over the whole lake."""
        work = WorkFolder()
        try:
            with private_database(self._lake.path, work.path / "spill") as con:
                self._write_across(con)
        finally:
            work.remove()

    def _write_across(self, con: duckdb.DuckDBPyConnection) -> None:
        lake = self._lake
        show_lake(con, lake)
        outcome = run_rules(con, [rule for rule in rules() if rule.across], NO_THRESHOLDS, zones_now(con))
        fill_findings(con, outcome.found)
        fill_origins(con)
        con.execute(_FILE_MARKS)
        con.execute(files("logonscope.sessions").joinpath("file_marks.sql").read_text("utf-8"))
        of_groups = {name: _of_groups(lake, name) for name in ("finding", "coverage")}
        found = [str(lake.path / file.path) for file in of_groups["finding"]]
        overview = _OVERVIEW.format(parquet(found), parquet(lake.files("overview_of_group"))) if found else "overview"
        tables = {"overview": [put(con, lake.path, "overview", f"FROM {overview}", lake.next_generation)]}
        query = "FROM origin ORDER BY session_id, place"
        tables["origin"] = [put(con, lake.path, "origin", query, lake.next_generation)]
        if counts := lake.files("mention_count_of_group"):
            query = f"FROM {parquet(counts)} ORDER BY field, code, file_group"
            tables["mention_count"] = [put(con, lake.path, "mention_count", query, lake.next_generation)]
        for name, held in of_groups.items():
            tables[name] = [*held, put(con, lake.path, name, f"FROM {name}", lake.next_generation)]
        lake.commit(tables)
        self._done.across = len(outcome.found)
        self._done.broken |= set(outcome.broken)


def _of_groups(lake: LakeFolder, table: str) -> list[LakeFile]:
    return [file for file in lake.snapshot.tables.get(table, []) if file.group]


_OVERVIEW = """(
    WITH told AS (
        SELECT machine AS name, count(*) AS findings, count(*) FILTER (severity = 'high') AS high
        FROM (FROM finding UNION ALL FROM {}) GROUP BY machine
    )
    SELECT o.* REPLACE (coalesce(t.findings, 0) AS findings, coalesce(t.high, 0) AS high)
    FROM {} o LEFT JOIN told t USING (name) ORDER BY o.machine)
"""
_FILE_MARKS = """
    CREATE TEMP TABLE live_event AS
    SELECT number AS source, first AS time FROM lake_source UNION ALL SELECT number, last FROM lake_source;
"""
