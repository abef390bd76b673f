"""The rebuild of a machine that is too large to be built at once: the steps of ``rebuild``, run by run of whole boots.

What holds for the machine as a whole is found first, by passes over a few columns (``rebuild.survey``). Each
run of boots then finds its logons (``find_logons``), the desktops of the machine are tied to these
(``settle_desks``), and each run makes its sessions (``build_run``). What crosses boots is told in the end, of
all sessions (``tell_whole``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.sessions import desk_records
from logonscope.sessions.boot_runs import stage_owners
from logonscope.sessions.desktops import stage_desks_of, stage_interruptions
from logonscope.sessions.identity import stage_machines, stage_order, stage_people
from logonscope.sessions.lost_boots import spans_of_starts, stage_lost_boots
from logonscope.sessions.rebuild import run, stage_ends, stage_knowledge, stage_logons
from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from logonscope.sessions.boot_runs import BootRun
    from logonscope.sessions.logon import Logon
    from logonscope.sessions.lost_boots import Spans
    from logonscope.sessions.machines import Machines

PASSED_ON = ("backwards", "named")
"""What a run leaves for the end; of ``named`` what belongs to no session."""


def stage_who(con: duckdb.DuckDBPyConnection, known: Machines) -> None:
    """Stage people, machines, and what is known of Windows; see ``rebuild``."""
    stage_people(con, known=True)
    stage_machines(con, known)
    stage_knowledge(con)


def order_security(con: duckdb.DuckDBPyConnection) -> None:
    """Put the records of the Security log in order: stages ``generation``, and ``security_record`` as a view.

    Args:
        con: A connection that sees all events.
    """
    stage_order(con)
    run(con, "security.sql")


def find_logons(con: duckdb.DuckDBPyConnection, runs: Sequence[BootRun]) -> None:
    """Find the logons of some runs; ``SURVEYED`` is staged."""
    stage(con, "boot_run", [run[:3] for run in runs])
    run(con, "security.sql")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE security AS
        SELECT s.* FROM security_record s
        JOIN boot_run r ON r.machine = s.machine AND s.pos BETWEEN r.first_pos AND r.last_pos
    """)
    stage_logons(con)


def logons_of_run(con: duckdb.DuckDBPyConnection) -> tuple[list[Logon], Spans]:
    """What the other runs have to know of one: logons at desks, and where starts of the machine were lost."""
    return desk_records.desk_logons(con), spans_of_starts(con)


def find_lost_boots(con: duckdb.DuckDBPyConnection, spans: Iterable[Spans]) -> bool:
    """Find starts that holes have swallowed: writes ``lost_boot``; see ``stage_lost_boots``.

    Args:
        con: A connection on which ``SURVEYED`` is staged, and ``security``, which may be a view.
        spans: Of all runs.
    """
    joined: Spans = {}
    for own in spans:
        for machine, found in own.items():
            joined.setdefault(machine, []).extend(found)
    if not joined:
        return False
    run(con, "naming.sql")
    con.execute("CREATE OR REPLACE TEMP VIEW named AS FROM naming_record")
    return stage_lost_boots(con, joined)


def settle_desks(con: duckdb.DuckDBPyConnection, logons: Iterable[Logon], parts: Sequence[Sequence[BootRun]]) -> bool:
    """Find the sessions at desktops: stages ``DESKS`` and ``desk_owner``.

    Args:
        con: A connection on which ``SURVEYED`` is staged.
        logons: Those at desks, of all runs.
        parts: The runs.

    Returns:
        Whether each is of one part; else the machine cannot be cut so.
    """
    ordered = sorted(logons, key=lambda logon: (logon.machine, logon.boot, logon.first_pos, logon.logon_id))
    stage_desks_of(con, ordered, meanwhile=lambda: None)
    return stage_owners(con, parts)


def build_run(con: duckdb.DuckDBPyConnection) -> None:
    """Make the sessions of the runs whose logons were found; ``DESKS`` are staged, as far as they are of these."""
    run(con, "plain.sql", "backwards.sql")
    stage_ends(con)
    run(con, "visits.sql", "publish.sql")
    con.execute("CREATE OR REPLACE TEMP TABLE named AS FROM named SEMI JOIN mentioned USING (epoch, logon_id)")


def tell_whole(con: duckdb.DuckDBPyConnection) -> None:
    """Tell what is of the machine as a whole: boots and coverage.

    Args:
        con: A connection that sees all events and sessions; ``SURVEYED`` and ``PASSED_ON`` are staged.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE mentioned AS SELECT DISTINCT epoch, logon_id FROM named;
        CREATE OR REPLACE TEMP TABLE stale AS FROM dirty;
        CREATE OR REPLACE TEMP VIEW away AS SELECT * RENAME (session_id AS session) FROM absence;
        CREATE OR REPLACE TEMP VIEW ended AS
        SELECT * RENAME (session_id AS session) FROM full_session WHERE role <> 'visit';
    """)
    stage_interruptions(con, meanwhile=lambda: None)
    run(con, "coverage.sql", "publish_machines.sql", "file_marks.sql")
