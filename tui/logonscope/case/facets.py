"""The values of one field with how often each occurs in a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from logonscope.case.view import SAYS_WHICH, Scope, View
from logonscope.filters.compile import compile_filter
from logonscope.filters.groups import groups
from logonscope.filters.sql import Sql
from logonscope.filters.syntax import parse
from logonscope.knowledge.catalogue import event_titles
from logonscope.knowledge.codes import status_codes
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import logon_types
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import duckdb

    from logonscope.filters.lookup import Lookup

GROUP_FIELD = "is"
"""The one field whose values are conditions; everything of it is counted in one go."""


class Facet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to count the values of a field; explained at the head of ``facets.toml``."""

    field: str
    title: str
    event: tuple[str, ...] = ()
    session: tuple[str, ...] = ()
    by_records: bool = False
    names: str = ""
    has_words: bool = False
    coded: bool = False


class _Facets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    facet: list[Facet]


@dataclass(frozen=True, slots=True)
class ValueCount:
    """One value of a field."""

    value: str
    """As the filter language takes it, not yet quoted; from the log, so not yet sanitised."""
    words: str
    """What it means, where the value itself does not say."""
    count: int


@dataclass(frozen=True, slots=True)
class ValueCounts:
    """The most frequent values of a field."""

    values: tuple[ValueCount, ...] = ()
    distinct: int = 0
    """How many there are in all; more than are given where there are very many."""


@cache
def facets() -> dict[str, Facet]:
    """All facets by field.

    Raises:
        KnowledgeError: The file is wrong.
    """
    loaded = load("facets.toml", _Facets, "logonscope.case")
    return {facet.field: facet for facet in loaded.facet}


def counted_list(view: View, field: str) -> View:
    """The list whose rows are counted: sessions for sessions, events for all others.

    A field that says which sessions are wanted lifts the scope as it would in the filter.
    """
    if view.target == "session":
        return replace(view, scope=Scope.ALL) if field in SAYS_WHICH and view.scope is Scope.STAYS else view
    return View("event", view.filter)


