"""Small logs written record by record, and what is rebuilt from them."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from logonscope.store.case_store import CaseStore
from logonscope.store.session_rows import fetch_sessions
from support.events import Record, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from logonscope.model import Session

EIGHT = datetime(2026, 3, 2, 8)
LSM = "Microsoft-Windows-TerminalServices-LocalSessionManager"
SID = "S-1-5-21-1-2-3-1104"


def at(minutes: float) -> datetime:
    """Minutes after eight."""
    return EIGHT + timedelta(minutes=minutes)


def security(record: int, minutes: float, event_id: int, **fields: Any) -> Record:
    return Record(event_id, record, at(minutes), fields)


def logon(record: int, minutes: float, logon_id: int = 0xA1, **fields: Any) -> Record:
    usual = {"LogonType": 2, "LogonProcessName": "User32 ", "IpAddress": "127.0.0.1", **named(logon_id)}
    return security(record, minutes, 4624, **usual | fields)


def named(logon_id: int, user: str = "alice", sid: str = SID) -> dict[str, Any]:
    return {"TargetUserName": user, "TargetUserSid": sid, "TargetLogonId": hex(logon_id)}


def system(record: int, minutes: float, provider: str, event_id: int, **fields: Any) -> Record:
    return Record(event_id, record, at(minutes), fields, channel="System", provider=provider, version=0)


def desktop(record: int, minutes: float, event_id: int, number: int = 1, **fields: Any) -> Record:
    given = {"User": "WS1\\alice", "SessionID": number, **fields}
    return Record(event_id, record, at(minutes), given, channel=f"{LSM}/Operational", provider=LSM)


@contextmanager
def rebuilt(folder: Path, *records: Record) -> Iterator[duckdb.DuckDBPyConnection]:
    """A case of these records, each log a file of its own."""
    store = CaseStore(folder)
    try:
        logs: dict[str, list[Record]] = {}
        for record in records:
            logs.setdefault(record.channel, []).append(record)
        load(store, *logs.values())
        yield store.cursor()
    finally:
        store.close()


def sessions(con: duckdb.DuckDBPyConnection) -> list[Session]:
    rows = con.execute("SELECT session_id FROM session WHERE NOT hidden AND role <> 'visit' ORDER BY start_latest, pos")
    return fetch_sessions(con, [row[0] for row in rows.fetchall()])
