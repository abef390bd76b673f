"""Whether the files of a lake are those that it names."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING

from logonscope.errors import StoreError
from logonscope.lake.address import Address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile

_MAGIC = b"PAR1"
_NEEDED = ("event", "machine", "dim_account")
_COPY_ALL = "Copy the whole folder of the lake, or ingest its sources again."


def check_files(folder: LakePlace, tables: Mapping[str, Sequence[LakeFile]]) -> None:
    """See that every file is there, as long as it was, and, in a folder, Parquet.

    Raises:
        StoreError: One is not, or the lake was never finished.
    """
    if not tables.get("event"):
        raise StoreError(
            f"{folder}: this lake holds no records yet",
            f"Read some into it: logonscope fleet ingest FILES --lake {folder}.",
        )
    missing = [table for table in _NEEDED if not tables.get(table)]
    if missing:
        raise StoreError(
            f"{folder}: this lake has no {' and no '.join(missing)} yet: it was not built to its end",
            f"Finish it: logonscope fleet sessions --lake {folder}.",
        )
    named = chain.from_iterable(tables.values())
    if isinstance(folder, Address):
        _check_sizes(folder, named)
        return
    for file in named:
        _check(folder / file.path, file.bytes)


def _check_sizes(lake: Address, named: Iterable[LakeFile]) -> None:
    """The same by one listing: a request for each file would take minutes."""
    try:
        sizes = lake.sizes()
    except OSError as error:
        raise StoreError(f"{lake}: {error.strerror or error}", "Name a lake that you may read.") from error
    for file in named:
        path = lake / file.path
        if file.path not in sizes:
            raise StoreError(f"{path}: the lake names this file, and it is not there", _COPY_ALL)
        _compare(path, file.bytes, sizes[file.path])


def _check(path: Path, size: int) -> None:
    try:
        with path.open("rb") as file:
            held = file.seek(0, os.SEEK_END)
            file.seek(max(held - len(_MAGIC), 0))
            end = file.read()
    except OSError as error:
        raise StoreError(
            f"{path}: the lake names this file, and it cannot be read: {error.strerror or error}",
            _COPY_ALL,
        ) from error
    if end != _MAGIC:
        raise StoreError(f"{path}: this file of the lake is no Parquet file", "Ingest the sources again.")
    _compare(path, size, held)


def _compare(path: LakePlace, size: int, held: int) -> None:
    if held != size:
        raise StoreError(
            f"{path}: the lake names {size:,} bytes, the file has {held:,}",
            "It was changed or replaced: copy the whole folder of the lake anew, or ingest its sources again.",
        )
