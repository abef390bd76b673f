"""What a pane shows: a filter, an order, and how much of the machine's own doings to leave out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from logonscope.filters.compile import Target, compile_filter
from logonscope.filters.sql import TRUE, Sql, all_of
from logonscope.filters.terms import EVERYTHING, And, Node, Not, Or, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.filters.lookup import Lookup


class Scope(Enum):
    """Which sessions to list where the filter does not say."""

    STAYS = "stays"
    """People's stays at a desktop, one row each."""
    VISITS = "stays and visits"
    """Also what people did over the network, one row for each visit."""
    PEOPLE = "all but the system's"
    """Also contacts over the network, tasks, services, and what belongs to a stay."""
    ALL = "all"
    """Also the system's own."""


_SCOPE_SQL = {
    Scope.STAYS: Sql("s.class IN ('stay', 'unlock', 'identity') AND s.role = 'session' AND NOT s.hidden"),
    Scope.VISITS: Sql(
        "(s.class IN ('stay', 'unlock', 'identity', 'visit') OR s.class = 'contact' AND s.parent IS NULL)"
        " AND s.role IN ('session', 'visit') AND NOT s.hidden"
    ),
    Scope.PEOPLE: Sql("NOT s.hidden AND s.role <> 'visit'"),
    Scope.ALL: Sql("s.role <> 'visit'"),
}
SAYS_WHICH = frozenset({"type", "is", "logon", "session", "grade", "end"})
"""Fields that name the kind of session wanted: they lift the scope."""

TABLES: dict[Target, str] = {"event": "event e", "session": "session s", "boot": "boot b", "coverage": "coverage c"}
"""The table of each target, with the alias that conditions use."""
_IDS: dict[Target, str] = {"event": "e.row", "session": "s.session_id", "boot": "b.boot_id", "coverage": "c.mark_id"}

