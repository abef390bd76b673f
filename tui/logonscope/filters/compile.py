"""A filter -> SQL with bound values, for events, sessions, boots or marks of coverage.

Every term becomes a condition on events or on sessions; the other side follows through the records of each session.
Boots and marks of coverage have a machine, a channel and a time of their own; by any other term they are shown where
a session that fits lies in that boot, or on that machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from logonscope.filters import conditions
from logonscope.filters.conditions import Condition
from logonscope.filters.fields import FIELD_NAMES
from logonscope.filters.sql import (
    Sql,
    all_of,
    any_of,
    events_of_session,
    machines_with_session,
    negated,
    sessions_with_event,
    with_short_lists,
)
from logonscope.filters.terms import And, Node, Not, Or, Term, Text

if TYPE_CHECKING:
    from logonscope.filters.lookup import Lookup

Target = Literal["event", "session", "boot", "coverage"]
"""What a filter is put to: events (alias e), sessions (s), boots (b), or marks of coverage (c)."""


def compile_filter(node: Node, target: Target, lookup: Lookup) -> Sql:
    """Compile a filter.

    Args:
        node: The filter.
        target: What to filter.
        lookup: The case's texts and names.

    Returns:
        A condition for a WHERE clause.

    Raises:
        FilterError: A value makes no sense for its field.
    """
    return with_short_lists(_compiled(node, target, lookup))


def _compiled(node: Node, target: Target, lookup: Lookup) -> Sql:
    match node:
        case And(parts):
            return all_of(_compiled(part, target, lookup) for part in parts)
        case Or(parts):
            return any_of(_compiled(part, target, lookup) for part in parts)
        case Not(part):
            return negated(_compiled(part, target, lookup))
        case Text(value):
            return _for_target(conditions.text_condition(value, lookup), target)
        case Term():
            return any_of(_for_target(condition, target) for condition in _conditions(node, lookup))


def _conditions(term: Term, lookup: Lookup) -> list[Condition]:
    """The conditions of a term's values: one, where all are put to the same sides."""
    field = FIELD_NAMES[term.field]
    found = [conditions.BY_KIND[field.kind](field, value, lookup) for value in term.values]
    sides = {side: [getattr(condition, side) for condition in found] for side in get_args(Target)}
    if any(None in parts and any(parts) for parts in sides.values()):
        return found
    return [Condition(*(None if None in parts else any_of(parts) for parts in sides.values()))]


def _for_target(condition: Condition, target: Target) -> Sql:
    own: Sql | None = getattr(condition, target)
    if own is not None:
        return own
    if target == "event":
        assert condition.session is not None
        return events_of_session(condition.session)
    if condition.session is None:
        assert condition.event is not None
        sessions = sessions_with_event(condition.event)
    else:
        sessions = condition.session
    return sessions if target == "session" else machines_with_session(sessions, target)
