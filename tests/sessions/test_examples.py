"""The worked examples of the session rules: each file in examples/ is a small log and the sessions in it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.normalise.batch import EVENT_SCHEMA
from logonscope.store.case_store import CaseStore
from logonscope.store.event_rows import EventRows
from logonscope.store.session_rows import fetch_evidence, fetch_sessions
from support.events import Record, load

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.model import Session

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.toml"))
ATTACHED_ROLES = ("nla", "unlock", "reconnect", "refresh")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path: Path, tmp_path: Path) -> None:
    example = tomllib.loads(path.read_text("utf-8"))
    store = CaseStore(tmp_path)
    try:
        load(store, [Record(**event) for event in example["event"]])
        con = store.cursor()
        shown = con.execute(
            "SELECT session_id FROM session WHERE NOT hidden AND role <> 'visit' ORDER BY start_latest, pos"
        )
        found = fetch_sessions(con, [row[0] for row in shown.fetchall()])
        assert [_facts(session, con, store, found) for session in found] == [
            _expected(session) for session in example["session"]
        ]
    finally:
        store.close()


def _naive(time: datetime | None) -> datetime | None:
    """Times of the examples are UTC and exact to the millisecond."""
    return time and time.replace(tzinfo=None, microsecond=time.microsecond // 1000 * 1000)


def _expected(session: dict[str, Any]) -> dict[str, Any]:
    wanted: dict[str, Any] = dict.fromkeys(
        ("start", "end", "destroyed", "end_range", "duration", "span", "active", "last_seen", "session_number")
    )
    wanted |= {"attached": [], "flags": []} | session
    for name in ("start", "end", "destroyed", "last_seen"):
        wanted[name] = _naive(wanted[name])
    if wanted["end_range"]:
        wanted["end_range"] = [_naive(time) for time in wanted["end_range"]]
    for name in ("duration", "span", "active"):
        wanted[name] = None if wanted[name] is None else round(wanted[name] * 1_000_000)
    wanted["attached"] = sorted((a["time"].replace(tzinfo=None), a["role"], a["source"]) for a in wanted["attached"])
    wanted["flags"] = sorted(wanted["flags"])
    return wanted


def _facts(session: Session, con: Any, store: CaseStore, sessions: list[Session]) -> dict[str, Any]:
    return {
        "user": session.account.name,
        "role": session.role,
        "logon_type": session.logon_type,
        "boot": session.boot,
        "logon_ids": list(session.logon_ids),
        "start": _naive(session.start),
        "start_evidence": session.start_evidence,
        "end": _naive(session.end),
        "end_evidence": session.end_evidence,
        "destroyed": _naive(session.destroyed),
        "end_range": [_naive(session.end_earliest), _naive(session.end_latest)] if _has_range(session) else None,
        "duration": session.duration,
        "span": session.span,
        "active": session.active,
        "privileged": session.privileged,
        "last_seen": _naive(session.last_seen),
        "source": session.source_ip,
        "session_number": session.session_number,
        "attached": _attached(session, con, store, sessions),
        "flags": sorted(session.flags),
    }


def _has_range(session: Session) -> bool:
    return session.is_bounded and session.end_evidence != "open"


def _attached(session: Session, con: Any, store: CaseStore, sessions: list[Session]) -> list[tuple[Any, str, str]]:
    """Logons that were folded in, reconnections, and sessions that belong to this one."""
    events = EventRows(store.dims, {})
    found = []
    for evidence in fetch_evidence(con, session.session_id):
        event = events.fetch(con, [evidence.row])[0]
        if evidence.role in ATTACHED_ROLES and event.event_id == 4624:
            found.append((event.time, evidence.role, event.source_ip))
        elif event.event_id == 4778:
            found.append((event.time, "reconnect", event.source_ip))
    found += [(s.start, s.role, s.source_ip) for s in sessions if s.parent == session.session_id]
    return sorted(found)


def test_every_column_of_a_batch_is_a_column_of_the_store(tmp_path: Path) -> None:
    store = CaseStore(tmp_path)
    try:
        columns = store.cursor().execute("SELECT column_name FROM (DESCRIBE event)").fetchall()
        assert [name for (name,) in columns] == ["row", *EVENT_SCHEMA.names]
    finally:
        store.close()
