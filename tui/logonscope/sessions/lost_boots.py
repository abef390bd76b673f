"""Starts of a machine that a hole in its Security log has swallowed (rules R4 and R8).

A logon ID is given once in a boot. One that is given again, or that another account has, tells of a start in between;
where records are missing in between, it was there. Logon IDs also rise from logon to logon of a boot: where several
holes come into question, the start is looked for in one after which they are lower.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.sessions.staging import stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

_FALL = 0x100
"""By how much logon IDs are lower than before, at least; 0x4f is the most seen within a boot, of 650 logons."""


@dataclass(frozen=True, slots=True)
class Use:
    """A record about one logon ID, in record order."""

    position: int
    is_logon: bool
    person: int
    """0 where it names nobody by SID."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Where records are missing."""

    after: int
    """Position of the last record before it."""
    until: int
    """Position of the first one after it."""
    fall: int = 0
    """By how much the first logon ID after it is lower than the last one before it; 0 or less where it is not."""


def spans_with_start(uses: Iterable[Use]) -> list[tuple[int, int]]:
    """Between which positions a machine was started, by the records about one logon ID of what passes for one boot."""
    found: list[tuple[int, int]] = []
    before: Use | None = None
    person = 0
    for use in uses:
        is_other = use.person != 0 and person not in (0, use.person)
        if before and (use.is_logon or is_other):
            found.append((before.position, use.position))
            person = 0
        person = use.person or person
        before = use
    return found


def swallowing_holes(spans: Iterable[tuple[int, int]], holes: Sequence[Hole]) -> list[Hole]:
    """The fewest holes that explain starts.

    Args:
        spans: Between which positions there was a start; one without a hole in it is a contradiction of another kind.
        holes: The holes of that machine in order.
    """
    chosen: list[Hole] = []
    for first, last in sorted(spans, key=lambda span: span[1]):
        if any(first <= hole.after and hole.until <= last for hole in chosen):
            continue
        begin = bisect_left(holes, first, key=lambda hole: hole.after)
        inside = [hole for hole in holes[begin:] if hole.until <= last]
        if inside:
            chosen.append(max(inside, key=lambda hole: (hole.fall >= _FALL, hole.until - hole.after, hole.after)))
    return sorted(chosen, key=lambda hole: hole.after)


Spans = dict[int, list[tuple[int, int]]]
"""By machine: between which positions of its Security log it was started."""


def stage_lost_boots(con: duckdb.DuckDBPyConnection, spans: Spans) -> bool:
    """Find starts that holes have swallowed: writes ``lost_boot`` (temporary).

    Args:
        con: A connection on which ``named`` and ``hole`` are staged.
        spans: As ``spans_of_starts`` gives them.

    Returns:
        Whether there are any, so that the boots have to be found anew with them.
    """
    holes = _holes(con) if spans else {}
    rows = [
        (machine, hole.until)
        for machine, found in sorted(spans.items())
        for hole in swallowing_holes(found, holes.get(machine, ()))
    ]
    stage(con, "lost_start", rows)
    # The first record after the hole was written after the start.
    con.execute("""
        CREATE OR REPLACE TEMP TABLE lost_boot AS
        SELECT l.machine, l.pos, arg_min(n.time, n.pos) AS time
        FROM lost_start l
        JOIN epoch e USING (machine)
        JOIN named n ON n.epoch = e.epoch AND n.pos >= l.pos AND n.time IS NOT NULL
        GROUP BY l.machine, l.pos
    """)
    return bool(rows)


def spans_of_starts(con: duckdb.DuckDBPyConnection) -> Spans:
    """Where what passes for one boot must have been several, by its logons."""
    uses: dict[tuple[int, int, int], list[Use]] = defaultdict(list)
    for machine, epoch, logon_id, *use in con.execute("""
        WITH suspect AS (
            SELECT l.epoch, l.logon_id
            FROM logon l
            WHERE l.machine IN (SELECT machine FROM hole) AND (l.logged_on_twice OR NOT are_one(l.accounts))
            UNION
            SELECT epoch, logon_id FROM orphaned WHERE start_pos IS NOT NULL
        )
        SELECT e.machine, n.epoch, n.logon_id, n.pos, n.event_id = 4624,
               CASE WHEN a.sid NOT IN ('', 'S-1-0-0') THEN coalesce(p.person, 0) ELSE 0 END
        FROM named n
        JOIN suspect USING (epoch, logon_id)
        JOIN epoch e USING (epoch)
        LEFT JOIN dim_account a ON a.code = n.account
        LEFT JOIN account_person p ON p.account = n.account
        WHERE n.about AND n.event_id IN (4624, 4634, 4647)
        ORDER BY n.pos
    """).fetchall():
        uses[machine, epoch, logon_id].append(Use(*use))
    spans: Spans = defaultdict(list)
    for (machine, _, _), own in uses.items():
        spans[machine] += spans_with_start(own)
    return {machine: found for machine, found in spans.items() if found}


def _holes(con: duckdb.DuckDBPyConnection) -> dict[int, list[Hole]]:
    holes: dict[int, list[Hole]] = defaultdict(list)
    for machine, *hole in con.execute("""
        WITH given AS (
            SELECT e.machine, n.pos, n.logon_id
            FROM named n JOIN epoch e USING (epoch) WHERE n.about AND n.event_id = 4624
        ),
        before AS (
            SELECT h.machine, h.after_pos, h.next_pos, g.logon_id
            FROM hole h ASOF LEFT JOIN given g ON g.machine = h.machine AND h.after_pos >= g.pos
        )
        SELECT b.machine, b.after_pos, b.next_pos, coalesce(b.logon_id::BIGINT - g.logon_id::BIGINT, 0)
        FROM before b ASOF LEFT JOIN given g ON g.machine = b.machine AND b.next_pos <= g.pos
        WHERE coalesce(b.logon_id, 0) < 1::UBIGINT << 62 AND coalesce(g.logon_id, 0) < 1::UBIGINT << 62
        ORDER BY ALL
    """).fetchall():
        holes[machine].append(Hole(*hole))
    return holes
