"""Where the remote sessions of a lake came from, as it was found when the lake was built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

_ORIGINS = """
    SELECT s.key AS session, t.name AS machine, a.name AS user, a.domain, s.logon_type, s.start_latest AS began,
           coalesce(i.text, '') AS source_ip, coalesce(w.text, '') AS workstation, m.name AS source, o.place,
           max(o.place) OVER (PARTITION BY o.session_id) AS candidates, o.reasons, own.key AS own_session
    FROM origin o
    JOIN session s USING (session_id)
    JOIN machine t ON t.number = s.machine
    JOIN dim_account a ON a.code = s.account
    LEFT JOIN dim_source_ip i ON i.code = s.source_ip
    LEFT JOIN dim_workstation w ON w.code = s.workstation
    LEFT JOIN machine m ON m.number = o.machine
    LEFT JOIN session own ON own.session_id = o.own_session
    ORDER BY s.start_latest NULLS LAST, lower(t.name), s.key, o.place
"""


@dataclass(frozen=True, slots=True)
class Origin:
    """A remote session, and one machine of the lake that it may have come from. Texts are not sanitised."""

    session: str
    """Its key."""
    machine: str
    user: str
    domain: str
    logon_type: int | None
    began: datetime | None
    """Naive UTC."""
    source_ip: str
    """As its own records have it."""
    workstation: str
    source: str | None
    """The machine that it may have come from; None where no machine of the lake is known to be it."""
    place: int
    """1 for the likeliest; 0 where there is none."""
    candidates: int
    """How many machines fit: more than one mean that the logs do not decide."""
    reasons: tuple[str, ...]
    """Why: keys of ``[source]`` in ``knowledge/attendance.toml``, the strongest first."""
    own_session: str | None
    """The key of that machine's session that asked for it, where a record of the machine says so."""


def fetch_origins(con: duckdb.DuckDBPyConnection) -> list[Origin]:
    """All that is known of where remote sessions came from, in the order of time.

    Args:
        con: A cursor of the calling thread, of a lake.
    """
    records = fetch_records(con, _ORIGINS, {})
    return [Origin(**record | {"reasons": tuple(record["reasons"])}) for record in records]
