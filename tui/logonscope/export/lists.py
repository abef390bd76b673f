"""The lists of a case that can be printed and exported: their columns, and how their rows are found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.case.first_seen import first_seen_in
from logonscope.case.interrupted import cancellable
from logonscope.case.logon_type_counts import count_logon_types, first_of_logon_types
from logonscope.case.uses import all_seen
from logonscope.case.view import Scope, View
from logonscope.columns import BOOT_COLUMNS, COVERAGE_COLUMNS, EVENT_COLUMNS, LOGON_TYPE_COLUMNS, SESSION_COLUMNS
from logonscope.errors import FilterError
from logonscope.export.citing import Citing
from logonscope.export.fields import FILES, Field, listing, plain_fields
from logonscope.export.findings import FINDING_COLUMNS, FINDING_MOMENTS, finding_citing, finding_fields
from logonscope.export.first_seen import first_seen_fields
from logonscope.export.logon_types import logon_type_fields
from logonscope.export.rows import Rows, made_rows
from logonscope.export.stored_rows import stored_rows
from logonscope.export.uses import use_columns, use_fields
from logonscope.facts.first_seen import FIRST_SEEN_COLUMNS
from logonscope.facts.logon_type import logon_type_lines
from logonscope.filters.compile import compile_filter
from logonscope.filters.terms import EVERYTHING
from logonscope.findings.user_rules import NOTHING_SAID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    import duckdb
    import pyarrow as pa

    from logonscope.case.case import Case
    from logonscope.case.first_seen import FirstSeen
    from logonscope.case.uses import Whose
    from logonscope.columns import Column, LogonTypeCount
    from logonscope.filters.compile import Target
    from logonscope.filters.terms import Node
    from logonscope.findings.finding import Finding
    from logonscope.findings.user_rules import UserRules

_FETCH_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of one list of a case."""

    count: int
    items: Callable[[], Iterator[Any]]
    """The rows as they are drawn."""
    rows: Callable[[], Rows]
    """The rows as they are exported."""
    ids: pa.Int64Array | None = None
    """Row numbers (events) or IDs of rows of the store; None of all others."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list."""

    node: Node = EVERYTHING
    scope: Scope = Scope.ALL
    """For sessions only."""
    extras: Collection[str] = ()
    """Columns that are left out unless they are asked for."""
    own: UserRules = NOTHING_SAID
    """What the rules are run with, for findings only."""
    cursor: duckdb.DuckDBPyConnection | None = None
    """A connection that another thread may interrupt; a new one if None."""


def _not_stored(case: Case, ids: Sequence[int]) -> list[Any]:
    raise TypeError("these are no rows of the store")


@dataclass(frozen=True, slots=True)
class ListKind:
    """One list."""

    name: str
    noun: str
    """What one row is called."""
    means: str
    columns: tuple[Column[Any], ...]
    """As it is printed for people."""
    fields: tuple[Field, ...]
    """As it is exported; all that there can be."""
    find: Callable[[Case, Asked], Found]
    """Raises FilterError where a value of the filter makes no sense, QueryCancelledError where it was interrupted."""
    fetch: Callable[[Case, Sequence[int]], list[Any]] = _not_stored
    """Rows of the store by their numbers or IDs."""


def _stored(
    name: str, noun: str, means: str, target: Target, columns: tuple[Column[Any], ...],
    fetch: Callable[[Case, Sequence[int]], list[Any]],
) -> ListKind:  # fmt: skip
    def find(case: Case, asked: Asked) -> Found:
        window = case.window(View(target, asked.node, scope=asked.scope), asked.cursor)
        return found_rows(case, target, window.rows, asked.cursor, asked.extras)

    return ListKind(name, noun, means, columns, listing(target).fields, find, fetch)


def found_rows(
    case: Case,
    target: Target,
    ids: pa.Int64Array,
    cursor: duckdb.DuckDBPyConnection | None = None,
    extras: Collection[str] = (),
) -> Found:
    """Rows of the store, by their numbers or IDs, as a list; see ``stored_rows``."""
    fetch = PANES[target].fetch
    return Found(
        len(ids), lambda: _pages(case, ids, fetch), lambda: stored_rows(case, target, ids, cursor, extras), ids
    )


