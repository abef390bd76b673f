"""What a pane shows: a filter, an order, and how much of the machine's own doings to leave out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

from logonscope.filters.compile import compile_filter
from logonscope.filters.sql import Sql, all_of
from logonscope.filters.terms import EVERYTHING, And, Node, Not, Or, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.filters.lookup import Lookup

Target = Literal["event", "session"]


class Scope(Enum):
    """Which sessions to list where the filter does not say."""

    STAYS = "stays"
    """People's stays at a desktop, one row each."""
    PEOPLE = "all but the system's"
    """Also contacts over the network, tasks, services, and what belongs to a stay."""
    ALL = "all"
    """Also the system's own."""


_SCOPE_SQL = {
    Scope.STAYS: Sql("s.class IN ('stay', 'unlock', 'identity') AND s.role = 'session' AND NOT s.hidden"),
    Scope.PEOPLE: Sql("NOT s.hidden"),
    Scope.ALL: Sql("true"),
}
_SAYS_WHICH = frozenset({"type", "is", "logon", "session", "grade", "end"})
"""Fields that name the kind of session wanted: they lift the scope."""

_EVENT_ORDERS = {
    "time": "e.time {d}, e.source {d}, e.record_id {d}, e.rowid {d}",
    "machine": "lower(c.text) {d}, e.time, e.rowid",
    "event": "e.event_id {d}, e.time, e.rowid",
    "user": "lower(a.name) {d}, e.time, e.rowid",
    "logon": "e.logon_id {d} NULLS LAST, e.time, e.rowid",
    "type": "e.logon_type {d} NULLS LAST, e.time, e.rowid",
    "source": "i.text {d}, e.workstation, e.time, e.rowid",
    "record": "e.source {d}, e.record_id {d}, e.rowid",
}
_EVENT_JOINS = {
    "machine": " JOIN dim_computer c ON c.code = e.computer",
    "user": " JOIN dim_account a ON a.code = e.account",
    "source": " JOIN dim_source_ip i ON i.code = e.source_ip",
}
_SESSION_ORDERS = {
    "start": "s.start_latest {d} NULLS LAST, s.session_id {d}",
    "end": "s.end_time {d} NULLS LAST, s.session_id",
    "duration": "s.duration {d} NULLS LAST, s.session_id",
    "user": "lower(a.name) {d}, s.start_latest, s.session_id",
    "machine": "s.machine {d}, s.start_latest, s.session_id",
    "type": "s.logon_type {d} NULLS LAST, s.start_latest, s.session_id",
    "grade": "s.grade {d}, s.start_latest, s.session_id",
    "source": "i.text {d}, s.start_latest, s.session_id",
    "privileged": "s.privileged {d}, s.start_latest, s.session_id",
}
_SESSION_JOINS = {
    "user": " JOIN dim_account a ON a.code = s.account",
    "source": " LEFT JOIN dim_source_ip i ON i.code = s.source_ip",
}

ORDERS: dict[Target, tuple[str, ...]] = {"event": tuple(_EVENT_ORDERS), "session": tuple(_SESSION_ORDERS)}
"""What each target can be ordered by; the first is usual."""


@dataclass(frozen=True, slots=True)
class View:
    """One ordered, filtered list of events or of sessions."""

    target: Target
    filter: Node = EVERYTHING
    order: str = ""
    """A name of ``ORDERS``; empty for the usual one."""
    descending: bool = False
    scope: Scope = Scope.STAYS
    """For sessions only."""

    @property
    def effective_scope(self) -> Scope:
        """The scope, lifted where the filter itself says which sessions it wants."""
        if self.scope is Scope.STAYS and any(term.field in _SAYS_WHICH for term in terms_of(self.filter)):
            return Scope.ALL
        return self.scope

    def sql(self, lookup: Lookup) -> Sql:
        """The query for the row numbers (events) or IDs (sessions), in order.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
        """
        where = self.where(lookup)
        direction = "DESC" if self.descending else "ASC"
        if self.target == "event":
            order = self.order or "time"
            head = f"SELECT e.rowid FROM event e{_EVENT_JOINS.get(order, '')}"
            tail = _EVENT_ORDERS[order].format(d=direction)
        else:
            order = self.order or "start"
            head = f"SELECT s.session_id FROM session s{_SESSION_JOINS.get(order, '')}"
            tail = _SESSION_ORDERS[order].format(d=direction)
        return Sql(f"{head} WHERE {where.text} ORDER BY {tail}", where.parameters)

    def where(self, lookup: Lookup) -> Sql:
        """The condition alone, scope included."""
        condition = compile_filter(self.filter, self.target, lookup)
        if self.target == "event":
            return condition
        return all_of([condition, Sql(f"({_SCOPE_SQL[self.effective_scope].text})")])


def terms_of(node: Node) -> Iterator[Term]:
    """All ``field:value`` terms of a filter that are not under a ``not``."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms_of(part)
        case Term():
            yield node
        case Not():
            return
