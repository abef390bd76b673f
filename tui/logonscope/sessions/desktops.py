"""Desktop sessions: those of the Security log, what LocalSessionManager adds, and when somebody was there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import microseconds
from logonscope.sessions import gather
from logonscope.sessions.logon import LOCAL_ADDRESSES
from logonscope.sessions.presence import away_time
from logonscope.sessions.staging import stage
from logonscope.sessions.terminal import Stay, follow_desktops

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from logonscope.sessions.attach import Attached

_MARK_ROLES = {21: "open", 23: "close", 24: "leave", 25: "return"}


def stage_desks(con: duckdb.DuckDBPyConnection, attached: Attached) -> None:
    """Hand the outcome of ``attach`` to SQL: writes the ``desk_*`` tables."""
    sessions = attached.sessions
    stage(
        con,
        "desk_token",
        [(*token.key, session.number, rank) for session in sessions for rank, token in enumerate(session.tokens)],
    )
    stage(con, "desk_session", [(s.number, s.role, s.parent, s.flags) for s in sessions])
    stage(con, "desk_attachment", [(*a.logon, a.session, a.role) for a in attached.attachments])
    stage(
        con,
        "desk_start",
        [(a.machine, a.boot, a.person, a.position, a.time, a.source_ip, a.session) for a in attached.arrivals],
    )


def stage_terminal(con: duckdb.DuckDBPyConnection) -> None:
    """Follow desktops through the LocalSessionManager log: writes the ``terminal_*`` tables."""
    desktops = gather.desktops(con)
    security = gather.SecurityCoverage(con)
    number = gather.last_session_number(con)
    only, ends, marks = [], [], []
    for machine, events in gather.terminal_events(con).items():
        stays = follow_desktops(events, desktops.get(machine, []))
        for index, stay in enumerate(stays):
            session = stay.session
            if session is None:
                if security.covers(machine, stay.opened.time):
                    continue
                number += 1
                session = number
                opened = stay.opened
                boot = security.boot_at(machine, opened.time)
                only.append(
                    (
                        machine,
                        boot,
                        stay.number,
                        opened.account,
                        _type_by_address(opened.source_ip),
                        opened.row,
                        session,
                    )
                )
            closed = stay.closed.time if stay.closed else None
            ends.append((session, stay.number, closed, _gone_by(stay, stays[index + 1 :])))
            records = [stay.opened, *stay.marks, *([stay.closed] if stay.closed else [])]
            marks += [(session, record.row, _MARK_ROLES[record.event_id]) for record in records]
    stage(con, "terminal_only", only)
    stage(con, "terminal_end", ends)
    stage(con, "terminal_mark", marks)


def _type_by_address(source_ip: str) -> int:
    """Event 21 gives no logon type, but ``LOCAL`` for the console."""
    return 2 if source_ip in LOCAL_ADDRESSES else 10


def _gone_by(stay: Stay, later: list[Stay]) -> datetime | None:
    """When the desktop's number was given to another session, by which time it had ended unseen."""
    if stay.closed:
        return None
    return next((other.opened.time for other in later if other.number == stay.number), None)


def stage_presence(con: duckdb.DuckDBPyConnection) -> None:
    """Add up the times away from each desktop session: writes ``presence``."""
    audited = gather.presence_audit(con)
    marks = gather.absence_marks(con)
    rows = []
    for session, machine, start, end in gather.ended_stays(con):
        away = microseconds(away_time(marks.get(session, []), start, end)) if start and end else 0
        rows.append((session, away, audited.get(machine, "")))
    stage(con, "presence", rows)
