"""What a database needs to read the files of a lake, and what it says where a store does not answer."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from logonscope.lake.address import Address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from logonscope.lake.address import LakePlace
    from logonscope.lake.snapshot import LakeFile


def show_place(
    con: duckdb.DuckDBPyConnection, lake: LakePlace, tables: Mapping[str, Sequence[LakeFile]] | None = None
) -> None:
    """Let a database read the files of a lake: nothing to do for a folder.

    Args:
        con: Any connection to it.
        lake: Where the lake lies.
        tables: What it holds, where that is known: their sizes need not be asked for.
    """
    if isinstance(lake, Address):
        from logonscope.lake.address_files import show_address

        sizes = {file.path: file.bytes for file in chain.from_iterable((tables or {}).values())}
        show_address(con, lake, sizes)


def said_by_store(error: duckdb.Error) -> str:
    """What a store gave as the reason why nothing can be read at an address; empty where it is not to blame."""
    lines = str(error).partition("\n\nLINE ")[0].strip().splitlines()
    return lines[-1] if lines and lines[0].startswith("Traceback") else ""
