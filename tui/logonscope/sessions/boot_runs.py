"""A machine in runs of whole boots: which there are, and what each has to know of the machine as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import duckdb

SURVEYED = (
    "generation", "lost_boot", "session_provider", "neighbour", "terminal_kind", "log_run", "security_log",
    "security_channel", "epoch", "bucket", "clock", "clock_time", "clock_bucket", "left_run", "missing", "filtered",
    "hole", "calm_bucket", "log_stop", "without_id", "security_sign", "seen_event", "neighbour_clock",
)  # fmt: skip
"""What holds for a machine as a whole; the temporary tables of ``rebuild.survey``."""
DESKS = (
    "desk_token", "desk_session", "desk_attachment", "desk_start", "desk_desktop", "terminal_end", "terminal_mark",
)  # fmt: skip
"""Its sessions at desktops: other logs are tied to logons by time, over all boots."""
_FIRST, _LAST = -(1 << 62), (1 << 62) - 1


class BootRun(NamedTuple):
    """Boots of one machine that follow each other."""

    machine: int
    first_pos: int
    """Positions in its Security log, from the first record of the first boot to the last of the last one."""
    last_pos: int
    epochs: tuple[int, ...]
    """Numbers of the boots among those of all machines."""
    records: int = 0
    """Of its Security log."""
    first_row: int = 0
    """Least and greatest number of those events; 0 and -1 where there are none."""
    last_row: int = -1


def boot_runs(con: duckdb.DuckDBPyConnection, most: int) -> list[tuple[BootRun, ...]]:
    """Cut machines at boots.

    Args:
        con: A connection on which ``security``, ``epoch`` and ``bucket`` are staged.
        most: Records that go together; a single boot may have more.

    Returns:
        Runs that go together: every boot is in one of them, and the runs of a machine leave nothing between them.
    """
    boots = con.execute("""
        SELECT e.machine, e.first_pos, e.epoch, coalesce(r.records, 0), coalesce(r.first_row, 0),
               coalesce(r.last_row, -1)
        FROM epoch e
        LEFT JOIN (
            SELECT b.epoch, count(*) AS records, min(s.row) AS first_row, max(s.row) AS last_row
            FROM security s
            JOIN bucket b
                ON b.machine = s.machine AND b.bucket = s.pos >> 8 AND s.pos BETWEEN b.first_pos AND b.last_pos
            GROUP BY b.epoch
        ) r USING (epoch)
        ORDER BY e.machine, e.first_pos, e.epoch
    """).fetchall()
    runs = [BootRun(machine, first, first, (epoch,), *rest) for machine, first, epoch, *rest in boots]
    return list(_together(list(_unbroken(list(_joined(runs, most)))), most))


def _joined(boots: Iterable[BootRun], most: int) -> Iterator[BootRun]:
    """Boots of one machine as long as they are not too much for one task."""
    held: BootRun | None = None
    for boot in boots:
        if held and held.machine == boot.machine and held.records + boot.records <= most:
            rows = [run for run in (held, boot) if run.records]
            held = held._replace(
                epochs=held.epochs + boot.epochs,
                records=held.records + boot.records,
                first_row=min((run.first_row for run in rows), default=0),
                last_row=max((run.last_row for run in rows), default=-1),
            )
            continue
        if held:
            yield held
        held = boot
    if held:
        yield held


def _unbroken(runs: Sequence[BootRun]) -> Iterator[BootRun]:
    for place, run in enumerate(runs):
        is_first = place == 0 or runs[place - 1].machine != run.machine
        is_last = place + 1 == len(runs) or runs[place + 1].machine != run.machine
        yield run._replace(
            first_pos=_FIRST if is_first else run.first_pos,
            last_pos=_LAST if is_last else runs[place + 1].first_pos - 1,
        )


def _together(runs: Iterable[BootRun], most: int) -> Iterator[tuple[BootRun, ...]]:
    """Runs of several machines, where they are small."""
    held: tuple[BootRun, ...] = ()
    for run in runs:
        if held and sum(other.records for other in held) + run.records > most:
            yield held
            held = ()
        held += (run,)
    if held:
        yield held


def stage_owners(con: duckdb.DuckDBPyConnection, parts: Sequence[Sequence[BootRun]]) -> bool:
    """Find which part each session at a desktop is of: writes ``desk_owner`` (temporary).

    Args:
        con: A connection on which the tables of ``DESKS`` and ``epoch`` are staged.
        parts: As ``boot_runs`` gives them.

    Returns:
        Whether each is of one: where the clock was set back over a start, a desktop may join logons of two boots.
    """
    owners = [(epoch, number) for number, part in enumerate(parts) for run in part for epoch in run.epochs]
    con.execute("CREATE OR REPLACE TEMP TABLE epoch_part (epoch INTEGER, part INTEGER)")
    con.executemany("INSERT INTO epoch_part VALUES (?, ?)", owners)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE desk_owner AS
        SELECT session, part FROM desk_token JOIN epoch_part USING (epoch)
        UNION
        SELECT session, part FROM desk_attachment JOIN epoch_part USING (epoch)
        UNION
        SELECT d.session, p.part
        FROM (SELECT session, machine, boot FROM desk_desktop WHERE is_alone
              UNION SELECT session, machine, boot FROM desk_start) d
        JOIN epoch e ON e.machine = d.machine AND e.number = d.boot
        JOIN epoch_part p USING (epoch)
    """)
    ((torn,),) = con.execute("""
        WITH parents AS (
            FROM desk_owner
            UNION
            SELECT s.parent, o.part FROM desk_session s JOIN desk_owner o USING (session) WHERE s.parent IS NOT NULL
        )
        SELECT count(*) FROM (SELECT session FROM parents GROUP BY session HAVING count(DISTINCT part) > 1)
    """).fetchall()
    return not torn
