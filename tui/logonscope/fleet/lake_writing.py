"""How files get into a lake: made whole elsewhere first, then moved to their place, or sent to it."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from logonscope.lake.address import Address
from logonscope.lake.parquet_sql import quoted
from logonscope.lake.snapshot import LakeFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from logonscope.lake.address import LakePlace

STAGING = "_staging"
"""Below a lake: what has been read and is not yet part of it."""
FORM = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 16384"


@contextmanager
def making(lake: LakePlace, what: str) -> Iterator[Path]:
    """A folder for what is not yet complete; it goes at the end.

    Args:
        lake: The lake: of a folder files can be moved from it.
        what: A word for it.
    """
    if isinstance(lake, Address):
        with TemporaryDirectory(prefix="logonscope-") as folder:
            yield Path(folder)
        return
    part = lake / STAGING / f"{what}-{secrets.token_hex(4)}.part"
    part.mkdir(parents=True)
    try:
        yield part
    finally:
        shutil.rmtree(part, ignore_errors=True)


def put(
    con: duckdb.DuckDBPyConnection,
    lake: LakePlace,
    place: str,
    query: str,
    generation: int,
    machines: tuple[int, int] = (0, 0),
) -> LakeFile:
    """Write what a query gives as one file of a lake; the file appears when it is complete.

    Args:
        con: A connection of the calling thread.
        lake: The lake.
        place: The folder below that.
        query: Without values.
        generation: Of the change that it is part of.
        machines: First and last ordinal of the machines in it.
    """
    with making(lake, "put") as folder:
        part = folder / "part.parquet"
        (rows,) = con.execute(f"COPY ({query}) TO {quoted(part)} ({FORM})").fetchone() or (0,)
        return taken_in(lake, part, place, generation, rows, machines)


def taken_in(
    lake: LakePlace, written: Path, place: str, generation: int, rows: int, machines: tuple[int, int] = (0, 0)
) -> LakeFile:
    """Give a complete file its place and name in a lake; see ``put``."""
    name = f"{generation:06}-{secrets.token_hex(4)}.parquet"
    size = written.stat().st_size
    if isinstance(lake, Address):
        (lake / place / name).upload(written)
    else:
        (lake / place).mkdir(parents=True, exist_ok=True)
        written.rename(lake / place / name)
    return LakeFile(str(PurePosixPath(place, name)), rows, size, *machines)


def leave(con: duckdb.DuckDBPyConnection, query: str, place: LakePlace) -> None:
    """Write what a query gives where other workers will find it; what is there is replaced.

    Args:
        con: A connection of the calling thread.
        query: Without values.
        place: Of the file; its folder is there.
    """
    if isinstance(place, Address):
        with TemporaryDirectory(prefix="logonscope-") as folder:
            leave(con, query, part := Path(folder, "part.parquet"))
            place.upload(part)
    else:
        con.execute(f"COPY ({query}) TO {quoted(place)} (FORMAT parquet)")


def hand_over(file: Path, place: LakePlace) -> None:
    """Put a copy of a file where other workers will find it, whole or not at all; what is there is replaced."""
    if isinstance(place, Address):
        place.upload(file)
    else:
        copy = place.with_name(f"{place.name}-{secrets.token_hex(4)}")
        shutil.copyfile(file, copy)
        copy.replace(place)


def at_hand(place: LakePlace, folder: Path) -> Path:
    """Such a file, to be read: fetched to a private folder where it lies in a store."""
    if not isinstance(place, Address):
        return place
    place.download(file := folder / "fetched")
    return file


def remove_all(place: LakePlace) -> None:
    """Remove what is below a place, as far as that can be done."""
    if isinstance(place, Address):
        place.remove_below(place.sizes())
    else:
        shutil.rmtree(place, ignore_errors=True)
