"""The folder of a lake as whoever writes it sees it: locked, swept of what a killed run left, changed as a whole."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import duckdb

from logonscope import __version__
from logonscope.cache.folder_lock import LOCK, hold
from logonscope.errors import StoreError
from logonscope.fleet.tables import TABLES
from logonscope.lake.parquet_sql import quoted
from logonscope.lake.snapshot import LakeFile, Snapshot, is_lake, read_snapshot, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


STAGING = "_staging"
"""Holds what has been read and is not yet part of the lake."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_MORE_ROOM = "Free some space there and start the same command again: it goes on where it was."
_OWN_NAME = re.compile(r"\d{6}-[0-9a-f]{8}\.parquet")
FORM = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384"


class LakeFolder:
    """A lake that this process alone may change.

    Args:
        path: Its folder.
        snapshot: What it holds.
    """

    def __init__(self, path: Path, snapshot: Snapshot) -> None:
        self.path = path
        self.snapshot = snapshot

    @property
    def next_generation(self) -> int:
        """The number of the change that is under way."""
        return self.snapshot.generation + 1

    @property
    def staging(self) -> Path:
        """Where what has been read waits."""
        return self.path / STAGING

    def files(self, table: str) -> list[str]:
        """The paths of a table's files."""
        return [str(self.path / file.path) for file in self.snapshot.tables.get(table, [])]

    def commit(self, tables: Mapping[str, Sequence[LakeFile]]) -> None:
        """Replace the lists of some tables, all at once.

        Raises:
            OutputError: The list cannot be written; the lake is what it was.
        """
        held = {name: list(files) for name, files in (self.snapshot.tables | dict(tables)).items() if files}
        snapshot = Snapshot(self.next_generation, f"logonscope {__version__}", held)
        write_snapshot(self.path, snapshot)
        self.snapshot = snapshot


@contextmanager
def lake_to_write(path: Path, *, make: bool) -> Iterator[LakeFolder]:
    """Open a lake to change it.

    Args:
        path: Its folder.
        make: Whether to begin a lake where there is none.

    Raises:
        StoreError: It is no lake, of another version, somebody else is changing it, or there is no room for it.
    """
    path = path.absolute()
    if make and not is_lake(path):
        _begin(path)
    snapshot = read_snapshot(path)
    try:
        lock = hold(path)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}", "Name a lake that you may write to.") from error
    if lock is None:
        raise StoreError(f"{path}: another run is changing this lake", "Wait until it is done.")
    try:
        sweep(path, snapshot)
        yield LakeFolder(path, snapshot)
    except (duckdb.IOException, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_ROOM:
            raise
        raise StoreError(f"{path}: the lake cannot be written: {error}", _MORE_ROOM) from error
    finally:
        os.close(lock)


def _begin(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(entry.name != LOCK for entry in path.iterdir()):
            raise StoreError(f"{path}: this folder is no lake, and not empty", "Name a new folder for the lake.")
        write_snapshot(path, Snapshot(0, f"logonscope {__version__}"))
    except OSError as error:
        raise StoreError(f"{path}: cannot make a lake: {error.strerror or error}", "Name another folder.") from error


def sweep(path: Path, snapshot: Snapshot) -> None:
    """Delete files that are named as only this program names them and that the lake does not list."""
    listed = {path / file.path for files in snapshot.tables.values() for file in files}
    for table in TABLES:
        for file in (path / table).rglob("*.parquet"):
            if file not in listed and _OWN_NAME.fullmatch(file.name) and not file.is_symlink():
                file.unlink(missing_ok=True)
    if not (path / STAGING).is_symlink():
        for part in (path / STAGING).glob("*.part"):
            if part.is_dir():
                shutil.rmtree(part, ignore_errors=True)
            else:
                part.unlink(missing_ok=True)


def put(
    con: duckdb.DuckDBPyConnection,
    lake: Path,
    place: str,
    query: str,
    generation: int,
    machines: tuple[int, int] = (0, 0),
) -> LakeFile:
    """Write what a query gives as one file of a lake; the file appears when it is complete.

    Args:
        con: A connection of the calling thread.
        lake: The lake's folder.
        place: The folder below that.
        query: Without values.
        generation: Of the change that it is part of.
        machines: First and last ordinal of the machines in it.
    """
    part = lake / STAGING / f"{secrets.token_hex(8)}.parquet.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        (rows,) = con.execute(f"COPY ({query}) TO {quoted(part)} ({FORM})").fetchone() or (0,)
        return taken_in(lake, part, place, generation, rows, machines)
    finally:
        part.unlink(missing_ok=True)


def taken_in(
    lake: Path, written: Path, place: str, generation: int, rows: int, machines: tuple[int, int] = (0, 0)
) -> LakeFile:
    """Give a complete file its place and name in a lake; see ``put``."""
    name = f"{generation:06}-{secrets.token_hex(4)}.parquet"
    (lake / place).mkdir(parents=True, exist_ok=True)
    size = written.stat().st_size
    written.rename(lake / place / name)
    return LakeFile(str(PurePosixPath(place, name)), rows, size, *machines)


def by_group(files: Iterable[LakeFile]) -> Mapping[int, list[LakeFile]]:
    """Files by the number of their group."""
    found: dict[int, list[LakeFile]] = defaultdict(list)
    for file in files:
        found[file.group].append(file)
    return found


def without_groups(files: Sequence[LakeFile], groups: set[int]) -> list[LakeFile]:
    """The files that are not of some groups."""
    return [file for file in files if file.group not in groups]
