"""Who is who, before anything is put in order: duplicates, people, machines, record numbering (rules R1 to R3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.knowledge.accounts import account_kind
from logonscope.sessions import gather
from logonscope.sessions.generations import generations
from logonscope.sessions.machines import find_machines
from logonscope.sessions.people import find_people
from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    import duckdb


def drop_duplicates(con: duckdb.DuckDBPyConnection) -> int:
    """Delete records that the case holds twice: one event is one event, however many files hold it (rule R2).

    Returns:
        How many were deleted.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE suspect AS
        SELECT computer, channel FROM event GROUP BY computer, channel
        HAVING count(*) > max(record_id)::HUGEINT - min(record_id)::HUGEINT + 1
            OR (min(source) <> max(source))
    """)
    found = con.execute("""
        DELETE FROM event WHERE rowid IN (
            SELECT e.rowid FROM event e SEMI JOIN suspect USING (computer, channel)
            QUALIFY row_number() OVER (
                PARTITION BY computer, channel, record_id, time, tick, event_id, provider ORDER BY e.rowid) > 1)
    """).fetchone()
    return int(found[0]) if found else 0


def stage_people(con: duckdb.DuckDBPyConnection) -> None:
    """Index accounts by person: writes ``account_person`` (temporary) and ``person``."""
    rows = con.execute("SELECT code, sid, name, domain FROM dim_account ORDER BY code").fetchall()
    people = find_people([(sid, name, domain) for _, sid, name, domain in rows])
    kinds = (account_kind(sid, name) for _, sid, name, _ in rows)
    stage(con, "account_person", zip((row[0] for row in rows), people, kinds, strict=True))
    con.execute("CREATE OR REPLACE TABLE person AS SELECT * FROM account_person")


def stage_machines(con: duckdb.DuckDBPyConnection) -> None:
    """Find the machines: writes ``machine`` and ``computer_machine``."""
    found = find_machines(gather.name_spans(con))
    stage(con, "machine_name", sorted(found.names.items()))
    stage(con, "machine_of", [(*key, machine) for key, machine in sorted(found.of_computer.items())])
    con.execute("CREATE OR REPLACE TABLE machine AS SELECT * FROM machine_name")
    con.execute("CREATE OR REPLACE TABLE computer_machine AS SELECT * FROM machine_of")


def stage_order(con: duckdb.DuckDBPyConnection) -> None:
    """Number the generations of records: writes ``generation``, which lists all but generation 0."""
    runs = gather.numbering_runs(con)
    numbered = generations(run for run, _, _ in runs)
    stage(
        con,
        "generation",
        [
            (run.source, run.machine, run.channel, first, last, generation)
            for run, first, last in runs
            if (generation := numbered[run.source, run.machine, run.channel, run.restart])
        ],
    )