# To sort millions of rows by one number is several times quicker than by two numbers, or by a text. What is missing
# comes last in either direction: as {last}, beyond all logon types or before them.
_SOURCE = "(i.place::BIGINT << 32) + w.place"
_WHAT = "p.place::BIGINT * 1099511627776 + e.event_id::BIGINT * 512 + coalesce(e.logon_type::SMALLINT + 1, {last})"
_CHANNEL = "(n.place::BIGINT << 32) + e.channel"
_LAST_TYPE = 300
# Ties are broken by what the records say, never by the order of loading; {d} is the direction.
_EVENT_TIES = "e.time, e.record_id, e.event_id, e.row"
# What the order itself names decides none: each number more that is compared costs up to a third of the time.
_TIES_OF_ONE_EVENT_ID, _TIES_OF_ONE_RECORD_ID = "e.time, e.record_id, e.row", "e.time, e.event_id, e.row"
_SESSION_TIES = "s.start_latest, s.machine, s.boot, s.pos"
_ORDERS: dict[Target, dict[str, str]] = {
    "event": {
        "time": "e.time {d}, e.tick {d}, e.record_id {d}, e.event_id {d}, e.row {d}",
        "machine": f"n.place {{d}}, {_EVENT_TIES}",
        "event": f"e.event_id {{d}}, {_TIES_OF_ONE_EVENT_ID}",
        "user": f"a.place {{d}}, {_EVENT_TIES}",
        "logon": f"e.logon_id {{d}} NULLS LAST, {_EVENT_TIES}",
        "type": f"e.logon_type {{d}} NULLS LAST, {_EVENT_TIES}",
        "source": f"{_SOURCE} {{d}}, {_EVENT_TIES}",
        "what": f"{_WHAT} {{d}}, {_TIES_OF_ONE_EVENT_ID}",
        "record": f"{_CHANNEL} {{d}}, e.record_id {{d}}, {_TIES_OF_ONE_RECORD_ID}",
    },
    "session": {
        "start": "s.start_latest {d} NULLS LAST, s.machine {d}, s.boot {d}, s.pos {d}",
        "end": f"s.end_time {{d}} NULLS LAST, {_SESSION_TIES}",
        "duration": f"s.duration_least {{d}} NULLS LAST, {_SESSION_TIES}",
        "user": f"a.place {{d}}, {_SESSION_TIES}",
        "machine": f"m.place {{d}}, {_SESSION_TIES}",
        "type": f"s.logon_type {{d}} NULLS LAST, {_SESSION_TIES}",
        "grade": f"s.grade {{d}}, {_SESSION_TIES}",
        "source": f"{_SOURCE} {{d}}, {_SESSION_TIES}",
        "how": f"s.role = 'visit' {{d}}, s.end_evidence {{d}}, {_SESSION_TIES}",
        "role": f"CASE WHEN s.role = 'session' THEN s.class::VARCHAR ELSE s.role END {{d}}, {_SESSION_TIES}",
        "tokens": f"len(s.logon_ids) {{d}}, s.attached {{d}}, {_SESSION_TIES}",
        "records": f"coalesce(k.events, 0) {{d}}, {_SESSION_TIES}",
        "boot": "s.boot {d}, s.machine, s.pos",
        "privileged": f"s.privileged {{d}}, {_SESSION_TIES}",
    },
    "boot": {
        "machine": "lower(m.name) {d}, b.number {d}",
        "start": "coalesce(b.start, '-infinity'::TIMESTAMP) {d}, lower(m.name), b.number",
        "end": "coalesce(b.end_time, b.next_start, b.last_time) {d} NULLS LAST, lower(m.name), b.number",
        "stays": "b.stays {d}, lower(m.name), b.number",
        "reused": "len(b.reused_ids) {d}, lower(m.name), b.number",
        "number": "b.number {d}, lower(m.name)",
        "known": "b.start_evidence {d}, lower(m.name), b.number",
        "how": "b.end_kind {d}, lower(m.name), b.number",
        "duration": "coalesce(b.end_time, b.alive_until, b.last_time) - coalesce(b.start, b.kernel_start)"
        " - to_microseconds(coalesce(b.stepped, 0)) {d} NULLS LAST, lower(m.name), b.number",
        "sessions": "b.sessions {d}, lower(m.name), b.number",
    },
    "coverage": {
        "machine": "lower(m.name) {d} NULLS LAST, lower(h.text), c.kind <> 'covered', c.since NULLS LAST, c.mark_id",
        "channel": "lower(h.text) {d}, lower(m.name), c.kind <> 'covered', c.since NULLS LAST, c.mark_id",
        "kind": "c.kind {d}, lower(m.name), lower(h.text), c.since NULLS LAST, c.mark_id",
        "since": "c.since {d} NULLS LAST, lower(m.name), lower(h.text), c.mark_id",
        "until": "c.until {d} NULLS LAST, lower(m.name), lower(h.text), c.mark_id",
        "amount": "c.amount {d} NULLS LAST, lower(m.name), lower(h.text), c.since, c.mark_id",
    },
}


def _in_order(table: str, code: str, text: str) -> str:
    """The codes of names, each with its place among the texts: to sort millions of rows by numbers is far quicker."""
    return f"(SELECT {code}, rank() OVER (ORDER BY {text})::INTEGER AS place FROM {table})"


