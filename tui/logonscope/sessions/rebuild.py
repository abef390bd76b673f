"""Rebuild the sessions of the machines whose records changed.

Each step reads what the steps before it left in temporary tables and leaves its own; the SQL files say which. What the
rest of the program reads is replaced in one transaction at the end, so that nobody sees half of it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.resources import files
from time import monotonic
from typing import TYPE_CHECKING

from logonscope.garbage import rare_collections
from logonscope.knowledge.accounts import hidden_logon_ids
from logonscope.knowledge.catalogue import catalogue
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import logon_types
from logonscope.sessions.clocks import stage_clocks
from logonscope.sessions.desktops import stage_desks, stage_interruptions, stage_presence
from logonscope.sessions.epochs import stage_epochs
from logonscope.sessions.identity import drop_copies, stage_machines, stage_order, stage_people
from logonscope.sessions.lost_boots import spans_of_starts, stage_lost_boots
from logonscope.sessions.staging import stage
from logonscope.store.open_store import at_once

if TYPE_CHECKING:
    import duckdb

    from logonscope.sessions.machines import Machines

_log = logging.getLogger(__name__)
_SECURITY = "Microsoft-Windows-Security-Auditing"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did."""

    machines: int
    """Machines that were built anew; the others had not changed."""
    duplicates: int
    """Records that the case held twice, now dropped."""


def rebuild(con: duckdb.DuckDBPyConnection, known: Machines | None = None) -> Rebuilt:
    """Rebuild boots, sessions and coverage of the machines whose records changed since they were built last.

    Args:
        con: A connection of its own to the case store; nobody else may write meanwhile.
        known: The machines, where the store holds only some of the records that tell them; ``person`` then tells the
            people.

    Returns:
        What was done.
    """
    began = monotonic()
    with rare_collections():
        duplicates = drop_copies(con)
        stage_people(con, known=known is not None)
        machines = stage_machines(con, known)
        if machines or _has_files_to_list(con):
            _build(con)
    _log.debug("%d machines rebuilt in %.2f s, %d copies dropped", machines, monotonic() - began, duplicates)
    return Rebuilt(machines, duplicates)


def _has_files_to_list(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a file without records, or a machine that is now part of another, has to be told of."""
    found = con.execute("""
        SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM source WHERE kind <> 'raw')
               - (SELECT count(*) FROM coverage WHERE mark_id < 0 AND kind NOT LIKE 'sign %')
    """).fetchall()
    return bool(found[0][0])


def _build(con: duckdb.DuckDBPyConnection) -> None:
    stage_knowledge(con)
    stage_order(con)
    stage(con, "lost_boot", [])
    _stage_logons(con)
    if stage_lost_boots(con, spans_of_starts(con)):
        _stage_logons(con)
    stage_desks(con, meanwhile=lambda: run(con, "plain.sql", "backwards.sql"))
    stage_ends(con)
    stage_interruptions(con, meanwhile=lambda: run(con, "visits.sql"))
    run(con, "coverage.sql")
    _publish(con)


def _stage_logons(con: duckdb.DuckDBPyConnection) -> None:
    run(con, "security.sql")
    con.execute("CREATE OR REPLACE TEMP TABLE security AS FROM security_record")
    survey(con)
    stage_logons(con)


def survey(con: duckdb.DuckDBPyConnection) -> None:
    """Find what holds for a machine as a whole: its boots, clock steps, holes, and what its logs cover.

    Args:
        con: A connection on which ``security``, ``generation`` and ``lost_boot`` are staged.
    """
    run(con, "records.sql")
    stage_epochs(con)
    run(con, "buckets.sql", "clock.sql", "holes.sql", "signs.sql")
    stage_clocks(con)


def stage_logons(con: duckdb.DuckDBPyConnection) -> None:
    """Find the logons in what is staged as ``security``, which is dropped then; each boot stands for itself."""
    run(con, "naming.sql")
    con.execute("CREATE OR REPLACE TEMP TABLE named AS FROM naming_record")
    run(con, "logons.sql", "ending.sql")


def stage_ends(con: duckdb.DuckDBPyConnection) -> None:
    """Make sessions of the logons and desktops, find their ends, and who was there meanwhile; boot by boot."""
    run(con, "drafts.sql", "client.sql", "ends.sql")
    stage_presence(con, meanwhile=lambda: run(con, "remarks.sql"))


def _publish(con: duckdb.DuckDBPyConnection) -> None:
    with at_once(con):
        run(con, "publish.sql", "publish_machines.sql", "file_marks.sql")


def run(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    """Run SQL files of the rebuild."""
    for name in names:
        began = monotonic()
        con.execute(files("logonscope.sessions").joinpath(name).read_text("utf-8"))
        _log.debug("%s: %.3f s", name, monotonic() - began)


def stage_knowledge(con: duckdb.DuckDBPyConnection) -> None:
    """Write what the SQL needs of what is known of Windows into temporary tables."""
    stage(con, "hidden_logon_id", [(logon_id,) for logon_id in sorted(hidden_logon_ids())])
    stage(con, "logon_class", [(entry.type, entry.logon_class) for entry in logon_types().values()])
    own = [kind for kind in catalogue().event if kind.provider == _SECURITY]
    stage(con, "event_role", [(kind.id, kind.role) for kind in own])
    stage(con, "audit_event", [(kind.id, kind.audit) for kind in own if kind.audit])
    stage(con, "end_grade", [(kind.evidence, kind.grade) for kind in end_kinds().values()])
