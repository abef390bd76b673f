"""What of a lake a question looks into: the files, and the lists of its index, that may hold what a filter leaves."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from logonscope.case.first_rows import LONG_LISTS, MANY_RECORDS, first_rows
from logonscope.case.machines_asked import machines_asked
from logonscope.filters.conditions import BY_KIND
from logonscope.filters.fields import FIELD_NAMES
from logonscope.filters.terms import joined_terms
from logonscope.lake.lake_store import Focus
from logonscope.lake.overview import extent_of

if TYPE_CHECKING:
    import duckdb

    from logonscope.case.view import View
    from logonscope.filters.lookup import Lookup
    from logonscope.filters.terms import Node
    from logonscope.lake.lake_store import LakeStore
    from logonscope.lake.mention_index import Mentions
    from logonscope.store.row_window import RowWindow

_NOT_LISTED = re.compile(r"\b(event_data|audited_event|header_id|found_at|activity|clock_step|version)\b")
"""What a list of events has not; events of before Vista are understood by their EventData."""


def mentions_asked(node: Node, lookup: Lookup) -> list[Mentions]:
    """What an event must name to fit a filter, or an event of a session that fits it: of each, one.

    Args:
        node: The filter.
        lookup: The case's names.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    asked = []
    for term in joined_terms(node):
        field = FIELD_NAMES[term.field]
        found = [BY_KIND[field.kind](field, value, lookup).mentions for value in term.values]
        named: Mentions = defaultdict(list)
        for mentions in found:
            for name, codes in (mentions or {}).items():
                named[name] += codes
        if None not in found:
            asked.append(dict(named))
    return asked


def focus_of(store: LakeStore, con: duckdb.DuckDBPyConnection, node: Node, lookup: Lookup) -> Focus:
    """What a question looks into that is asked of all that fits a filter.

    Args:
        store: The lake.
        con: A cursor of the calling thread.
        node: The filter.
        lookup: The case's names.
    """
    return store.look_up(con, mentions_asked(node, lookup), machines_asked(node, lookup))


def focus_of_list(store: LakeStore, con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup) -> Focus:
    """The same for the rows of a view alone: events come from the index where that has all that is asked for."""
    if view.lists_around:
        return Focus(machines_asked(view.filter, lookup))
    focus = focus_of(store, con, view.filter, lookup)
    is_listed = view.target == "event" and not _NOT_LISTED.search(view.where(lookup).text)
    return focus if is_listed else focus.without_lists()


def first_of_lake(
    store: LakeStore, con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, most: int | None
) -> RowWindow | None:
    """The first rows of a list of a lake; None where all of it is ordered as easily, which the cursor can do then.

    Args:
        store: The lake.
        con: A cursor of the calling thread.
        view: The list.
        lookup: What its filter is compiled with.
        most: How many rows are enough; all of them if None.
    """
    focus = focus_of_list(store, con, view, lookup)
    extent = extent_of(con, focus.machines)
    is_long = view.target in LONG_LISTS and not view.lists_around and extent.records > MANY_RECORDS
    if most is None or not is_long:
        store.focus(con, focus)
        return None
    fewer = focus.naming.named if view.target == "session" else focus.naming.records
    if fewer is not None:
        extent = extent._replace(records=fewer)
    window = first_rows(con, view, lookup, extent, most, lambda months: store.focus(con, focus._replace(months=months)))
    if view.target == "event":
        store.know(window)
    return window
