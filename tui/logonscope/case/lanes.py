"""Sessions as lanes over time, per user or per machine: only what can be told apart on so many columns is fetched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from logonscope.case.moments import machines_named
from logonscope.case.view import Scope, View
from logonscope.filters.compile import compile_filter
from logonscope.filters.groups import groups
from logonscope.filters.sql import Sql, all_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from logonscope.case.scale import Scale
    from logonscope.filters.lookup import Lookup

By = Literal["user", "machine"]
MACHINES, REFUSED = -2, -1
"""Lanes by user that stand for no one: the machines' starts, crashes and cleared logs; names that were only refused."""
_KEYS: dict[By, str] = {"user": "s.person", "machine": "s.machine"}
_STAYS = "('stay', 'unlock', 'identity')"
_MOST_LANES = 10_000
_MOST_BARS, _MOST_BARS_OF_LANE = 4_000, 500
_ON_SCREEN = "lane IN (SELECT unnest(?::BIGINT[]))"
_START = "coalesce(s.start, s.start_latest, s.end_earliest, s.end_time)"
_SURE_END = f"greatest({_START}, coalesce(s.end_earliest, s.end_time, {_START}))"


@dataclass(frozen=True, slots=True)
class Lane:
    """One user or one machine."""

    key: int
    """A person's or a machine's number, or one of the constants."""
    name: str
    """As the logs have it; empty for a lane that stands for no one."""
    stays: int
    others: int
    """Network contacts, tasks, services."""
    failures: int


class Bar(NamedTuple):
    """One stay, or several that look the same on these columns. Columns may lie just outside the scale."""

    lane: int
    logon_type: int | None
    first: int
    sure: int
    """The last column in which it was on for certain."""
    last: int
    """The last column in which it may have been on."""
    begins_before: bool
    """Its beginning is not in the log."""
    is_open: bool
    """Still on when the log ends."""
    has_crashed: bool
    times: int
    session_id: int
    """The only one, or the first."""


class Mark(NamedTuple):
    """Something that happened in a column of a lane, so many times."""

    lane: int
    kind: str
    """``failure``, ``contact``, ``work``, ``boot``, ``crash``, ``cleared``."""
    column: int
    times: int


class Span(NamedTuple):
    """Something that lasted: ``gap`` or ``on`` of a lane, or an absence of one session."""

    owner: int
    """The lane, or the session's ID."""
    kind: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn on some lanes."""

    scale: Scale
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    gaps: tuple[Span, ...] = ()
    """What a machine's logs lack, and when it ran."""
    away: tuple[Span, ...] = ()


class Chosen(NamedTuple):
    """One session of a lane."""

    session_id: int
    start: datetime


def _sessions(view: View, lookup: Lookup) -> Sql:
    parts = [compile_filter(view.filter, "session", lookup), Sql("s.role = 'session'")]
    if view.effective_scope is not Scope.ALL or view.scope is not Scope.ALL:
        parts.append(Sql("NOT s.hidden"))
    return all_of(parts)


def _failures(view: View, lookup: Lookup, by: By) -> Sql:
    """Refusals with their lane: a query of columns lane and time."""
    where = all_of([compile_filter(view.filter, "event", lookup), Sql(f"({groups()['failure'].event})")])
    key, join = {
        "user": ("p.person", "JOIN person p ON p.account = e.account"),
        "machine": ("c.machine", "JOIN computer_machine c ON c.source = e.source AND c.computer = e.computer"),
    }[by]
    return Sql(f"SELECT {key} AS lane, e.time FROM event e {join} WHERE {where.text}", where.parameters)


def find_lanes(con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, by: By) -> tuple[Lane, ...]:
    """The lanes of a filter: by user first the machines and the refused names, then who had stays, by name.

    Args:
        con: A cursor of the calling thread.
        view: The filter and the scope.
        lookup: What the filter is compiled with.
        by: What a lane is.
    """
    sessions, failures = _sessions(view, lookup), _failures(view, lookup, by)
    names = {
        "user": "SELECT code AS lane, coalesce(nullif(name, ''), sid) AS name FROM dim_account",
        "machine": "SELECT number AS lane, name FROM machine",
    }[by]
    found = con.execute(
        f"""
        WITH held AS (
            SELECT {_KEYS[by]} AS lane, count(*) FILTER (s.class IN {_STAYS}) AS stays,
                   count(*) FILTER (s.class NOT IN {_STAYS}) AS others
            FROM session s WHERE {sessions.text} GROUP BY lane
        ),
        refused AS (SELECT lane, count(*) AS failures FROM ({failures.text}) GROUP BY lane)
        SELECT lane, coalesce(n.name, ''), coalesce(stays, 0), coalesce(others, 0), coalesce(failures, 0),
               h.lane IS NULL
        FROM held h FULL JOIN refused r USING (lane) LEFT JOIN ({names}) n USING (lane)
        ORDER BY coalesce(stays, 0) = 0, lower(n.name), lane LIMIT {_MOST_LANES}
        """,
        [*sessions.parameters, *failures.parameters],
    ).fetchall()
    if by == "machine":
        return tuple(Lane(*row[:-1]) for row in found)
    refused = sum(row[4] for row in found if row[5])
    lanes = [Lane(MACHINES, "", 0, 0, 0)]
    if refused:
        lanes.append(Lane(REFUSED, "", 0, 0, refused))
    return (*lanes, *(Lane(*row[:-1]) for row in found if not row[5]))


