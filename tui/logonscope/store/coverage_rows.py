"""Boots and coverage marks, fetched from the rebuilt tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.model import Boot, CoverageMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

_BOOTS = """
    SELECT b.boot_id, m.name, b.number, b.start, b.start_evidence, b.start_row, b.kernel_start, b.last_time,
           b.end_time, b.end_kind, b.end_is_exact, b.end_row, b.alive_until, b.next_start, b.stays, b.sessions,
           b.stepped, b.reused_ids
    FROM boot b JOIN machine m ON m.number = b.machine
"""
_MARKS = """
    SELECT c.mark_id, coalesce(m.name, ''), coalesce(h.text, ''), c.kind, c.since, c.until, c.amount, c.row, c.text
    FROM coverage c
    LEFT JOIN machine m ON m.number = c.machine
    LEFT JOIN dim_channel h ON h.code = c.channel
"""


def fetch_boots(con: duckdb.DuckDBPyConnection, boot_ids: Sequence[int] | None) -> list[Boot]:
    """Fetch boots.

    Args:
        con: A cursor of the calling thread.
        boot_ids: Boot IDs, or None for all boots by machine and number.

    Returns:
        The boots in the order asked for; one that does not exist is left out.
    """
    if boot_ids is None:
        rows = con.execute(f"{_BOOTS} ORDER BY lower(m.name), b.number").fetchall()
        return [_boot(row) for row in rows]
    rows = con.execute(f"{_BOOTS} WHERE b.boot_id IN (SELECT unnest(?::BIGINT[]))", [list(boot_ids)]).fetchall()
    found = {row[0]: _boot(row) for row in rows}
    return [found[boot_id] for boot_id in boot_ids if boot_id in found]


def _boot(row: tuple[Any, ...]) -> Boot:
    values = (*row[:-1], tuple(row[-1]))
    return Boot(*values)


def fetch_coverage(con: duckdb.DuckDBPyConnection, mark_ids: Sequence[int] | None) -> list[CoverageMark]:
    """Fetch coverage marks.

    Args:
        con: A cursor of the calling thread.
        mark_ids: Mark IDs, or None for all marks by machine, channel and time.

    Returns:
        The marks in the order asked for; one that does not exist is left out.
    """
    if mark_ids is None:
        rows = con.execute(f"{_MARKS} ORDER BY lower(m.name), lower(h.text), c.since, c.mark_id").fetchall()
        return [CoverageMark(*row) for row in rows]
    rows = con.execute(f"{_MARKS} WHERE c.mark_id IN (SELECT unnest(?::BIGINT[]))", [list(mark_ids)]).fetchall()
    found = {row[0]: CoverageMark(*row) for row in rows}
    return [found[mark_id] for mark_id in mark_ids if mark_id in found]


def gaps_of_session(con: duckdb.DuckDBPyConnection, session_id: int) -> list[CoverageMark]:
    """Missing, cleared and lost records of the Security log while a session lasted, in record order.

    Where only another log tells of its start, the Security log's gaps until its first own record are told by time.
    """
    rows = con.execute(
        f"""{_MARKS}
        JOIN session s ON s.session_id = ? AND s.machine = c.machine
        WHERE c.next_pos > s.pos AND c.after_pos < s.end_pos
           OR c.after_pos IS NOT NULL AND s.start_evidence IN ('LSM21', '7001') AND c.until > s.start
              AND c.since < coalesce(s.end_latest, s.end_earliest)
        ORDER BY c.after_pos, c.mark_id""",
        [session_id],
    ).fetchall()
    return [CoverageMark(*row) for row in rows]
