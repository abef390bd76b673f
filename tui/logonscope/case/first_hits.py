"""The first events that hold a text, of a case so large that looking through all records takes a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.case.first_rows import MANY_RECORDS, first_rows
from logonscope.lake.overview import Extent

if TYPE_CHECKING:
    import duckdb

    from logonscope.case.view import View
    from logonscope.filters.lookup import Lookup
    from logonscope.store.row_window import RowWindow

_SOON_SECONDS = 0.2


def first_hits(con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, most: int) -> RowWindow | None:
    """The first rows of a list of events that a text inside records decides; None where all come as soon.

    Args:
        con: A cursor of the calling thread; interrupting it raises ``duckdb.InterruptException`` here.
        view: What to list.
        lookup: What its filter is compiled with.
        most: Greatest number of rows.

    Raises:
        FilterError: A value of the filter makes no sense for its field.
    """
    if view.target != "event" or view.lists_around or "event_data" not in view.where(lookup).text:
        return None
    extent = Extent(*con.execute("SELECT count(*), min(time), max(time) FROM event").fetchall()[0])
    return first_rows(con, view, lookup, extent, most, soon=_SOON_SECONDS) if extent.records > MANY_RECORDS else None