def draw(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, by: By, lanes: Sequence[Lane], scale: Scale
) -> Drawing:
    """Fetch what is drawn on some lanes.

    Args:
        con: A cursor of the calling thread.
        view: The filter and the scope.
        lookup: What the filter is compiled with.
        by: What a lane is.
        lanes: The lanes on the screen.
        scale: The columns on the screen.
    """
    keys = [lane.key for lane in lanes]
    bars = _bars(con, view, lookup, by, keys, scale)
    single = [bar.session_id for bar in bars if bar.times == 1 and bar.last > bar.first]
    return Drawing(
        scale,
        bars,
        (*_refused(con, view, lookup, by, keys, scale), *_visits(con, view, lookup, by, keys, scale),
         *_machine_marks(con, view, lookup, by, keys, scale)),
        _gaps(con, view, lookup, keys, scale) if by == "machine" else (),
        _away(con, single, scale),
    )  # fmt: skip


def _column(expression: str, scale: Scale) -> str:
    """A column of the scale, and the one before or after it for all that lies outside; two values are bound."""
    return f"greatest(-1, least({scale.columns:d}, (epoch_us({expression}) - epoch_us(?::TIMESTAMP)) // ?::BIGINT))"


def _place(scale: Scale) -> list[object]:
    return [scale.since, scale.slot]


def _bars(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, by: By, keys: Sequence[int], scale: Scale
) -> tuple[Bar, ...]:
    where = _sessions(view, lookup)
    rows = con.execute(
        f"""
        FROM (SELECT {_KEYS[by]} AS lane, s.logon_type, {_column(_START, scale)} AS first,
               {_column(_SURE_END, scale)} AS sure,
               greatest(sure, {_column(f"coalesce(s.end_latest, {_SURE_END})", scale)}) AS last,
               s.start IS NULL AS before, s.end_evidence = 'open' AS is_open, s.end_evidence = 'crash' AS has_crashed,
               count(*), arg_min(s.session_id, {_START})
              FROM session s
              WHERE s.class IN {_STAYS} AND {_START} < ?::TIMESTAMP AND {where.text} AND {_ON_SCREEN}
              GROUP BY ALL)
        WHERE last >= 0
        QUALIFY row_number() OVER (PARTITION BY lane ORDER BY last - first DESC, first) <= {_MOST_BARS_OF_LANE}
        ORDER BY lane, first, last DESC LIMIT {_MOST_BARS}
        """,
        [*_place(scale) * 3, scale.start(scale.columns), *where.parameters, list(keys)],
    ).fetchall()
    return tuple(Bar(*row) for row in rows)


def _visits(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, by: By, keys: Sequence[int], scale: Scale
) -> list[Mark]:
    where = _sessions(view, lookup)
    rows = con.execute(
        f"""
        SELECT {_KEYS[by]} AS lane, CASE WHEN s.class = 'work' THEN 'work' ELSE 'contact' END AS kind,
               {_column(_START, scale)} AS place, count(*)
        FROM session s
        WHERE s.class NOT IN {_STAYS} AND {_START} >= ?::TIMESTAMP AND {_START} < ?::TIMESTAMP AND {where.text}
          AND {_ON_SCREEN}
        GROUP BY ALL
        """,
        [*_place(scale), scale.since, scale.start(scale.columns), *where.parameters, list(keys)],
    ).fetchall()
    return [Mark(*row) for row in rows]


def _refused(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, by: By, keys: Sequence[int], scale: Scale
) -> list[Mark]:
    failures, sessions = _failures(view, lookup, by), _sessions(view, lookup)
    lane, values = "f.lane", ()
    if by == "user":
        known = f"(SELECT s.person FROM session s WHERE {sessions.text})"
        lane = f"CASE WHEN f.lane IN {known} THEN f.lane ELSE {REFUSED} END"
        values = sessions.parameters
    rows = con.execute(
        f"""
        SELECT lane, 'failure', {_column("time", scale)} AS place, count(*)
        FROM (SELECT {lane} AS lane, f.time FROM ({failures.text}) f
              WHERE f.time >= ?::TIMESTAMP AND f.time < ?::TIMESTAMP)
        WHERE {_ON_SCREEN} GROUP BY ALL
        """,
        [*_place(scale), *values, *failures.parameters, scale.since, scale.start(scale.columns), list(keys)],
    ).fetchall()
    return [Mark(*row) for row in rows]


