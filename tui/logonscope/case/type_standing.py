"""What a case knows of a logon type: how often, by whom, from where, and how such sessions ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from logonscope.case.tally import Tally, tally
from logonscope.errors import QueryCancelledError
from logonscope.filters.sql import Sql, all_of, among
from logonscope.knowledge.before_vista import numbers_of

if TYPE_CHECKING:
    from logonscope.case.case import Case


@dataclass(frozen=True, slots=True)
class TypeStanding:
    """What a case knows of a logon type."""

    logons: Tally
    """4624, and 528 and 540 of before Vista."""
    refusals: Tally
    """4625, and 529 to 539."""
    sessions: int
    privileged: int
    """Sessions with administrator rights."""
    ends: tuple[tuple[str, int], ...]
    """How their sessions ended (``knowledge/ends.toml``), the most frequent first."""


def standing_of_type(case: Case, number: int, cursor: duckdb.DuckDBPyConnection | None = None) -> TypeStanding:
    """Ask what the whole case knows of a logon type.

    Args:
        case: The case.
        number: The logon type.
        cursor: A connection that another thread may interrupt; a new one if None.

    Raises:
        QueryCancelledError: The cursor was interrupted.
    """
    con = cursor or case.cursor()
    lookup = case.lookup()
    of_type = Sql("e.logon_type = ?::UTINYINT", (number,))
    try:
        logons, refusals = (
            tally(con, lookup, all_of([among("e.event_id", numbers_of(today)), of_type])) for today in (4624, 4625)
        )
        ends = con.execute(
            "SELECT end_evidence, count(*), count_if(privileged) FROM session"
            " WHERE logon_type = ?::UTINYINT AND role = 'session' GROUP BY ALL ORDER BY count(*) DESC, end_evidence",
            [number],
        ).fetchall()
    except duckdb.InterruptException as error:
        raise QueryCancelledError("interrupted") from error
    return TypeStanding(
        logons,
        refusals,
        sum(count for _, count, _ in ends),
        sum(privileged for _, _, privileged in ends),
        tuple((evidence, count) for evidence, count, _ in ends),
    )
