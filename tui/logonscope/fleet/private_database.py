"""Databases to work in, for a task or the driver."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from logonscope.case.work_folder import WorkFolder
from logonscope.lake.showing_place import show_place
from logonscope.store.case_store import CaseStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.lake.address import LakePlace

_MEMORY_BYTES = 1_400_000_000


@contextmanager
def private_store(lake: LakePlace, *, small: bool = False) -> Iterator[CaseStore]:
    """An empty case store in a folder of its own; both go at the end.

    Args:
        lake: Whose files it can read.
        small: Whether what it will hold fits into memory easily: that is a tenth of the time less.

    Raises:
        StoreError: It cannot be made.
    """
    work = WorkFolder()
    try:
        store = CaseStore(work.path, in_memory=small)
        try:
            show_place(store.cursor(), lake)
            yield store
        finally:
            store.close()
    finally:
        work.remove()


@contextmanager
def private_database(lake: LakePlace, spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database in memory.

    Args:
        lake: Whose files it can read.
        spill: The folder for what does not fit there.
    """
    with duckdb.connect(":memory:") as con:
        con.execute("SET temp_directory = $folder", {"folder": str(spill)})
        con.execute(f"SET memory_limit = '{_MEMORY_BYTES}B'")
        con.execute("SET enable_progress_bar = false")  # a worker has no main file: DuckDB takes it for a shell
        show_place(con, lake)
        yield con
