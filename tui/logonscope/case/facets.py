"""The values of one field with how often each occurs in a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from logonscope.case.view import SAYS_WHICH, Scope, View
from logonscope.filters.compile import compile_filter
from logonscope.filters.groups import groups
from logonscope.filters.syntax import parse
from logonscope.knowledge.catalogue import event_titles
from logonscope.knowledge.codes import status_codes
from logonscope.knowledge.ends import end_kinds
from logonscope.knowledge.logon_types import logon_types
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from logonscope.filters.lookup import Lookup
    from logonscope.filters.sql import Sql

GROUP_FIELD = "is"
"""The one field whose values are conditions; everything of it is counted in one go."""


class Facet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to count the values of a field; explained at the head of ``facets.toml``."""

    field: str
    title: str
    event: str = ""
    session: str = ""
    names: str = ""
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
    keys, parameters = _keys(facet, view, view.where(lookup))
    if facet.coded:
        rows = cursor.execute(keys, parameters).fetchall()
        words = _words(field)
        counted = [
            ValueCount(_written(field, key), words.get(key, ""), count) for key, count in rows if key is not None
        ]
        return _chosen(counted, containing, limit)
    return _count_texts(cursor, f"FROM ({keys}) k JOIN ({facet.names}) n USING (key)", parameters, containing, limit)


def _keys(facet: Facet, view: View, where: Sql) -> tuple[str, list[object]]:
    """The query for (key, count)."""
    parameters = list(where.parameters)
    if view.target == "event":
        if facet.event:
            return f"SELECT {facet.event} AS key, count(*) AS n FROM event e WHERE {where.text} GROUP BY 1", parameters
        return (
            f"SELECT {facet.session} AS key, count(DISTINCT x.row) AS n FROM session_event x JOIN session s"
            f" USING (session_id) WHERE x.row IN (SELECT e.row FROM event e WHERE {where.text}) GROUP BY 1"
        ), parameters
    if facet.session:
        return f"SELECT {facet.session} AS key, count(*) AS n FROM session s WHERE {where.text} GROUP BY 1", parameters
    return (
        f"SELECT {facet.event} AS key, count(DISTINCT x.session_id) AS n FROM session_event x JOIN event e"
        f" ON e.row = x.row WHERE x.session_id IN (SELECT s.session_id FROM session s WHERE {where.text}) GROUP BY 1"
    ), parameters


def _count_texts(
    cursor: duckdb.DuckDBPyConnection, source: str, parameters: Sequence[object], containing: str, limit: int
) -> ValueCounts:
    needle = containing.lower()
    found = cursor.execute(
        f"SELECT value, sum(n)::BIGINT, count(*) OVER () {source} WHERE value <> '' AND contains(lower(value), ?)"
        " GROUP BY value ORDER BY starts_with(lower(value), ?) OR contains(lower(value), '\\' || ?) DESC,"
        " sum(n) DESC, value LIMIT ?",
        [*parameters, needle, needle, needle, limit],
    ).fetchall()
    return ValueCounts(tuple(ValueCount(value, "", count) for value, count, _ in found), found[0][2] if found else 0)


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
