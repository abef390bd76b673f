"""Which Parquet files make up a lake: one small file says so, and is replaced as a whole.

A lake is a folder, or lies below an address of an object store. ``lake.json`` names the files of every table; what lies
beside and is not named there is not yet, or not any more, part of it. The tables are those of the case store
(store/schema.sql) with its names, types and codes, one coding for the whole lake, with three rules:

- ``event`` has a column ``machine`` more, and lies in ``event/month=2026-03/group=0007/``: small machines share a
  group, and within a file rows are in the order of machine and time. What has no plausible month is in ``month=none``.
- What the rebuild of the sessions writes lies in ``TABLE/group=0007/``, everything else in ``TABLE/``.
- ``row`` is the machine's ordinal in the lake times ``ROWS_PER_MACHINE`` plus a number that counts up in the order of
  the machine's files: a row tells its machine, and the Parquet statistics of ``row`` tell the row group.

Seven tables are the lake's own (own_tables.sql): ``ingested`` (one row for each file that was read), ``overview`` (one
row for each machine), ``finding`` (of machines, and across them), ``origin`` (where remote sessions came from),
``chunk_place`` (where the chunks of .evtx files begin), and the index of what events name: ``mention_count``, and
``mention`` in ``mention/field=account/groups=0007-0031/``. Without the index a lake gives the same answers, only later;
without the chunks, as lakes are that were made before these were kept, it cites no chunk.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from logonscope.errors import OutputError, StoreError
from logonscope.lake.address import Address
from logonscope.state_file import write_private

if TYPE_CHECKING:
    from logonscope.lake.address import LakePlace

SNAPSHOT_NAME = "lake.json"
FORMAT, SCHEMA = "logonscope lake", 1
ROWS_PER_MACHINE = 1 << 36
_GROUPS = re.compile(r"/groups?=(\d+)(?:-(\d+))?/")


class LakeFile(msgspec.Struct, frozen=True):
    """One Parquet file."""

    path: str
    """Below the lake's folder, with slashes."""
    rows: int
    bytes: int
    first_machine: int = 0
    """Ordinals of the machines in it."""
    last_machine: int = 0

    @property
    def group(self) -> int:
        """The number of the first group of machines that it is of; 0 where it is of all."""
        return self.groups.start

    @property
    def groups(self) -> range:
        """The numbers of the groups that it is of."""
        found = _GROUPS.search(self.path)
        first = int(found[1]) if found else 0
        return range(first, int(found[2] or first) + 1 if found else 1)


def groups_place(groups: range) -> str:
    """The folder of a file that is of some groups."""
    return f"groups={groups.start:04}-{groups.stop - 1:04}"


class Snapshot(msgspec.Struct, frozen=True):
    """What a lake holds at one moment."""

    generation: int = 0
    """Counts the changes of the lake."""
    made_by: str = ""
    tables: dict[str, list[LakeFile]] = {}
    format: str = FORMAT
    schema: int = SCHEMA


def is_lake(folder: LakePlace) -> bool:
    """Whether a folder says that it is a lake; what cannot be looked into says nothing."""
    try:
        path = folder / SNAPSHOT_NAME
        return path.exists() if isinstance(path, Address) else path.is_file()
    except OSError:
        return False


def read_snapshot(folder: LakePlace) -> Snapshot:
    """What a lake holds now.

    Raises:
        StoreError: There is none, it is of another version, damaged, or names files outside its folder.
    """
    path = folder / SNAPSHOT_NAME
    try:
        text = path.read_bytes()
    except FileNotFoundError as error:
        raise StoreError(
            f"{folder}: this is no lake: it has no {SNAPSHOT_NAME}",
            "Make one: logonscope fleet ingest FILES --lake LAKE.",
        ) from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}", "Name a lake that you may read.") from error
    try:
        stamp = msgspec.json.decode(text, type=_Stamp)
        if stamp.format != FORMAT:
            raise StoreError(f"{path}: this is not the list of a lake", "Name the folder of a lake.")
        if stamp.schema != SCHEMA:
            raise StoreError(
                f"{path}: the lake has version {stamp.schema}, this program reads version {SCHEMA}",
                "Ingest its sources again into a new folder, or use the program that wrote it.",
            )
        snapshot = msgspec.json.decode(text, type=Snapshot)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: damaged: {error}", "Ingest the sources again into a new folder.") from error
    for file in (file for files in snapshot.tables.values() for file in files):
        if PurePosixPath(file.path).is_absolute() or ".." in PurePosixPath(file.path).parts:
            raise StoreError(f"{path}: it names a file outside its folder: {file.path}", "Do not trust this lake.")
    return snapshot


def listed_at(folder: LakePlace) -> int | None:
    """A number that changes when what a lake holds does; None where there is none, or no answer."""
    path = folder / SNAPSHOT_NAME
    try:
        return crc32(path.read_bytes()) if isinstance(path, Address) else path.stat().st_mtime_ns
    except OSError:
        return None


class _Stamp(msgspec.Struct):
    format: str = ""
    schema: int = 0


def write_snapshot(folder: LakePlace, snapshot: Snapshot) -> None:
    """Say what a lake holds from now on; whoever reads sees the old or the new list, never a part.

    Raises:
        OutputError: It cannot be written.
    """
    path, text = folder / SNAPSHOT_NAME, msgspec.json.encode(snapshot)
    if not isinstance(path, Address):
        write_private(path, text.decode())
        return
    try:
        path.write_bytes(text)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}", "Name a place that you may write to.") from error
