"""Where in time the rows of a list lie: how many, what went wrong there, which row comes first after a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from logonscope.case.scale import Scale
from logonscope.case.view import TABLES, terms_of
from logonscope.filters.compile import compile_filter
from logonscope.filters.groups import groups
from logonscope.filters.sql import Sql, all_of
from logonscope.filters.terms import joined_terms
from logonscope.filters.times import span, time_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from logonscope.case.view import View
    from logonscope.filters.compile import Target
    from logonscope.filters.lookup import Lookup
    from logonscope.filters.terms import Node

MOMENTS: dict[Target, str] = {
    "event": "e.time",
    "session": "coalesce(s.start, s.start_latest, s.end_time)",
    "boot": "coalesce(b.start, b.last_time)",
    "coverage": "coalesce(c.since, c.until)",
}
"""The time of a row of each list, as the panes tell it."""
PLAUSIBLE = "BETWEEN '1995-01-01'::TIMESTAMP AND '2100-01-01'::TIMESTAMP"
"""A forged stamp must not stretch a scale over centuries."""


class Slot(NamedTuple):
    """What lies in one column."""

    rows: int = 0
    """Rows of the list."""
    failures: int = 0
    """Refused logons and passwords that fit the filter."""
    crashes: int = 0
    """Machines whose last sign of life before a crash lies there."""
    clears: int = 0
    """Logs that were cleared."""


@dataclass(frozen=True, slots=True)
class Density:
    """How the rows of a list are spread over time."""

    scale: Scale
    slots: tuple[Slot, ...]
    """One for each column."""
    outside: int
    """Rows that lie before or after the scale, or that have no time."""


def filter_range(node: Node, log_end: datetime | None) -> tuple[datetime | None, datetime | None]:
    """The span that a filter names by ``time:``, ``since:`` and ``until:``, where it must hold as a whole.

    Raises:
        FilterError: A value is no time.
    """
    since: list[datetime] = []
    until: list[datetime] = []
    for term in joined_terms(node):
        if term.field == "time":
            ranges = [time_range(value, log_end) for value in term.values]
            since.append(min(first for first, _ in ranges))
            until.append(max(last for _, last in ranges))
        elif term.field == "since":
            since.append(min(span(value, log_end)[0] for value in term.values))
        elif term.field == "until":
            until.append(max(span(value, log_end)[1] for value in term.values))
    return max(since, default=None), min(until, default=None)


def shown_range(con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup) -> tuple[datetime, datetime] | None:
    """The span of a list: what its filter names, elsewhere from its first row to its last.

    Returns:
        The first moment and the one after the last; None where nothing has a time.
    """
    since, until = filter_range(view.filter, lookup.log_end)
    if since is None or until is None:
        where, at = view.where(lookup), MOMENTS[view.target]
        first, last = con.execute(
            f"SELECT min({at}), max({at}) FROM {TABLES[view.target]} WHERE {where.text} AND {at} {PLAUSIBLE}",
            list(where.parameters),
        ).fetchone() or (None, None)
        since = since or first
        until = until or (last + timedelta(microseconds=1) if last else None)
    return (since, until) if since and until and since < until else None


def density(con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, columns: int) -> Density | None:
    """Count the rows of a list, failures, crashes and cleared logs in each of some equal parts of its span.

    Args:
        con: A cursor of the calling thread.
        view: The list.
        lookup: What its filter is compiled with.
        columns: How many parts.

    Returns:
        The counts; None where nothing has a time.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    whole = shown_range(con, view, lookup)
    if whole is None:
        return None
    scale = Scale(*whole, columns)
    parts = list(_counted(view, lookup))
    query = " UNION ALL ".join(part.text for part in parts)
    found = con.execute(
        f"""
        WITH scale AS (SELECT epoch_us(?::TIMESTAMP) AS origin, ?::BIGINT AS slot)
        SELECT place, sum(rows)::BIGINT, sum(failures)::BIGINT, sum(crashes)::BIGINT, sum(clears)::BIGINT
        FROM ({query}) GROUP BY place
        """,
        [scale.since, scale.slot, *(value for part in parts for value in part.parameters)],
    ).fetchall()
    slots = {place: Slot(*counts) for place, *counts in found}
    inside = tuple(slots.get(column, Slot()) for column in range(columns))
    return Density(scale, inside, sum(slot.rows for slot in slots.values()) - sum(slot.rows for slot in inside))


def _counted(view: View, lookup: Lookup) -> Iterator[Sql]:
    failure = f"({groups()['failure'].event})"
    is_of_events = view.target == "event"
    rows = view.where(lookup)
    counts = f"count(*) AS rows, {f'count(*) FILTER ({failure})' if is_of_events else '0'} AS failures"
    yield _part(f"{counts}, 0 AS crashes, 0 AS clears", TABLES[view.target], MOMENTS[view.target], rows)
    if not is_of_events:
        events = all_of([compile_filter(view.filter, "event", lookup), Sql(failure)])
        yield _part("0, count(*), 0, 0", TABLES["event"], "e.time", events)
    crashed = all_of([machines_named(view.filter, "boot", lookup), Sql("b.end_kind = 'crash'")])
    yield _part("0, 0, count(*), 0", TABLES["boot"], "coalesce(b.alive_until, b.last_time)", crashed)
    cleared = all_of([machines_named(view.filter, "coverage", lookup), Sql("c.kind = 'cleared'")])
    yield _part("0, 0, 0, count(*)", TABLES["coverage"], "c.since", cleared)


def _part(counts: str, table: str, at: str, where: Sql) -> Sql:
    place = f"(epoch_us({at}) - scale.origin) // scale.slot"
    return Sql(
        f"SELECT {place} AS place, {counts} FROM {table}, scale WHERE {where.text} GROUP BY ALL", where.parameters
    )


def machines_named(node: Node, target: Target, lookup: Lookup) -> Sql:
    """The condition that the machines of a filter put on boots or marks of coverage, which have no user or source."""
    return all_of(compile_filter(term, target, lookup) for term in terms_of(node) if term.field == "machine")
