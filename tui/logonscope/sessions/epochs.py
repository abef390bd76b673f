"""Boots of all machines, judged by the Security log first and the System log where that is silent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.sessions import gather
from logonscope.sessions.boots import Epoch, find_epochs, with_system_ends
from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    import duckdb


def stage_epochs(con: duckdb.DuckDBPyConnection) -> None:
    """Find the boots: writes ``epoch`` (temporary) and ``boot``."""
    epochs = {machine: find_epochs(log) for machine, log in gather.security_logs(con).items()}
    for machine in gather.machines_without_security(con):
        epochs[machine] = [Epoch(0, 0, None, "before-log", None, None)]
    _stage(con, epochs)
    # How a boot ended by the System log depends on its last Security record, which depends on the boots.
    last_records = gather.last_records(con)
    marks = gather.system_marks(con)
    _stage(
        con,
        {
            machine: with_system_ends(found, last_records.get(machine, {}), marks.get(machine, []))
            for machine, found in epochs.items()
        },
    )
    con.execute("""
        CREATE OR REPLACE TEMP TABLE epoch AS
        SELECT e.*, l.last_pos, l.last_time FROM epoch e LEFT JOIN epoch_last l USING (machine, number)
    """)
    con.execute("CREATE OR REPLACE TABLE boot AS SELECT * FROM epoch ORDER BY machine, number")


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
                epoch.next_start,
            )
            for machine, found in sorted(epochs.items())
            for epoch in found
        ],
    )
