"""Who is who, before anything is put in order: copies, people, machines, record numbering (rules R1 to R3)."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.sessions.generations import Run, generations
from logonscope.sessions.machines import Machines, NameSpan, find_machines
from logonscope.sessions.people import find_people
from logonscope.sessions.staging import SHAPES, stage, stage_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

_ACCOUNTS_AT_A_TIME = 65_536


def drop_copies(con: duckdb.DuckDBPyConnection) -> int:
    """Delete records that the case holds twice: one event is one event, however many files hold it (rule R2).

    Of copies, the one in the file whose path comes first is kept, in whatever order the files were loaded.

    Returns:
        How many were deleted.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE overlap AS
        WITH span AS (
            SELECT source, computer, channel, min(record_id) AS low, max(record_id) AS high, count(*) AS records
            FROM live_event GROUP BY source, computer, channel
        )
        SELECT DISTINCT a.source, a.computer, a.channel, greatest(a.low, b.low) AS low, least(a.high, b.high) AS high
        FROM span a JOIN span b USING (computer, channel)
        WHERE a.source <> b.source AND a.low <= b.high AND b.low <= a.high
        UNION
        SELECT source, computer, channel, low, high FROM span WHERE records - 1 > high - low
    """)
    found = con.execute("""
        DELETE FROM event WHERE row IN (
            SELECT e.row
            FROM (SELECT DISTINCT e.row FROM live_event e JOIN overlap o USING (source, computer, channel)
                  WHERE e.record_id BETWEEN o.low AND o.high) d
            JOIN event e USING (row)
            LEFT JOIN source s ON s.number = e.source
            QUALIFY row_number() OVER (
                PARTITION BY e.computer, e.channel, e.record_id, e.time, e.tick, e.event_id, e.provider
                ORDER BY e.recovered, s.path, e.header_id, e.row) > 1)
    """).fetchall()
    return int(found[0][0])


def stage_people(con: duckdb.DuckDBPyConnection, *, known: bool = False) -> None:
    """Index accounts by person: writes ``account_person``, ``changed_account`` (temporary) and ``person``.

    Args:
        con: A connection to the case store.
        known: Whether ``person`` tells them, where the store holds only some of the accounts.
    """
    if known:
        con.execute("CREATE OR REPLACE TEMP TABLE account_person AS FROM person")
    else:
        number_people(con, "dim_account")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE changed_account AS
        SELECT n.account FROM account_person n JOIN person p USING (account) WHERE n.person <> p.person
    """)
    con.execute("CREATE OR REPLACE TABLE person AS SELECT * FROM account_person")


def number_people(con: duckdb.DuckDBPyConnection, accounts: str) -> None:
    """Number the people behind accounts: writes ``account_person`` (temporary).

    Args:
        con: The connection that the SQL will run on.
        accounts: What stands behind FROM: all accounts of the case or the lake.
    """
    found = con.sql(f"SELECT code, sid, name, domain, kind::VARCHAR AS kind FROM {accounts} ORDER BY code")
    rows: pa.Table = found.to_arrow_table()
    people = pa.array(find_people(_Accounts(rows)), pa.int32())
    stage_table(con, "account_person", pa.table([rows["code"], people, rows["kind"]], schema=SHAPES["account_person"]))


class _Accounts:
    """(SID, name, domain) of many accounts: few of them are Python's at a time.

    Args:
        rows: With a column for each.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows.select(["sid", "name", "domain"])

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for batch in self._rows.to_batches(max_chunksize=_ACCOUNTS_AT_A_TIME):
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def stage_machines(con: duckdb.DuckDBPyConnection, known: Machines | None = None) -> int:
    """Find the machines, and those that changed: writes ``machine``, ``computer_machine`` and ``dirty`` (temporary).

    Args:
        con: A connection to the case store.
        known: The machines, where the store holds only some of the records that tell them.

    Returns:
        How many machines have to be built anew.
    """
    found = known or find_machines(name_spans(con))
    stage(con, "machine_name", sorted(found.names.items()))
    stage(con, "machine_of", [(*key, machine) for key, machine in sorted(found.of_computer.items())])
    con.execute(files("logonscope.sessions").joinpath("machines.sql").read_text("utf-8"))
    changed = con.execute("SELECT count(*) FROM dirty").fetchall()
    return int(changed[0][0])


def name_spans(con: duckdb.DuckDBPyConnection) -> list[NameSpan]:
    """The records of each computer name, by source and channel."""
    rows = con.execute("""
        WITH span AS (
            SELECT source, channel, computer, min(header_id) AS first, max(header_id) AS last, max(time) AS last_time
            FROM live_event GROUP BY source, channel, computer
        ),
        edge AS (
            SELECT e.source, e.channel, e.computer, e.header_id, min(e.record_id) AS record_id
            FROM live_event e SEMI JOIN (SELECT source, channel, first AS header_id FROM span
                                    UNION SELECT source, channel, last FROM span) USING (source, channel, header_id)
            GROUP BY ALL
        )
        SELECT s.source, s.channel, s.computer, c.text, s.first, s.last, a.record_id, z.record_id, s.last_time
        FROM span s
        JOIN edge a ON (a.source, a.channel, a.computer, a.header_id) = (s.source, s.channel, s.computer, s.first)
        JOIN edge z ON (z.source, z.channel, z.computer, z.header_id) = (s.source, s.channel, s.computer, s.last)
        JOIN dim_computer c ON c.code = s.computer
        ORDER BY ALL
    """).fetchall()
    return [NameSpan(*row) for row in rows]


def stage_order(con: duckdb.DuckDBPyConnection) -> None:
    """Number the generations of records: writes ``generation``, which lists all but generation 0."""
    runs = _numbering_runs(con)
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


def _numbering_runs(con: duckdb.DuckDBPyConnection) -> list[tuple[Run, int, int]]:
    """Runs between restarts of the record numbers, each with its first and last header ID."""
    restarted = con.execute("""
        CREATE OR REPLACE TEMP TABLE restart AS
        WITH ranges AS (SELECT source, channel, min(header_id) AS first FROM live_event GROUP BY source, channel)
        SELECT e.source, e.channel, cm.machine, e.header_id
        FROM live_event e JOIN ranges r USING (source, channel) JOIN computer_machine cm USING (source, computer)
        WHERE e.record_id = 1 AND e.header_id > r.first
    """).fetchall()
    cut = """
        SELECT e.source, e.computer, e.channel, e.record_id, e.time, e.header_id, coalesce(r.header_id, 0) AS since
        FROM live_event e JOIN computer_machine cm USING (source, computer)
        ASOF LEFT JOIN restart r
            ON e.source = r.source AND e.channel = r.channel AND cm.machine = r.machine AND e.header_id >= r.header_id
    """
    records = f"({cut})" if restarted[0][0] else "(SELECT *, 0 AS since FROM live_event)"
    rows = con.execute(f"""
        WITH run AS (
            SELECT source, computer, channel, since, min(record_id) AS first_id, max(record_id) AS last_id,
                   min(time) AS first_time, max(time) AS last_time, min(header_id) AS first, max(header_id) AS last
            FROM {records} WHERE time IS NOT NULL GROUP BY source, computer, channel, since
        )
        SELECT r.source, cm.machine, r.channel, r.since, min(first_id), max(last_id), min(first_time), max(last_time),
               min(first), max(last)
        FROM run r JOIN computer_machine cm USING (source, computer) JOIN dirty USING (machine)
        GROUP BY r.source, cm.machine, r.channel, r.since ORDER BY ALL
    """).fetchall()
    return [(Run(*row[:8]), row[8], row[9]) for row in rows]
