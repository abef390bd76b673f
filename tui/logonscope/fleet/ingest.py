"""Reading files into a lake: what is new is read by the workers, numbered here, and merged group by group."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from logonscope.errors import FleetError, SourceError
from logonscope.fleet.coding import Coded, Coding
from logonscope.fleet.compaction import compacted
from logonscope.fleet.grouping import Grouping, find_grouping, read_grouping
from logonscope.fleet.lake_folder import by_group, without_groups
from logonscope.fleet.lake_writing import making, put, remove_all
from logonscope.fleet.merge import MergeTask, merge
from logonscope.fleet.parse import Parsed, parse
from logonscope.fleet.people import changed_groups, write_people
from logonscope.fleet.planning import hash_batches, largest_first, parse_task, parse_tasks
from logonscope.fleet.private_database import private_database
from logonscope.fleet.progress import FleetProgress
from logonscope.fleet.source_listing import sha256_of, units_of
from logonscope.fleet.stretches import large, read_stretches, stretch_tasks
from logonscope.fleet.tables import INDEXED, REBUILT, TOLD
from logonscope.lake.address import Address
from logonscope.lake.parquet_sql import parquet
from logonscope.lake.showing_place import show_place
from logonscope.sessions.staging import table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from logonscope.fleet.cluster import Cluster, Outcome
    from logonscope.fleet.lake_folder import LakeFolder
    from logonscope.fleet.merge import Merged
    from logonscope.fleet.parse import ParseTask
    from logonscope.fleet.progress import Report
    from logonscope.fleet.source_listing import Unit
    from logonscope.fleet.stretches import Stretch
    from logonscope.lake.snapshot import LakeFile

_DIED = "Look at the file with logonscope check, or salvage what it holds: logonscope FILE --salvage."
_INGESTED = pa.schema(
    {
        "path": pa.string(),
        "size": pa.int64(),
        "sha256": pa.string(),
        "generation": pa.int32(),
        "error": pa.string(),
        "copy_of": pa.string(),
    }
)


@dataclass(slots=True)
class Ingested:
    """What an ingest did."""

    files: int = 0
    """Files that were read."""
    known: int = 0
    """Files whose contents the lake holds."""
    records: int = 0
    duplicates: int = 0
    problems: int = 0
    machines: int = 0
    """Machines of which there is more now."""
    is_stale: bool = False
    """Whether what is said of the machines has to be built anew, if only of the files."""
    unreadable: list[SourceError] = field(default_factory=list)


class Ingest:
    """One run.

    Args:
        lake: The lake, open for writing.
        cluster: The workers; they see the lake and the files under the same paths.
        report: Called as the work goes on.
    """

    def __init__(self, lake: LakeFolder, cluster: Cluster, report: Report) -> None:
        self._lake = lake
        self._cluster = cluster
        self._report = report
        self._done = Ingested()
        self._errors: dict[str, str] = {}
        """Of files that could not be read, by path."""
        self._copies: list[tuple[Unit, str]] = []
        """Files with the contents of another one, and the path of that."""

    def run(self, names: Sequence[str]) -> Ingested:
        """Read what the lake does not hold yet.

        Args:
            names: As for ``units_of``.

        Raises:
            FleetError: The work could not be done; the lake is what it was.
        """
        units = self._fresh(self._hashed(units_of(names, self._done.unreadable)))
        with making(self._lake.path, "spill") as spill, private_database(self._lake.path, spill) as con:
            if units:
                self._take_in(con, units, self._parse(units))
            elif self._copies:
                self._lake.commit({"ingested": self._list_ingested(con, ())})
        if units:
            remove_all(self._lake.staging)
        return self._done

    def _hashed(self, units: Sequence[Unit]) -> list[Unit]:
        batches = hash_batches(units)
        progress = self._progress("hashing", len(batches))
        hashed: list[Unit] = []
        for outcome in self._cluster.run(sha256_of, batches):
            sums = outcome.result or [""] * len(outcome.task)
            hashed += (replace(unit, sha256=found) for unit, found in zip(outcome.task, sums, strict=True))
            progress.tasks_done += 1
            progress.bytes += sum(unit.size for unit in outcome.task)
            self._report(progress)
        return sorted(hashed, key=lambda unit: unit.path)

    def _fresh(self, units: Iterable[Unit]) -> list[Unit]:
        held = self._lake.files("ingested")
        with duckdb.connect(":memory:") as con:
            show_place(con, self._lake.path)
            query = f"SELECT size, sha256, path FROM {parquet(held)} WHERE error = ''"
            rows = con.execute(query).fetchall() if held else []
        listed = {(path, digest) for _, digest, path in rows}
        known = {(size, digest): path for size, digest, path in reversed(rows)}
        fresh: list[Unit] = []
        for unit in units:
            first = known.setdefault((unit.size, unit.sha256), unit.shown) if unit.sha256 else unit.shown
            if first == unit.shown and (unit.shown, unit.sha256) not in listed:
                fresh.append(unit)
                continue
            self._done.known += 1
            if (unit.shown, unit.sha256) not in listed:
                self._copies.append((unit, first))
        return fresh

    def _progress(self, stage: str, tasks: int) -> FleetProgress:
        progress = FleetProgress(stage, tasks, self._cluster.workers)
        self._report(progress)
        return progress

    def _parse(self, units: Sequence[Unit]) -> list[Parsed]:
        tasks = parse_tasks(self._lake.path, units)
        progress = self._progress("reading", len(tasks))
        tasks = self._cut(tasks, progress)
        parsed: dict[str, Parsed] = {}
        failed = list(self._round(largest_first(tasks), progress, parsed))
        singles = [single for task in failed for single in self._singly(task)]
        for single in singles:  # one at a time: a worker that dies takes nothing else with it
            progress.tasks += 1
            list(self._round([single], progress, parsed))
        order = dict.fromkeys(task.key for task in (*tasks, *singles) if task.key in parsed)
        return [parsed[key] for key in order]

    def _singly(self, failed: ParseTask) -> Iterator[ParseTask]:
        """Each file of a task that a worker died of by itself, and with care."""
        for unit in failed.units:
            single = failed if len(failed.units) == 1 else parse_task(self._lake.path, [unit])
            yield replace(single, is_careful=True)

    def _cut(self, tasks: Sequence[ParseTask], progress: FleetProgress) -> list[ParseTask]:
        """Have all workers read stretches of the logs that are too large for one; they lie in a folder."""
        if isinstance(self._lake.staging, Address):
            return list(tasks)
        waiting = [task for task in tasks if not task.is_done]
        logs = large([unit for task in waiting for unit in task.units], self._cluster.workers)
        cut = [task for log in logs for task in stretch_tasks(log, self._lake.staging / "stretches.part")]
        progress.tasks += len(cut)
        found: dict[str, list[Stretch]] = defaultdict(list)
        for outcome in self._cluster.run(read_stretches, cut):
            progress.tasks_done += 1
            progress.failures += outcome.result is None
            found[outcome.task.log] += outcome.result or []
            self._report(progress)
        return [
            replace(task, stretches=tuple(one for unit in task.units for one in found.get(unit.path, ())))
            for task in tasks
        ]

    def _round(
        self, tasks: Sequence[ParseTask], progress: FleetProgress, parsed: dict[str, Parsed]
    ) -> Iterable[ParseTask]:
        for outcome in self._cluster.run(parse, tasks):
            progress.tasks_done += 1
            progress.workers = self._cluster.workers
            if outcome.result:
                parsed[outcome.result.key] = outcome.result
                progress.bytes += sum(unit.size for unit in outcome.task.units)
                progress.records += outcome.result.records
                self._count(outcome.result)
            else:
                progress.failures += 1
                self._give_up(outcome)
                yield outcome.task
            self._report(progress)

    def _count(self, parsed: Parsed) -> None:
        self._done.files += parsed.sources
        self._done.records += parsed.records
        self._done.problems += parsed.problems
        for path, message, advice in parsed.unreadable:
            self._errors[path] = message
            self._done.unreadable.append(SourceError(message, advice))

    def _give_up(self, outcome: Outcome[ParseTask, Parsed]) -> None:
        if not outcome.task.is_careful:
            return
        (unit,) = outcome.task.units
        self._errors[unit.shown] = outcome.error
        self._done.unreadable.append(SourceError(f"{unit.shown}: {outcome.error}", _DIED))

    def _take_in(self, con: duckdb.DuckDBPyConnection, units: Sequence[Unit], parts: Sequence[Parsed]) -> None:
        lake, listed = self._lake, self._lake.snapshot.tables
        self._progress("numbering", 0)
        coding = Coding(con, lake, parts)
        coded = coding.number() if parts else Coded()

        def files(table: str) -> list[str]:
            added = (coded.added[table],) if table in coded.added else ()
            return [str(lake.path / file.path) for file in (*listed.get(table, ()), *added)]

        before = read_grouping(con, lake.files("machine"), lake.files("computer_machine"))
        after = find_grouping(con, files("name_span"), files("holding"), before) if files("name_span") else before
        changed = after.changed(before)
        merging = self._merge(self._merge_tasks(before, after, changed, parts, coded, files("source")))
        if parts:
            coding.write()  # while the workers merge
        tables = {name: [*listed.get(name, []), file] for name, file in coded.added.items()}
        tables["ingested"] = self._list_ingested(con, units)
        for name in _show_machines(con, after):
            tables[name] = [put(con, lake.path, name, f"FROM {name}", lake.next_generation)]
        people, renumbered = write_people(con, lake, files("dim_account"))
        if people:
            tables["person"] = [people]
        tables["event"] = [*without_groups(listed.get("event", []), changed), *merging()]
        stale = changed | after.renamed(before) | changed_groups(con, lake, tables["event"], renumbered)
        self._done.is_stale = bool(stale or coded.added)
        for name in (*REBUILT, *TOLD) if self._done.is_stale else ():
            tables[name] = [file for file in listed.get(name, []) if file.group not in {0, *stale}]
        for name in INDEXED:
            tables[name] = [file for file in listed.get(name, []) if changed.isdisjoint(file.groups)]
        lake.commit(compacted(con, lake, listed | tables))
        self._done.machines = sum(1 for group in after.groups.values() if group in changed)

    def _merge_tasks(
        self, before: Grouping, after: Grouping, changed: set[int], parts: Sequence[Parsed], coded: Coded,
        sources: Sequence[str],
    ) -> list[MergeTask]:  # fmt: skip
        lake, bases = self._lake, coded.bases
        part_of = {bases[one.key] + number: one for one in parts for number in range(1, one.sources + 1)}
        listed = by_group(lake.snapshot.tables.get("event", []))
        pairs_of = after.pairs()
        tasks = []
        for group in sorted(changed & pairs_of.keys(), key=lambda group: -after.records.get(group, 0)):
            pairs = pairs_of[group]
            held = {before.groups[machine] for pair in pairs if (machine := before.machines.of_computer.get(pair))}
            old = [file.path for number in sorted(held) for file in listed[number]]
            read = (part_of[source] for source, _ in sorted(pairs) if source in part_of)
            new = {one.key: one.folder for one in read}
            tasks.append(
                MergeTask(
                    lake.path,
                    lake.next_generation,
                    group,
                    pairs,
                    tuple(str(lake.path / path) for path in old),
                    tuple((str(lake.staging / folder / "event.parquet"), bases[key]) for key, folder in new.items()),
                    tuple(sources),
                    coded.maps,
                )
            )
        return tasks

    def _merge(self, tasks: Sequence[MergeTask]) -> Callable[[], list[LakeFile]]:
        """Begin to merge; gives what waits for its end."""
        progress = self._progress("merging", len(tasks))
        outcomes = self._cluster.run(merge, tasks)
        return lambda: self._merged(outcomes, progress)

    def _merged(self, outcomes: Iterable[Outcome[MergeTask, Merged]], progress: FleetProgress) -> list[LakeFile]:
        files: list[LakeFile] = []
        for outcome in outcomes:
            if outcome.result is None:
                raise FleetError(
                    f"{self._lake.path}: group {outcome.task.group} cannot be written: {outcome.error}",
                    "The lake is what it was. Start the same command again: what was read is kept.",
                )
            progress.tasks_done += 1
            progress.records += sum(file.rows for file in outcome.result.files)
            self._done.duplicates += outcome.result.duplicates
            files += outcome.result.files
            self._report(progress)
        return files

    def _list_ingested(self, con: duckdb.DuckDBPyConnection, units: Sequence[Unit]) -> list[LakeFile]:
        lake = self._lake
        read = [(unit, self._errors.get(unit.shown, ""), "") for unit in units]
        copies = [(unit, self._errors.get(first, ""), first) for unit, first in self._copies]
        rows = [(u.shown, u.size, u.sha256, lake.next_generation, *told) for u, *told in (*read, *copies)]
        con.register("ingested", table_of(_INGESTED, rows))
        held = lake.snapshot.tables.get("ingested", [])
        return [*held, put(con, lake.path, "ingested", "FROM ingested", lake.next_generation)]


def _show_machines(con: duckdb.DuckDBPyConnection, grouping: Grouping) -> Iterable[str]:
    names, pairs = grouping.machines.names, grouping.machines.of_computer
    shape = pa.schema({"number": pa.int32(), "name": pa.string(), "file_group": pa.int32()})
    numbered = [(number, name, grouping.groups[number]) for number, name in sorted(names.items())]
    con.register("machine", table_of(shape, numbered))
    yield "machine"
    shape = pa.schema(dict.fromkeys(("source", "computer", "machine"), pa.int32()))
    con.register("computer_machine", table_of(shape, [(*pair, machine) for pair, machine in sorted(pairs.items())]))
    yield "computer_machine"
