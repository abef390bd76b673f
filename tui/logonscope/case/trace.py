"""From a session that came over the network to the machine that it came from, if that is loaded too."""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING

from logonscope.model import SourceMachine

if TYPE_CHECKING:
    import duckdb

_STRONGEST_FIRST = ("credentials", "rdp client", "workstation", "machine account", "address")


def source_machines(con: duckdb.DuckDBPyConnection, session_id: int) -> list[SourceMachine]:
    """Find the loaded machines that a remote session may have come from.

    Args:
        con: A cursor of the calling thread.
        session_id: A session or a visit.

    Returns:
        One per machine, the likeliest first; several mean that the logs do not decide. Empty where none is loaded.
    """
    sql = files("logonscope.case").joinpath("trace.sql").read_text("utf-8")
    reasons: dict[str, set[str]] = defaultdict(set)
    rows: dict[str, list[int]] = defaultdict(list)
    records: dict[str, tuple[int, bool]] = {}
    for machine, reason, row, count, covers in con.execute(sql, {"session": session_id}).fetchall():
        reasons[machine].add(reason)
        records[machine] = (count, covers)
        if row is not None and row not in rows[machine]:
            rows[machine].append(row)
    found = [
        SourceMachine(machine, tuple(sorted(why, key=_STRONGEST_FIRST.index)), *records[machine], tuple(rows[machine]))
        for machine, why in reasons.items()
    ]
    return sorted(found, key=lambda source: (_STRONGEST_FIRST.index(source.reasons[0]), source.machine.lower()))
