"""All users, or all sources, of a case: how often each was seen, how, and when."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

from logonscope.case.card import gather_seen
from logonscope.case.interrupted import cancellable
from logonscope.filters.compile import compile_filter
from logonscope.filters.terms import EVERYTHING
from logonscope.findings.run import make_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    import duckdb
    import pyarrow as pa

    from logonscope.case.case import Case
    from logonscope.filters.terms import Node

_AT_A_TIME = 8_192
Whose = Literal["user", "source"]
_BY = {
    "user": ("who", "name_of(arg_min(account, (coalesce(time, 'infinity'), row)))", "source"),
    "source": ("source", "arg_min(source, (coalesce(time, 'infinity'), row))", "who"),
}
"""What is counted by, what it is called, and what it was seen together with."""


@dataclass(frozen=True, slots=True)
class SeenAs:
    """One user or source. Texts are as the logs have them."""

    name: str
    """Empty where the records name none."""
    sids: tuple[str, ...]
    """Of a user."""
    stays: int
    contacts: int
    work: int
    """Tasks and services."""
    system: int
    """Sessions of the system's own accounts."""
    refused: int
    privileged: int
    """Sessions with administrator rights."""
    machines: int
    others: int
    """The sources of a user, the users of a source."""
    first: datetime | None
    last: datetime | None
    row: int | None
    """The record that it is first seen by."""


class AllSeen:
    """Users or sources in their order; few of them are Python's at a time, however many there are.

    Args:
        rows: With a column for each field.
    """

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows.select([field.name for field in fields(SeenAs)])

    def __len__(self) -> int:
        return int(self._rows.num_rows)

    def __iter__(self) -> Iterator[SeenAs]:
        for batch in self._rows.to_batches(max_chunksize=_AT_A_TIME):
            for name, sids, *counts in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield SeenAs(name, tuple(sids or ()), *counts)

    def rows(self) -> Iterable[int | None]:
        """The record that each is first seen by."""
        return (row for chunk in self._rows["row"].chunks for row in chunk.to_pylist())


def all_seen(
    case: Case, whose: Whose, node: Node = EVERYTHING, cursor: duckdb.DuckDBPyConnection | None = None
) -> AllSeen:
    """All users or sources of the sessions and refused logons that fit a filter, those with most stays first.

    Args:
        case: The case.
        whose: Users or sources.
        node: The filter.
        cursor: A connection that another thread may interrupt; a new one if None.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
        QueryCancelledError: The cursor was interrupted.
    """
    con, lookup = cursor or case.cursor(), case.lookup()
    key, name, other = _BY[whose]
    with cancellable():
        make_terms(con, {})
        gather_seen(con, compile_filter(node, "session", lookup), compile_filter(node, "event", lookup))
        found = con.sql(f"""
            SELECT coalesce({name}, '') AS name, list_sort(list(DISTINCT a.sid) FILTER (a.sid <> '')) AS sids,
                   count_if(part = 'stay') AS stays, count_if(part = 'contact') AS contacts,
                   count_if(part = 'work') AS work, count_if(part = 'system') AS system,
                   count_if(part = 'refused') AS refused, count_if(privileged AND part <> 'system') AS privileged,
                   count(DISTINCT machine) AS machines,
                   count(DISTINCT {other}) FILTER ({other}::VARCHAR <> '') AS others,
                   min(time) AS first, max(until) AS last, arg_min(row, (time, row)) FILTER (time IS NOT NULL) AS row
            FROM seen JOIN dim_account a ON a.code = account
            GROUP BY {key}
            ORDER BY stays DESC, contacts + work DESC, refused DESC, name
        """)
        return AllSeen(found.to_arrow_table())
