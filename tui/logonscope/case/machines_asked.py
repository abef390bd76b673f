"""The machines that a filter leaves: the files of all others need not be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.filters.conditions import machines_named
from logonscope.filters.terms import Node, joined_terms

if TYPE_CHECKING:
    from logonscope.filters.lookup import Lookup


def machines_asked(node: Node, lookup: Lookup) -> frozenset[int] | None:
    """The machines that records may be of which fit a filter.

    Args:
        node: The filter.
        lookup: The case's names.

    Returns:
        Their numbers, those too that share a name with one of them; None where the filter names no machine that a
        record must be of.
    """
    asked: frozenset[int] | None = None
    known = frozenset[int]().union(*lookup.computers_of.values())
    for term in joined_terms(node):
        if term.field == "machine":
            found: set[int] = set()
            for value in term.values:
                machines, computers = machines_named(value, lookup)
                if not known.issuperset(computers):
                    return None  # records that no machine was made of
                found.update(machines)
                found.update(n for n, codes in lookup.computers_of.items() if not codes.isdisjoint(computers))
            asked = frozenset(found) if asked is None else asked & found
    return asked
