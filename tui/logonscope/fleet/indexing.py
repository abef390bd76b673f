"""What a worker does for the index: the events of some groups of machines, by what they name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from logonscope.fleet.lake_folder import by_group
from logonscope.fleet.lake_writing import put
from logonscope.fleet.private_database import private_database
from logonscope.lake.mention_index import FIELDS
from logonscope.lake.parquet_sql import lake_sql, parquet
from logonscope.lake.snapshot import groups_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import duckdb

    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile

SHELF_RECORDS = 5_000_000
"""The groups of a file of the index have about so many together: fewer files are asked sooner."""


@dataclass(frozen=True, slots=True)
class IndexTask:
    """Some groups that follow each other."""

    lake: LakePlace
    generation: int
    events: Mapping[int, Sequence[LakeFile]]
    """The files of ``event`` of each group."""

    @property
    def groups(self) -> range:
        """From the first to the last."""
        return range(min(self.events), max(self.events) + 1)


def index_tasks(lake: LakePlace, generation: int, events: Iterable[LakeFile]) -> Iterator[IndexTask]:
    """Tasks that index a whole lake.

    Args:
        lake: The lake.
        generation: Of the change that it is part of.
        events: The files of ``event``. Groups that are added later change the last task only.
    """
    shelf: dict[int, Sequence[LakeFile]] = {}
    records = 0
    for group, files in sorted(by_group(events).items()):
        shelf[group] = files
        records += sum(file.rows for file in files)
        if records >= SHELF_RECORDS:
            yield IndexTask(lake, generation, shelf)
            shelf, records = {}, 0
    if shelf:
        yield IndexTask(lake, generation, shelf)


def index(task: IndexTask) -> dict[str, list[LakeFile]]:
    """Write the index of some groups; gives its files by table.

    Raises:
        OSError, duckdb.Error: Something cannot be read or written.
    """
    with TemporaryDirectory(prefix="logonscope-") as folder, private_database(task.lake, Path(folder, "spill")) as con:
        con.execute("SET threads = 1; SET enable_progress_bar = false")
        show_groups(con, task.lake, task.events)
        listed = [file for files in task.events.values() for file in files]
        span = min(file.first_machine for file in listed), max(file.last_machine for file in listed)
        queries = {
            f"mention/field={name}": f"FROM mention WHERE field = '{name}' ORDER BY code, time, row" for name in FIELDS
        }
        queries["mention_count_of_group"] = "FROM mention_count"
        written: dict[str, list[LakeFile]] = defaultdict(list)
        for place, query in queries.items():
            file = put(con, task.lake, f"{place}/{groups_place(task.groups)}", query, task.generation, span)
            written[place.partition("/")[0]].append(file)
        return dict(written)


def show_groups(con: duckdb.DuckDBPyConnection, lake: LakePlace, events: Mapping[int, Sequence[LakeFile]]) -> None:
    """Make ``mention_count`` and ``mention`` of the events of some groups."""
    groups = (
        f"SELECT {group} AS file_group, * EXCLUDE (machine) FROM {parquet([lake / file.path for file in files])}"
        for group, files in events.items()
    )
    con.execute(f"CREATE OR REPLACE TEMP VIEW grouped_event AS {' UNION ALL BY NAME '.join(groups)}")
    con.execute(lake_sql("mentions.sql"))
