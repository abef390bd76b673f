"""Where a remote session of a lake came from: what was traced when it was built is not traced again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from logonscope.case.trace import Sign, find_signs, source_machines
from logonscope.lake.lake_store import Focus
from logonscope.lake.months import Months, month_at
from logonscope.lake.snapshot import ROWS_PER_MACHINE

if TYPE_CHECKING:
    import duckdb

    from logonscope.lake.lake_store import LakeStore
    from logonscope.model import SourceMachine

_NEAR = timedelta(minutes=10)
_STORED = "SELECT machine, reasons, rows FROM origin WHERE session_id = ? ORDER BY place"


def sources_in_lake(store: LakeStore, con: duckdb.DuckDBPyConnection, session_id: int) -> list[SourceMachine]:
    """The machines of a lake that a remote session may have come from; see ``source_machines``.

    Args:
        store: The lake.
        con: A cursor of the calling thread.
        session_id: The session or visit.
    """
    stored = con.execute(_STORED, [session_id]).fetchall()
    signs = [sign for machine, *why in stored if machine for sign in _signs(session_id, machine, *why)]
    if not stored:
        signs = find_signs(con, [session_id])
    here = abs(session_id) // ROWS_PER_MACHINE
    store.focus(con, Focus({here}))
    (began,) = con.execute("SELECT start_latest FROM session WHERE session_id = ?", [session_id]).fetchone() or (None,)
    if began is not None:
        months = Months(month_at(began - _NEAR), month_at(began + _NEAR))
        store.focus(con, Focus({here, *(sign.machine for sign in signs)}, months))
    return source_machines(con, session_id, signs)


def _signs(session_id: int, machine: int, reasons: list[str], rows: list[int]) -> list[Sign]:
    told = [Sign(session_id, machine, reason, None, None) for reason in reasons]
    return told + [Sign(session_id, machine, reasons[0], row, None) for row in rows]
