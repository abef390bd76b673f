"""Whether the files of a lake are those that it names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from logonscope.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from logonscope.lake.snapshot import LakeFile

_MAGIC = b"PAR1"
_NEEDED = ("event", "machine", "dim_account")


def check_files(folder: Path, tables: Mapping[str, Sequence[LakeFile]]) -> None:
    """See that every file is there, as long as it was, and Parquet.

    Raises:
        StoreError: One is not, or the lake was never finished.
    """
    missing = [table for table in _NEEDED if not tables.get(table)]
    if missing:
        raise StoreError(
            f"{folder}: this lake has no {' and no '.join(missing)} yet: it was not built to its end",
            f"Finish it: logonscope fleet sessions --lake {folder}.",
        )
    for file in (file for files in tables.values() for file in files):
        _check(folder / file.path, file.bytes)


def _check(path: Path, size: int) -> None:
    try:
        with path.open("rb") as file:
            held = file.seek(0, os.SEEK_END)
            file.seek(max(held - len(_MAGIC), 0))
            end = file.read()
    except OSError as error:
        raise StoreError(
            f"{path}: the lake names this file, and it cannot be read: {error.strerror or error}",
            "Copy the whole folder of the lake, or ingest its sources again.",
        ) from error
    if end != _MAGIC:
        raise StoreError(f"{path}: this file of the lake is no Parquet file", "Ingest the sources again.")
    if held != size:
        raise StoreError(
            f"{path}: the lake names {size:,} bytes, the file has {held:,}",
            "It was changed or replaced: copy the whole folder of the lake anew, or ingest its sources again.",
        )
