"""Lists of a large case that take a second or more, and the first rows of them, which come sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.case.first_rows import LONG_LISTS, first_rows, first_rows_at_once
from logonscope.filters.terms import EVERYTHING
from logonscope.lake.overview import Extent

if TYPE_CHECKING:
    import duckdb

    from logonscope.case.view import View
    from logonscope.filters.lookup import Lookup
    from logonscope.store.row_window import RowWindow

_SOON_SECONDS = 0.2
_MANY_RECORDS = 200_000


class SlowLists:
    """Finds the first rows of the lists of one case; several threads may ask."""

    def __init__(self) -> None:
        self._extent = Extent(0, None, None)

    def first_rows(self, con: duckdb.DuckDBPyConnection, view: View, lookup: Lookup, most: int) -> RowWindow | None:
        """The first rows of a list of very many events, of one in another order, or that a text in records decides.

        Args:
            con: A cursor of the calling thread; interrupting it raises ``duckdb.InterruptException`` here.
            view: What to list.
            lookup: What its filter is compiled with.
            most: Greatest number of rows.

        Returns:
            The rows, and whether there may be more; None where all of them come as soon.

        Raises:
            FilterError: A value of the filter makes no sense for its field.
        """
        if view.target not in LONG_LISTS or view.lists_around:
            return None
        takes_long = _takes_long(view, lookup)
        if view.target != "event" and not takes_long:
            return None
        extent = self._extent_now(con)
        if extent.records <= _MANY_RECORDS:
            return None
        if takes_long:
            return first_rows(con, view, lookup, extent, most, soon=_SOON_SECONDS)
        return first_rows_at_once(con, view, lookup, most)

    def _extent_now(self, con: duckdb.DuckDBPyConnection) -> Extent:
        """How far the records reach; asked anew when there are more of them."""
        ((records,),) = con.execute("SELECT count(*) FROM event").fetchall()
        extent = self._extent
        if extent.records != records:
            first, last = con.execute("SELECT min(time), max(time) FROM event").fetchall()[0]
            extent = self._extent = Extent(records, first, last)
        return extent


def _takes_long(view: View, lookup: Lookup) -> bool:
    if view.target == "event" and (view.filter == EVERYTHING or "event_data" in view.where(lookup).text):
        return True
    return not view.is_in_usual_order
