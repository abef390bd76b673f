"""The facts of the triage summary: what is covered, who was on, who got in, who was refused, what was tampered with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.knowledge.before_vista import AUDITING, SECURITY, numbers_of
from logonscope.model import Account
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb


_ARRIVALS = """
    SELECT m.name AS machine, any_value(a.sid) AS sid, any_value(a.name) AS name, any_value(a.domain) AS domain,
           coalesce(nullif(i.text, ''), w.text, '') AS source, list(DISTINCT s.logon_type ORDER BY s.logon_type)
           AS types, count(*) AS logons, min(s.start) AS first, max(s.start) AS last, bool_or(s.privileged) AS adm
    FROM session s JOIN machine m ON m.number = s.machine JOIN dim_account a ON a.code = s.account
    LEFT JOIN dim_source_ip i ON i.code = s.source_ip LEFT JOIN dim_workstation w ON w.code = s.workstation
    WHERE s.kind = 'person' AND s.logon_type IN (3, 8, 10, 12) AND s.start IS NOT NULL
    GROUP BY m.name, s.person, source ORDER BY max(s.logon_type) = 3, logons DESC, machine, name, source
"""
_REFUSALS = """
    SELECT coalesce(m.name, c.text) AS machine, a.sid, a.name, a.domain,
           coalesce(nullif(i.text, ''), w.text, '') AS source,
           CASE WHEN coalesce(e.sub_status, 0) <> 0 THEN e.sub_status ELSE e.status END AS reason,
           count(*) AS attempts, min(e.time) AS first, max(e.time) AS last
    FROM live_event e JOIN dim_provider p ON p.code = e.provider JOIN dim_account a ON a.code = e.target
    JOIN dim_computer c ON c.code = e.computer
    LEFT JOIN computer_machine cm ON cm.source = e.source AND cm.computer = e.computer
    LEFT JOIN machine m ON m.number = cm.machine
    LEFT JOIN dim_source_ip i ON i.code = e.source_ip LEFT JOIN dim_workstation w ON w.code = e.workstation
    WHERE e.event_id IN (SELECT unnest(?::INTEGER[])) AND p.text IN (?, ?)
    GROUP BY ALL ORDER BY attempts DESC, machine, name, source
"""
_REFUSED: list[Any] = [list(numbers_of(4625)), AUDITING, SECURITY]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Logons of one account of a person to one machine from one source."""

    machine: str
    account: Account
    source: str
    logon_types: tuple[int, ...]
    logons: int
    first: datetime | None
    last: datetime | None
    privileged: bool


@dataclass(frozen=True, slots=True)
class Refusals:
    """Refused logons (4625) of one account to one machine from one source, by reason."""

    machine: str
    account: Account
    source: str
    status: int | None
    attempts: int
    first: datetime | None
    last: datetime | None


def arrivals(con: duckdb.DuckDBPyConnection, limit: int | None = None) -> list[Arrivals]:
    """Where people came from, the most logons last seen first.

    Args:
        con: A cursor.
        limit: Greatest number of rows; all of them if None.
    """
    records = fetch_records(con, f"{_ARRIVALS} LIMIT ?", [limit])
    return [
        Arrivals(
            r["machine"], _account(r), r["source"], tuple(r["types"]), r["logons"], r["first"], r["last"], r["adm"]
        )
        for r in records
    ]


def arrival_total(con: duckdb.DuckDBPyConnection) -> int:
    """How many rows ``arrivals`` has without a limit."""
    return int(fetch_records(con, f"SELECT count(*) AS found FROM ({_ARRIVALS})", [])[0]["found"])


def refused_by_machine(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """How many rows ``refusals`` has of each machine without a limit, and how many refused logons these are."""
    query = f"SELECT machine, count(*) AS found, sum(attempts) AS attempts FROM ({_REFUSALS}) GROUP BY machine"
    return {row["machine"]: (int(row["found"]), int(row["attempts"])) for row in fetch_records(con, query, _REFUSED)}


def refusals(con: duckdb.DuckDBPyConnection, limit: int | None = None) -> list[Refusals]:
    """Who was refused, the most attempts first.

    Args:
        con: A cursor.
        limit: Greatest number of rows; all of them if None.
    """
    records = fetch_records(con, f"{_REFUSALS} LIMIT ?", [*_REFUSED, limit])
    return [
        Refusals(r["machine"], _account(r), r["source"], r["reason"], r["attempts"], r["first"], r["last"])
        for r in records
    ]


def _account(record: dict[str, Any]) -> Account:
    return Account(record["sid"], record["name"], record["domain"])
