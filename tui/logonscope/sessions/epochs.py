"""Boots of all machines that changed, by their Security logs first and the System logs where those are silent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from logonscope.display import microseconds
from logonscope.sessions import boot_records
from logonscope.sessions.boots import Epoch, find_epochs
from logonscope.sessions.staging import stage
from logonscope.sessions.system_boots import with_lost_starts, with_system_ends, with_system_starts

if TYPE_CHECKING:
    import duckdb


def stage_epochs(con: duckdb.DuckDBPyConnection) -> None:
    """Find the boots, those of ``lost_boot`` among them: writes ``epoch`` (temporary)."""
    epochs = _started(con)
    _stage(con, epochs)
    # How a boot ended by the System log depends on its last record, which depends on the boots.
    last_records, covered = boot_records.last_records(con)
    marks = boot_records.system_marks(con)
    ended = {
        machine: with_system_ends(found, last_records.get(machine, {}), marks.get(machine, []), covered.get(machine))
        for machine, found in epochs.items()
    }
    _stage(con, ended)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE epoch AS
        SELECT row_number() OVER (ORDER BY e.machine, e.number)::INTEGER AS epoch, e.*, l.last_pos, l.last_time,
               l.last_audited
        FROM epoch e LEFT JOIN epoch_last l USING (machine, number)
    """)


def _started(con: duckdb.DuckDBPyConnection) -> dict[int, list[Epoch]]:
    logs = boot_records.security_logs(con)
    starts = boot_records.system_starts(con)
    lost = boot_records.lost_boots(con)
    epochs: dict[int, list[Epoch]] = {}
    for machine in boot_records.machine_numbers(con):
        log = logs.get(machine)
        found = with_system_starts(
            find_epochs(log) if log else [],
            (log.first_time, log.last_time) if log else None,
            *starts.get(machine, ([], True)),
            partial(boot_records.hole_at, con, machine),
        )
        epochs[machine] = with_lost_starts(found, lost[machine])
    return epochs


def _stage(con: duckdb.DuckDBPyConnection, epochs: dict[int, list[Epoch]]) -> None:
    stage(
        con,
        "epoch",
        [
            (
                machine,
                epoch.number,
                epoch.first_position,
                epoch.start,
                epoch.start_evidence,
                epoch.start_row,
                epoch.kernel_start,
                epoch.end_kind,
                epoch.end,
                epoch.end_is_exact,
                epoch.end_row,
                epoch.alive_until,
                microseconds(epoch.uptime) if epoch.uptime else None,
                epoch.next_start,
            )
            for machine, found in sorted(epochs.items())
            for epoch in found
        ],
    )
