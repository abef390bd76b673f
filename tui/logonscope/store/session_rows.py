"""Sessions, their evidence and boots, fetched from the rebuilt tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.model import Absence, Account, Evidence, Session
from logonscope.store.row_window import fetch_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

_SELECT = """
    SELECT s.*, m.name AS machine_name, a.sid, a.name, a.domain, coalesce(i.text, '') AS ip,
           coalesce(w.text, '') AS station, coalesce(n.events, 0) AS events
    FROM session s
    JOIN machine m ON m.number = s.machine
    JOIN dim_account a ON a.code = s.account
    LEFT JOIN dim_source_ip i ON i.code = s.source_ip
    LEFT JOIN dim_workstation w ON w.code = s.workstation
    LEFT JOIN (SELECT session_id, count(*) AS events FROM session_event
               WHERE session_id IN (SELECT unnest(?::BIGINT[])) GROUP BY session_id) n USING (session_id)
    WHERE s.session_id IN (SELECT unnest(?::BIGINT[]))
"""


def fetch_sessions(con: duckdb.DuckDBPyConnection, session_ids: Sequence[int]) -> list[Session]:
    """Fetch sessions.

    Args:
        con: A cursor of the calling thread.
        session_ids: Session IDs.

    Returns:
        The sessions in the order asked for; one that does not exist is left out.
    """
    wanted = list(session_ids)
    records = fetch_records(con, _SELECT, [wanted, wanted])
    found = {record["session_id"]: _session(record) for record in records}
    return [found[session_id] for session_id in wanted if session_id in found]


def _session(record: dict[str, Any]) -> Session:
    return Session(
        session_id=record["session_id"],
        key=record["key"],
        machine=record["machine_name"],
        boot=record["boot"],
        role=record["role"],
        logon_class=record["class"],
        parent=record["parent"],
        account=Account(record["sid"], record["name"], record["domain"]),
        account_kind=record["kind"],
        logon_type=record["logon_type"],
        logon_ids=tuple(record["logon_ids"]),
        start=record["start"],
        start_evidence=record["start_evidence"],
        start_earliest=record["start_earliest"],
        start_latest=record["start_latest"],
        end=record["end_time"],
        end_evidence=record["end_evidence"],
        end_earliest=record["end_earliest"],
        end_latest=record["end_latest"],
        destroyed=record["destroyed"],
        grade=record["grade"],
        duration=record["duration"],
        duration_least=record["duration_least"],
        duration_most=record["duration_most"],
        span=record["span"],
        active=record["active"],
        presence=record["presence"],
        last_seen=record["last_seen"],
        privileged=record["privileged"],
        source_ip=record["ip"],
        source_evidence=record["source_evidence"],
        workstation=record["station"],
        session_number=record["session_number"],
        attached=record["attached"],
        flags=tuple(record["flags"]),
        event_count=record["events"],
    )


def fetch_evidence(con: duckdb.DuckDBPyConnection, session_id: int) -> list[Evidence]:
    """Every record that carries a logon ID of a session, in the order of time."""
    rows = con.execute(
        """
        SELECT s.role, s.row FROM session_event s JOIN event e ON e.row = s.row
        WHERE s.session_id = ? ORDER BY e.time, e.tick, e.record_id, e.event_id, s.row, s.role
        """,
        [session_id],
    ).fetchall()
    return [Evidence(*row) for row in rows]


def sessions_of_event(con: duckdb.DuckDBPyConnection, row: int) -> list[int]:
    """The sessions that an event speaks of, the one that it is about first; then those that acted in it."""
    rows = con.execute(
        """
        SELECT session_id FROM session_event WHERE row = ?
        GROUP BY session_id ORDER BY bool_and(role = 'acted'), session_id
        """,
        [row],
    ).fetchall()
    return [session_id for (session_id,) in rows]


def fetch_absences(con: duckdb.DuckDBPyConnection, session_id: int) -> list[Absence]:
    """The times away from a desktop session, in order."""
    rows = con.execute(
        "SELECT kind, since, until, from_us, to_us FROM absence WHERE session_id = ? ORDER BY from_us, to_us, kind",
        [session_id],
    ).fetchall()
    return [Absence(*row) for row in rows]