def _pages(case: Case, ids: pa.Int64Array, fetch: Callable[[Case, Sequence[int]], list[Any]]) -> Iterator[Any]:
    for start in range(0, len(ids), _FETCH_ROWS):
        yield from fetch(case, ids.slice(start, _FETCH_ROWS).to_pylist())


def _seen(name: str, means: str, whose: Whose) -> ListKind:
    def find(case: Case, asked: Asked) -> Found:
        found = all_seen(case, whose, asked.node, asked.cursor)
        return Found(
            len(found),
            lambda: iter(found),
            lambda: made_rows(found, use_fields(whose, Citing.of(case, found.rows()))),
        )

    return ListKind(name, whose, means, use_columns(whose), plain_fields(use_fields(whose)), find)


def _logon_types(case: Case, asked: Asked) -> Found:
    with cancellable():
        counts = count_logon_types(asked.cursor or case.cursor(), compile_filter(asked.node, "event", case.lookup()))
    return found_logon_types(case, logon_type_lines(counts), asked)


def found_logon_types(case: Case, lines: Sequence[LogonTypeCount], asked: Asked) -> Found:
    """Logon types that were counted, as a list."""

    def rows() -> Rows:
        with cancellable():
            con, where = asked.cursor or case.cursor(), compile_filter(asked.node, "event", case.lookup())
            first = first_of_logon_types(con, where)
        return made_rows(lines, logon_type_fields(first, Citing.of(case, first.values())))

    return Found(len(lines), lambda: iter(lines), rows)


def _first_seen(case: Case, asked: Asked) -> Found:
    return found_first_seen(case, first_seen_in(case, asked.node, asked.cursor))


def found_first_seen(case: Case, found: Sequence[FirstSeen]) -> Found:
    """Combinations that came together for the first time, as a list."""
    return Found(
        len(found),
        lambda: iter(found),
        lambda: made_rows(found, first_seen_fields(Citing.of(case, (first.row for first in found)))),
    )


def _findings(case: Case, asked: Asked) -> Found:
    if asked.node != EVERYTHING:
        raise FilterError("the rules look at all that is loaded, so no filter holds for findings", 0, 0)
    return found_findings(case, case.findings(asked.own, asked.cursor).found)


def found_findings(case: Case, findings: Sequence[Finding]) -> Found:
    """Findings that the rules gave, as a list."""
    return Found(
        len(findings),
        lambda: iter(findings),
        lambda: made_rows(findings, finding_fields(finding_citing(case, findings)), FINDING_MOMENTS),
    )


LISTS: dict[str, ListKind] = {
    kind.name: kind
    for kind in (
        _stored("events", "event", "Events in the order of time.", "event", EVENT_COLUMNS,
                lambda case, rows: case.events(rows)),
        _stored("sessions", "session", "Reconstructed sessions.", "session", SESSION_COLUMNS,
                lambda case, ids: case.sessions(ids)),
        _seen("users", "All users: how often each was seen, how, and when.", "user"),
        _seen("sources", "All addresses and workstations that somebody came from.", "source"),
        _stored("boots", "boot", "When the machines ran.", "boot", BOOT_COLUMNS, lambda case, ids: case.boots(ids)),
        _stored("coverage", "mark", "What the logs cover and what they lack.", "coverage", COVERAGE_COLUMNS,
                lambda case, ids: case.coverage(ids)),
        ListKind("findings", "finding", "What to look at first.", FINDING_COLUMNS,
                 plain_fields(finding_fields()), _findings),
        ListKind("types", "logon type", "Logon types: how often each was granted and refused.", LOGON_TYPE_COLUMNS,
                 plain_fields(logon_type_fields()), _logon_types),
        ListKind("first-seen", "combination", "Who came from where, how and to which machine for the first time.",
                 FIRST_SEEN_COLUMNS, plain_fields(first_seen_fields()), _first_seen),
    )
}  # fmt: skip
"""All lists by name."""
PANES: dict[Target, ListKind] = {target: LISTS[name] for target, name in FILES.items()}
"""Those whose rows are rows of the store."""
