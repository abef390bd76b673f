"""Where to go in a list: the row at a moment, and the next gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.case.moments import MOMENTS, PLAUSIBLE
from logonscope.case.view import TABLES, terms_of
from logonscope.filters.compile import compile_filter
from logonscope.filters.sql import all_of

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from logonscope.case.view import View
    from logonscope.filters.compile import Target
    from logonscope.filters.lookup import Lookup

_IDS: dict[Target, tuple[str, str]] = {
    "event": ("e.row", "e.tick {d}, e.record_id {d}, e.event_id {d}, e.row {d}"),
    "session": ("s.session_id", "s.machine {d}, s.boot {d}, s.pos {d}"),
    "boot": ("b.boot_id", "b.machine {d}, b.number {d}"),
    "coverage": ("c.mark_id", "c.mark_id {d}"),
}
"""The ID of each row, and what goes first of rows of one moment."""
_MOST_SILENCES = 30


@dataclass(frozen=True, slots=True)
class Landing:
    """A row of a list with its time."""

    row: int
    """Row number of an event, ID of anything else."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A silence in a list, or a hole in the record IDs of a log."""

    since: datetime | None
    until: datetime
    missing: int | None
    """How many records are missing; None for a silence."""
    usual: int
    """Microseconds between two rows of the list on average."""


def row_at(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, at: datetime, *, later: bool = True
) -> Landing | None:
    """The first row of a list at or after a moment, or the last at or before it; None where there is none.

    Args:
        con: A cursor of the calling thread.
        view: The list.
        lookup: What its filter is compiled with.
        at: Naive UTC.
        later: Whether to look at or after the moment.
    """
    where, moment = view.where(lookup), MOMENTS[view.target]
    row, ties = _IDS[view.target]
    direction, side = ("ASC", ">=") if later else ("DESC", "<=")
    found = con.execute(
        f"SELECT {row}, {moment} FROM {TABLES[view.target]} WHERE {where.text} AND {moment} {side} ?::TIMESTAMP"
        f" ORDER BY {moment} {direction}, {ties.format(d=direction)} LIMIT 1",
        [*where.parameters, at],
    ).fetchone()
    return Landing(*found) if found else None


def next_gap(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, at: datetime, *, later: bool = True
) -> Gap | None:
    """The next gap in a list that ends after a moment, or the last that a row before the moment follows.

    A silence counts where it is longer than chance would make it once in a list of so many rows (were they spread
    evenly, by ln n + 3 times the mean distance), and is one of the longest. Cut into parts of that length, the list
    shows each such silence between two parts that follow each other, so that nothing needs to be sorted.

    Args:
        con: A cursor of the calling thread.
        view: The list.
        lookup: What its filter is compiled with.
        at: Naive UTC.
        later: Whether to look forward in time.
    """
    where, moment = view.where(lookup), MOMENTS[view.target]
    named = [term for term in terms_of(view.filter) if term.field in ("machine", "channel")]
    marks = all_of(compile_filter(term, "coverage", lookup) for term in named)
    limit = "until > here.asked" if later else "until <= here.before"
    found = con.execute(
        f"""
        WITH shown AS NOT MATERIALIZED (
            SELECT {moment} AS time FROM {TABLES[view.target]} WHERE {where.text} AND {moment} {PLAUSIBLE}
        ),
        here AS (
            SELECT ?::TIMESTAMP AS asked, max(time) FILTER (time < ?::TIMESTAMP) AS before,
                   greatest(1, (epoch_us(max(time)) - epoch_us(min(time))) // greatest(1, count(*) - 1)) AS usual,
                   greatest(1, (usual * (ln(greatest(1, count(*))) + 3))::BIGINT) AS length
            FROM shown
        ),
        part AS (
            SELECT min(shown.time) AS first, max(shown.time) AS last
            FROM shown, here GROUP BY epoch_us(shown.time) // length
        ),
        silence AS (
            SELECT since, until, NULL::BIGINT AS missing
            FROM (SELECT lag(last) OVER (ORDER BY first) AS since, first AS until FROM part), here
            WHERE epoch_us(until) - epoch_us(since) > length
            ORDER BY until - since DESC, until LIMIT {_MOST_SILENCES}
        ),
        gap AS (
            FROM silence
            UNION ALL
            SELECT c.since, c.until, c.amount FROM coverage c
            WHERE c.kind = 'missing' AND c.until IS NOT NULL AND {marks.text}
        )
        SELECT gap.since, gap.until, gap.missing, here.usual FROM gap, here
        WHERE {limit} ORDER BY until {"ASC" if later else "DESC"}, missing NULLS LAST LIMIT 1
        """,
        [*where.parameters, at, at, *marks.parameters],
    ).fetchone()
    return Gap(*found) if found else None