def _machine_marks(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, by: By, keys: Sequence[int], scale: Scale
) -> list[Mark]:
    boots, marks = (machines_named(view.filter, target, lookup) for target in ("boot", "coverage"))
    lane = "machine" if by == "machine" else f"{MACHINES}"
    rows = con.execute(
        f"""
        SELECT lane, kind, {_column("time", scale)} AS place, count(*)
        FROM (
            SELECT {lane} AS lane, 'boot' AS kind, b.start AS time FROM boot b WHERE {boots.text}
            UNION ALL
            SELECT {lane}, 'crash', coalesce(b.alive_until, b.last_time) FROM boot b
            WHERE b.end_kind = 'crash' AND {boots.text}
            UNION ALL
            SELECT {lane}, 'cleared', c.since FROM coverage c WHERE c.kind = 'cleared' AND {marks.text}
        )
        WHERE time IS NOT NULL AND place BETWEEN 0 AND {scale.columns - 1:d} AND {_ON_SCREEN} GROUP BY ALL
        """,
        [*_place(scale), *boots.parameters * 2, *marks.parameters, list(keys)],
    ).fetchall()
    return [Mark(*row) for row in rows]


def _gaps(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, keys: Sequence[int], scale: Scale
) -> tuple[Span, ...]:
    boots, marks = (machines_named(view.filter, target, lookup) for target in ("boot", "coverage"))
    rows = con.execute(
        f"""
        SELECT lane, kind, {_column("since", scale)} AS first, {_column("until", scale)} AS last
        FROM (
            SELECT b.machine AS lane, 'on' AS kind, coalesce(b.start, b.kernel_start, TIMESTAMP '1601-01-01') AS since,
                   coalesce(b.end_time, b.alive_until, b.last_time) AS until
            FROM boot b WHERE {boots.text}
            UNION ALL
            SELECT c.machine, 'gap', c.since, c.until FROM coverage c
            WHERE c.kind IN ('missing', 'stopped') AND c.since IS NOT NULL AND c.until IS NOT NULL AND {marks.text}
        )
        WHERE until IS NOT NULL AND isfinite(until) AND last >= 0 AND first < {scale.columns:d} AND {_ON_SCREEN}
        GROUP BY ALL ORDER BY lane, kind DESC, first LIMIT {_MOST_BARS}
        """,
        [*_place(scale) * 2, *boots.parameters, *marks.parameters, list(keys)],
    ).fetchall()
    return tuple(Span(*row) for row in rows)


def _away(con: duckdb.DuckDBPyConnection, sessions: Sequence[int], scale: Scale) -> tuple[Span, ...]:
    rows = con.execute(
        f"""
        FROM (SELECT session_id, kind, {_column("since", scale)} AS first, {_column("until", scale)} AS last
              FROM absence
              WHERE session_id IN (SELECT unnest(?::BIGINT[])) AND epoch_us(until) - epoch_us(since) >= ?::BIGINT)
        WHERE last >= 0 AND first < {scale.columns:d}
        ORDER BY session_id, list_position(['idle', 'locked', 'disconnected', 'asleep', 'off'], kind) LIMIT {_MOST_BARS}
        """,
        [*_place(scale) * 2, list(sessions), max(1, scale.slot // 2)],
    ).fetchall()
    return tuple(Span(*row) for row in rows)


def next_session(
    con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, by: By, lane: int, after: Chosen, *, later: bool
) -> Chosen | None:
    """The session of a lane that begins next, or the one before; of one moment by ID.

    Args:
        con: A cursor of the calling thread.
        view: The filter and the scope.
        lookup: What the filter is compiled with.
        by: What a lane is.
        lane: The lane's key.
        after: Where to begin.
        later: Whether to look forward in time.
    """
    where = _sessions(view, lookup)
    side, direction = (">", "ASC") if later else ("<", "DESC")
    found = con.execute(
        f"""
        SELECT s.session_id, {_START} AS start FROM session s
        WHERE {_KEYS[by]} = ?::BIGINT AND ({_START}, s.session_id) {side} (?::TIMESTAMP, ?::BIGINT) AND {where.text}
        ORDER BY start {direction}, s.session_id {direction} LIMIT 1
        """,
        [lane, after.start, after.session_id, *where.parameters],
    ).fetchone()
    return Chosen(*found) if found else None
