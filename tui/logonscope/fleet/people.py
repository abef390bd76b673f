"""The people of a lake, and the groups whose sessions have to be built anew when an account is somebody else now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.fleet.lake_writing import put
from logonscope.lake.parquet_sql import parquet
from logonscope.sessions.identity import number_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from logonscope.fleet.lake_folder import LakeFolder
    from logonscope.lake.snapshot import LakeFile


def write_people(
    con: duckdb.DuckDBPyConnection, lake: LakeFolder, accounts: Sequence[str]
) -> tuple[LakeFile | None, list[int]]:
    """Number the people, as the rebuild of sessions does.

    Args:
        con: A connection of the calling thread.
        lake: The lake as it was.
        accounts: The files of ``dim_account``.

    Returns:
        The new file of ``person``, and the accounts that were another person in the old one.
    """
    if not accounts:
        return None, []
    number_people(con, parquet(accounts))
    held = lake.files("person")
    query = f"SELECT account FROM account_person n JOIN {parquet(held)} p USING (account) WHERE n.person <> p.person"
    changed = [account for (account,) in con.execute(query).fetchall()] if held else []
    return put(con, lake.path, "person", "FROM account_person", lake.next_generation), changed


def changed_groups(
    con: duckdb.DuckDBPyConnection, lake: LakeFolder, events: Iterable[LakeFile], accounts: Sequence[int]
) -> set[int]:
    """The groups whose records name one of some accounts."""
    if not accounts:
        return set()
    con.execute("CREATE OR REPLACE TEMP TABLE changed_account AS SELECT unnest(?::INTEGER[]) AS account", [accounts])
    found: set[int] = set()
    for file in events:
        query = f"""
            SELECT 1 FROM {parquet([lake.path / file.path])}
            WHERE account IN (FROM changed_account) OR target IN (FROM changed_account) LIMIT 1
        """
        if file.group not in found and con.execute(query).fetchone():
            found.add(file.group)
    return found