_JOINS: dict[Target, dict[str, str]] = {
    "event": {
        "n.": f" JOIN {_in_order('dim_computer', 'code', 'lower(text)')} n ON n.code = e.computer",
        "a.": f" JOIN {_in_order('dim_account', 'code', 'lower(name)')} a ON a.code = e.account",
        "i.": f" JOIN {_in_order('dim_source_ip', 'code', 'text')} i ON i.code = e.source_ip",
        "w.": f" JOIN {_in_order('dim_workstation', 'code', 'text')} w ON w.code = e.workstation",
        "p.": f" JOIN {_in_order('dim_provider', 'code', 'text')} p ON p.code = e.provider",
    },
    "session": {
        "a.": f" JOIN {_in_order('dim_account', 'code', 'lower(name)')} a ON a.code = s.account",
        "i.": f" LEFT JOIN {_in_order('dim_source_ip', 'code', 'text')} i ON i.code = s.source_ip",
        "w.": f" LEFT JOIN {_in_order('dim_workstation', 'code', 'text')} w ON w.code = s.workstation",
        "m.": f" JOIN {_in_order('machine', 'number', 'lower(name)')} m ON m.number = s.machine",
        "k.": " LEFT JOIN (SELECT session_id, count(*) AS events FROM session_event GROUP BY session_id) k"
        " USING (session_id)",
    },
    "boot": {"m.": " JOIN machine m ON m.number = b.machine"},
    "coverage": {
        "m.": " LEFT JOIN machine m ON m.number = c.machine",
        "h.": " LEFT JOIN dim_channel h ON h.code = c.channel",
    },
}

ORDERS: dict[Target, tuple[str, ...]] = {target: tuple(orders) for target, orders in _ORDERS.items()}
"""What each target can be ordered by; the first is usual."""


@dataclass(frozen=True, slots=True)
class View:
    """One ordered, filtered list: of events, sessions, boots, or marks of coverage."""

    target: Target
    filter: Node = EVERYTHING
    order: str = ""
    """A name of ``ORDERS``; empty for the usual one."""
    descending: bool = False
    scope: Scope = Scope.STAYS
    """For sessions only."""
    around: int = 0
    """For events only: how many rows before and after each that fits are listed too."""

    @property
    def effective_scope(self) -> Scope:
        """The scope, lifted where the filter itself says which sessions it wants."""
        fields = {term.field for term in terms_of(self.filter)}
        if "session" in fields or (self.scope is Scope.STAYS and fields & SAYS_WHICH):
            return Scope.ALL
        return self.scope

    @property
    def lists_around(self) -> bool:
        """Whether rows are listed that do not fit; then the query gives, for every row, whether it does."""
        return self.target == "event" and self.around > 0 and self.filter != EVERYTHING

    @property
    def is_in_usual_order(self) -> bool:
        """Whether the first order of the target is meant, in either direction."""
        return self.order in ("", ORDERS[self.target][0])

    def sql(self, lookup: Lookup, more: Sql = TRUE, also: str = "") -> Sql:
        """The query for the row numbers (events) or IDs (all others), in order.

        Args:
            lookup: What the filter is compiled with.
            more: What must hold besides.
            also: Further columns, after a comma.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
        """
        where = all_of([self.where(lookup), more])
        order = _ORDERS[self.target][self.order or ORDERS[self.target][0]]
        tail = order.format(d="DESC" if self.descending else "ASC", last=0 if self.descending else _LAST_TYPE)
        joins = "".join(
            join for alias, join in _JOINS[self.target].items() if re.search(rf"\b{re.escape(alias)}", tail)
        )
        if self.lists_around:
            text = f"SELECT e.row, coalesce(({where.text}), false) FROM event e{joins} ORDER BY {tail}"
            return Sql(text, where.parameters)
        head = f"SELECT {_IDS[self.target]}{also} FROM {TABLES[self.target]}{joins}"
        return Sql(f"{head} WHERE {where.text} ORDER BY {tail}", where.parameters)

    def unordered_sql(self, lookup: Lookup, more: Sql) -> Sql:
        """The query for the IDs of those rows that fit another condition too, in no order.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
        """
        where = all_of([self.where(lookup), more])
        return Sql(f"SELECT {_IDS[self.target]} FROM {TABLES[self.target]} WHERE {where.text}", where.parameters)

    def where(self, lookup: Lookup) -> Sql:
        """The condition alone, scope included."""
        condition = compile_filter(self.filter, self.target, lookup)
        if self.target != "session":
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
