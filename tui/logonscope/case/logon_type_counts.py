"""How often each type of logon occurs, and which record shows it first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.knowledge.before_vista import numbers_of
from logonscope.knowledge.logon_types import logon_types

if TYPE_CHECKING:
    import duckdb

    from logonscope.filters.sql import Sql


def count_logon_types(con: duckdb.DuckDBPyConnection, where: Sql) -> dict[int, tuple[int, int]]:
    """Logons (4624) and refusals (4625) of each logon type.

    Args:
        con: A cursor of the calling thread.
        where: Which events count, named ``e``.
    """
    logons, refusals = numbers_of(4624), numbers_of(4625)
    rows = _by_type(con, where, f"count(*) FILTER (e.event_id IN {logons}), count(*) FILTER (e.event_id IN {refusals})")
    counts = dict.fromkeys(logon_types(), (0, 0))
    return counts | {logon_type: (accepted, refused) for logon_type, accepted, refused in rows}


def first_of_logon_types(con: duckdb.DuckDBPyConnection, where: Sql) -> dict[int, int]:
    """The row number of the first of those records, by logon type; arguments as of ``count_logon_types``.

    Of several of one moment it is the same one however the case was loaded.
    """
    computer = "(SELECT text FROM dim_computer WHERE code = e.computer)"
    return dict(_by_type(con, where, f"arg_min(e.row, row(e.time, e.tick, e.record_id, {computer}))"))


def _by_type(con: duckdb.DuckDBPyConnection, where: Sql, what: str) -> list[tuple[Any, ...]]:
    return con.execute(
        f"SELECT e.logon_type, {what} FROM live_event e WHERE e.logon_type IS NOT NULL"
        f" AND e.event_id IN {numbers_of(4624) + numbers_of(4625)} AND ({where.text}) GROUP BY e.logon_type",
        list(where.parameters),
    ).fetchall()
