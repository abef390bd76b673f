"""How often something is in the case: by whom, from where, on which machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.model import Account

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from logonscope.filters.lookup import Lookup
    from logonscope.filters.sql import Sql

MOST_NAMED = 3
Ranked = tuple[tuple[str, int], ...]
"""The most frequent names with how often each occurs."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often. Texts are as the logs have them."""

    times: int
    first: datetime | None
    last: datetime | None
    users: Ranked
    user_count: int
    sources: Ranked
    """Addresses, else what the clients called themselves."""
    source_count: int
    machines: Ranked
    machine_count: int


def tally(con: duckdb.DuckDBPyConnection, lookup: Lookup, where: Sql) -> Tally:
    """Count live events.

    Args:
        con: A cursor of the calling thread.
        lookup: The names of the case.
        where: Which events, named ``e``.
    """
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE counted AS
        SELECT e.account, e.source_ip, e.workstation, e.source, e.computer, count(*) AS times, min(e.time) AS first,
               max(e.time) AS last
        FROM live_event e WHERE {where.text}
        GROUP BY ALL
        """,
        list(where.parameters),
    )
    total = "SELECT coalesce(sum(times), 0)::BIGINT, min(first), max(last) FROM counted"
    ((times, first, last),) = con.execute(total).fetchall()
    users: dict[str, int] = {}
    for code, count in _counts(con, "account", "WHERE account > 0").items():
        label = Account(*lookup.accounts[code]).label
        users[label] = users.get(label, 0) + count
    users.pop("", None)
    sources = _counts(
        con,
        "coalesce(nullif(i.text, ''), w.text, '')",
        "LEFT JOIN dim_source_ip i ON i.code = source_ip LEFT JOIN dim_workstation w ON w.code = workstation",
    )
    sources.pop("", None)
    joined = "JOIN computer_machine c USING (source, computer) JOIN machine m ON m.number = c.machine"
    machines = _counts(con, "m.name", joined)
    return Tally(
        times, first, last, _ranked(users), len(users), _ranked(sources), len(sources), _ranked(machines), len(machines)
    )


def _counts(con: duckdb.DuckDBPyConnection, what: str, rest: str) -> dict[Any, int]:
    return dict(con.execute(f"SELECT {what}, sum(times)::BIGINT FROM counted {rest} GROUP BY ALL").fetchall())


def _ranked(counts: dict[str, int]) -> Ranked:
    return tuple(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_NAMED])
