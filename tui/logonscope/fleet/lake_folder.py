"""A lake as whoever writes it sees it: locked, swept of what a killed run left, changed as a whole."""

from __future__ import annotations

import errno
import re
import shutil
from collections import defaultdict
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import duckdb

from logonscope import __version__
from logonscope.cache.folder_lock import LOCK
from logonscope.errors import StoreError
from logonscope.fleet.lake_lock import locked
from logonscope.fleet.lake_writing import STAGING
from logonscope.fleet.tables import TABLES
from logonscope.lake.address import Address
from logonscope.lake.showing_place import said_by_store
from logonscope.lake.snapshot import LakeFile, Snapshot, is_lake, read_snapshot, write_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from logonscope.lake.address import LakePlace


_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_MORE_ROOM = "Free some space there and start the same command again: it goes on where it was."
_ANSWERS = "Check that the store answers, and start the same command again: it goes on where it was."
_OWN_NAME = re.compile(r"\d{6}-[0-9a-f]{8}\.parquet")


class LakeFolder:
    """A lake that this process alone may change.

    Args:
        path: Its folder or address.
        snapshot: What it holds.
    """

    def __init__(self, path: LakePlace, snapshot: Snapshot) -> None:
        self.path = path
        self.snapshot = snapshot

    @property
    def next_generation(self) -> int:
        """The number of the change that is under way."""
        return self.snapshot.generation + 1

    @property
    def staging(self) -> LakePlace:
        """Where what has been read waits."""
        return self.path / STAGING

    def files(self, table: str) -> list[str]:
        """The paths of a table's files."""
        return [str(self.path / file.path) for file in self.snapshot.tables.get(table, [])]

    def commit(self, tables: Mapping[str, Sequence[LakeFile]]) -> None:
        """Replace the lists of some tables, all at once.

        Raises:
            OutputError: The list cannot be written; the lake is what it was.
            StoreError: Another run changed it meanwhile, in a store whose lock it did not heed.
        """
        if isinstance(self.path, Address) and read_snapshot(self.path).generation != self.snapshot.generation:
            raise StoreError(f"{self.path}: another run changed this lake", "Start the same command again.")
        held = {name: list(files) for name, files in (self.snapshot.tables | dict(tables)).items() if files}
        snapshot = Snapshot(self.next_generation, f"logonscope {__version__}", held)
        write_snapshot(self.path, snapshot)
        self.snapshot = snapshot


@contextmanager
def lake_to_write(path: LakePlace, *, make: bool) -> Iterator[LakeFolder]:
    """Open a lake to change it.

    Args:
        path: Its folder or address.
        make: Whether to begin a lake where there is none.

    Raises:
        StoreError: It is no lake, of another version, somebody else is changing it, or there is no room for it.
    """
    if not isinstance(path, Address):
        path = path.absolute()
    if make and not is_lake(path):
        _begin(path)
    read_snapshot(path)
    try:
        with locked(path):
            snapshot = read_snapshot(path)  # as it is now that nobody else changes it
            sweep(path, snapshot)
            yield LakeFolder(path, snapshot)
    except (duckdb.Error, OSError) as error:
        reason = said_by_store(error) if isinstance(error, duckdb.Error) else ""
        is_full = isinstance(error, duckdb.IOException) or getattr(error, "errno", None) in _NO_ROOM
        if not is_full and not reason and not (isinstance(path, Address) and isinstance(error, OSError)):
            raise
        said = f"{path}: the lake cannot be read or written: {reason or error}"
        raise StoreError(said, _MORE_ROOM if is_full else _ANSWERS) from error


def _begin(path: LakePlace) -> None:
    try:
        if isinstance(path, Address):
            others = set(path.sizes())
        else:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            others = {entry.name for entry in path.iterdir()} - {LOCK}
        if others:
            raise StoreError(f"{path}: this place is no lake, and not empty", "Name a new one for the lake.")
        write_snapshot(path, Snapshot(0, f"logonscope {__version__}"))
    except OSError as error:
        raise StoreError(f"{path}: cannot make a lake: {error.strerror or error}", "Name another place.") from error


def sweep(path: LakePlace, snapshot: Snapshot) -> None:
    """Delete files that are named as only this program names them and that the lake does not list."""
    if isinstance(path, Address):
        named = {file.path for files in snapshot.tables.values() for file in files}
        path.remove_below(
            name
            for name in path.sizes()
            if name not in named and name.partition("/")[0] in TABLES and _OWN_NAME.fullmatch(PurePosixPath(name).name)
        )
        return
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


def by_group(files: Iterable[LakeFile]) -> Mapping[int, list[LakeFile]]:
    """Files by the number of their group."""
    found: dict[int, list[LakeFile]] = defaultdict(list)
    for file in files:
        found[file.group].append(file)
    return found


def without_groups(files: Sequence[LakeFile], groups: set[int]) -> list[LakeFile]:
    """The files that are not of some groups."""
    return [file for file in files if file.group not in groups]
