"""Rebuild all sessions of a case from its events.

Each step reads what the steps before it left in temporary tables and leaves its own; the SQL files say which.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from logonscope.knowledge.accounts import hidden_logon_ids
from logonscope.knowledge.catalogue import catalogue
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import logon_types
from logonscope.sessions import gather
from logonscope.sessions.attach import attach
from logonscope.sessions.desktops import stage_desks, stage_presence, stage_terminal
from logonscope.sessions.epochs import stage_epochs
from logonscope.sessions.identity import drop_duplicates, stage_machines, stage_order, stage_people
from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    import duckdb

_SECURITY = "Microsoft-Windows-Security-Auditing"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found."""

    machines: int
    boots: int
    sessions: int
    duplicates: int
    """Records that the case held twice, now dropped."""


def rebuild(con: duckdb.DuckDBPyConnection) -> Rebuilt:
    """Rebuild machines, boots and sessions from all events of the store.

    Args:
        con: A connection of its own to the case store; nobody else may write meanwhile.

    Returns:
        Counts of what was found.
    """
    duplicates = drop_duplicates(con)
    _stage_knowledge(con)
    stage_people(con)
    stage_machines(con)
    stage_order(con)
    _run(con, "security.sql")
    stage_epochs(con)
    _run(con, "logons.sql")
    stage_desks(con, attach(gather.desk_logons(con)))
    _run(con, "drafts.sql")
    stage_terminal(con)
    _run(con, "terminal_only.sql")
    _run(con, "clock.sql")
    _run(con, "ends.sql")
    _run(con, "gaps.sql")
    stage_presence(con)
    _run(con, "tables.sql")
    return Rebuilt(_count(con, "machine"), _count(con, "boot"), _count(con, "session"), duplicates)


def _run(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(files("logonscope.sessions").joinpath(name).read_text("utf-8"))


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    found = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def _stage_knowledge(con: duckdb.DuckDBPyConnection) -> None:
    stage(con, "hidden_logon_id", [(logon_id,) for logon_id in sorted(hidden_logon_ids())])
    stage(con, "logon_class", [(entry.type, entry.logon_class) for entry in logon_types().values()])
    stage(con, "event_role", [(kind.id, kind.role) for kind in catalogue().event if kind.provider == _SECURITY])
    stage(con, "end_grade", [(kind.evidence, kind.grade) for kind in end_kinds().values()])
