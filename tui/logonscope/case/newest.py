"""Events that came after others, for those who follow a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.filters.sql import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.case import Case
    from logonscope.case.view import View


def events_after(case: Case, view: View, row: int) -> tuple[Sequence[int], int]:
    """Find the events of a view that came later than a row.

    Args:
        case: The case.
        view: A view of events.
        row: The last row that is known, -1 for none.

    Returns:
        Their row numbers in the order of time, and the last row that there is now.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    con = case.cursor()
    last = con.execute("SELECT coalesce(max(row), -1) FROM event").fetchall()[0][0]
    found = view.unordered_sql(case.lookup(), Sql("e.row > ? AND e.row <= ?", (row, last)))
    rows = con.execute(
        f"SELECT row FROM event WHERE row IN ({found.text}) ORDER BY time NULLS LAST, row", list(found.parameters)
    )
    return [number for (number,) in rows.fetchall()], int(last)