def count_values(
    cursor: duckdb.DuckDBPyConnection, lookup: Lookup, field: str, view: View, containing: str, limit: int
) -> ValueCounts:
    """Count the values of a field in a list.

    Args:
        cursor: A connection of the calling thread.
        lookup: The case's texts and names.
        field: Canonical name of the field.
        view: The list.
        containing: Only values with this text in them, in their words or, without case, in themselves.
        limit: How many values to give at the most.

    Returns:
        Values that begin with the text first, then by count; nothing for a field that cannot be counted.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    view = counted_list(view, field)
    if field == GROUP_FIELD:
        return _chosen(_count_groups(cursor, lookup, view), containing, limit)
    facet = facets().get(field)
    if facet is None:
        return ValueCounts()
    bearing = _bearing(facet, view, view.where(lookup))
    if facet.coded:
        rows = cursor.execute(f"SELECT key, sum(n)::BIGINT FROM ({bearing.text}) GROUP BY key", bearing.parameters)
        words = _words(field)
        counted = [ValueCount(_written(field, key), words.get(key, ""), count) for key, count in rows.fetchall()]
        return _chosen(counted, containing, limit)
    return _count_texts(cursor, facet, bearing, containing, limit)


def _bearing(facet: Facet, view: View, where: Sql) -> Sql:
    """The query for (id, n, key): rows of the list, those alike taken together, and the keys that they bear."""
    if view.target == "event":
        every = _alike("event e", facet.event, where) if facet.event else _events_by_sessions(facet.session, where)
    elif not facet.session:
        every = _sessions_by_records(facet.event, where)
    elif facet.by_records:
        every = _both(_sessions(facet.session, where), _sessions_by_records(facet.event, where))
    else:
        every = _alike("session s", facet.session, where)
    text = f"SELECT DISTINCT id, n, key FROM (SELECT id, n, unnest(keys) AS key FROM ({every.text}))"
    return Sql(f"{text} WHERE key IS NOT NULL", every.parameters)


def _both(one: Sql, other: Sql) -> Sql:
    return Sql(f"{one.text} UNION ALL {other.text}", one.parameters + other.parameters)


def _list(expressions: Iterable[str]) -> str:
    return f"[{', '.join(expressions)}]"


def _alike(table: str, expressions: Sequence[str], where: Sql) -> Sql:
    """Rows by what they bear themselves: however many there are, few are unlike."""
    names = [f"k{place}" for place in range(len(expressions))]
    alike = f"SELECT {', '.join(expressions)}, count(*) FROM {table} WHERE {where.text} GROUP BY ALL"
    text = f"SELECT row_number() OVER () AS id, n, {_list(names)} AS keys FROM ({alike}) alike({', '.join(names)}, n)"
    return Sql(text, where.parameters)


def _sessions(expressions: Sequence[str], where: Sql) -> Sql:
    text = f"SELECT s.session_id AS id, 1 AS n, {_list(expressions)} AS keys FROM session s WHERE {where.text}"
    return Sql(text, where.parameters)


def _events_by_sessions(expressions: Sequence[str], where: Sql) -> Sql:
    return Sql(
        f"SELECT x.row AS id, 1 AS n, {_list(expressions)} AS keys FROM session_event x JOIN session s"
        f" USING (session_id) WHERE x.row IN (SELECT e.row FROM event e WHERE {where.text})",
        where.parameters,
    )


def _sessions_by_records(expressions: Sequence[str], where: Sql) -> Sql:
    names = [f"k{place}" for place in range(len(expressions))]
    unlike = (
        f"SELECT DISTINCT x.session_id, {', '.join(expressions)} FROM session_event x JOIN event e ON e.row = x.row"
        f" WHERE x.session_id IN (SELECT s.session_id FROM session s WHERE {where.text})"
    )
    text = f"SELECT id, 1 AS n, {_list(names)} AS keys FROM ({unlike}) unlike(id, {', '.join(names)})"
    return Sql(text, where.parameters)


def _count_texts(
    cursor: duckdb.DuckDBPyConnection, facet: Facet, bearing: Sql, containing: str, limit: int
) -> ValueCounts:
    """Count texts that differ in case only as one, as a filter takes them; written as most have it."""
    needle, words = containing.lower(), "words" if facet.has_words else "''"
    found = cursor.execute(
        f"""
        WITH named AS MATERIALIZED (SELECT key, value, {words} AS words FROM ({facet.names})),
        borne AS (
            SELECT id, any_value(n) AS n, lower(value) AS form, any_value(value) AS value, any_value(words) AS words
            FROM ({bearing.text}) JOIN named USING (key)
            WHERE value <> '' AND (contains(lower(value), ?) OR contains(lower(words), ?)) GROUP BY id, form
        )
        SELECT arg_max(value, n), any_value(words), sum(n)::BIGINT, count(*) OVER ()
        FROM borne GROUP BY form
        ORDER BY starts_with(form, ?) OR contains(form, '\\' || ?) DESC, sum(n) DESC, form LIMIT ?
        """,
        [*bearing.parameters, *[needle] * 4, limit],
    ).fetchall()
    return ValueCounts(tuple(ValueCount(*row[:3]) for row in found), found[0][3] if found else 0)


def _count_groups(cursor: duckdb.DuckDBPyConnection, lookup: Lookup, view: View) -> list[ValueCount]:
    where = view.where(lookup)
    conditions = [
        compile_filter(parse(f"{GROUP_FIELD}:{group.name}"), view.target, lookup) for group in groups().values()
    ]
    columns = ", ".join(f"count(*) FILTER (WHERE {condition.text})" for condition in conditions)
    table = "event e" if view.target == "event" else "session s"
    parameters = [value for condition in (*conditions, where) for value in condition.parameters]
    row = cursor.execute(f"SELECT {columns} FROM {table} WHERE {where.text}", parameters).fetchone() or ()
    return [
        ValueCount(group.name, group.sentence, count)
        for group, count in zip(groups().values(), row, strict=True)
        if count
    ]


def _chosen(counted: list[ValueCount], containing: str, limit: int) -> ValueCounts:
    needle = containing.casefold()
    fitting = [entry for entry in counted if needle in f"{entry.value} {entry.words}".casefold()]
    fitting.sort(key=lambda entry: (not entry.value.casefold().startswith(needle), -entry.count, entry.value))
    return ValueCounts(tuple(fitting[:limit]), len(fitting))


def _written(field: str, key: object) -> str:
    return f"{key:#x}" if field == "status" else str(key)


@cache
def _words(field: str) -> Mapping[Any, str]:
    """What the coded values of a field mean."""
    match field:
        case "type":
            return {number: entry.short for number, entry in logon_types().items()}
        case "event":
            return event_titles()
        case "status":
            tables = (status_codes("kerberos"), status_codes())
            return {code: entry.label for table in tables for code, entry in table.items()}
        case "end":
            return {evidence: kind.shown for evidence, kind in end_kinds().items()}
        case _:
            return {}
