"""A list as a table shows it: its rows as far as they are known, its columns, where its cursor is.

A table shows one list at a time. The others keep what they are, so that going to one is a matter of drawing it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from logonscope.ui.column_layout import Layout, arranged
from logonscope.ui.widgets.row_marks import RowMarks
from logonscope.ui.widgets.table_columns import GUTTER, TableColumns

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from datetime import datetime

    from logonscope.columns import Column
    from logonscope.ui.column_layout import Placed

PAGE_ROWS = 64
_PAGES_KEPT = 64


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as the table draws it: sanitised texts, one per column."""

    cells: tuple[str, ...]
    tone: str = ""
    """``alarm``, ``warn``, ``muted`` or nothing; said by a symbol before the row and in words in a cell too."""
    ref: Hashable = None
    """What can be cited of the row, if it can be selected and kept."""
    at: datetime | None = None
    """The time of the row, naive UTC."""
    item: Any = field(default=None, compare=False, repr=False)
    """What the row was drawn from: the event, session, boot or mark; None in lists of other things."""


class Drawn(Protocol):
    """Draws a list; is told what of it changed."""

    def rows_changed(self) -> None:
        """The rows may all be others."""

    def page_came(self, first: int, stop: int) -> None:
        """Some rows have come that were missing."""

    def columns_changed(self) -> None:
        """The columns, or the order that is marked at them."""


class RowList:
    """Rows by page, columns, cursor.

    Args:
        name: What the list is called: the name of its pane.
    """

    def __init__(self, name: str = "") -> None:
        self.name = name
        self.count = 0
        self.cursor = 0
        self.top = 0
        """The first row on the screen."""
        self.cell = 0
        """Number of the column under the cursor, among those that are drawn."""
        self.empty_text = ""
        self.marks = RowMarks()
        self.order = ("", False)
        """What the rows are sorted by, and whether that is turned round."""
        self.columns = TableColumns()
        """The columns that have room."""
        self.cells = 0
        """How many cells each row has."""
        self.drawn_on: Drawn | None = None
        """What shows the list now."""
        self._placed: tuple[Placed, ...] = ()
        self._fitted: tuple[tuple[Placed, ...], int] | None = None
        self._pages: OrderedDict[int, Sequence[TableRow]] = OrderedDict()

    def show_columns(
        self, columns: tuple[Column[Any], ...], order: str = "", *, descending: bool = False, layout: Layout = ()
    ) -> None:
        """Take the columns; those that have room are drawn.

        Args:
            columns: All columns, one for each cell of a row.
            order: The order that the rows are in, marked at its column.
            descending: Whether that is turned round.
            layout: What the user chose of them.
        """
        placed = arranged(columns, layout)
        if (placed, (order, descending)) == (self._placed, self.order):
            return
        self._placed, self.order, self.cells = placed, (order, descending), len(columns)
        if self.drawn_on:
            self.drawn_on.columns_changed()

    def fit(self, width: int) -> bool:
        """Choose the columns that have room in so many cells; whether these are others than before."""
        if self._fitted == (self._placed, width):
            return False
        before = self.column
        self._fitted = self._placed, width
        self.columns = TableColumns.fit(self._placed, width - 1 - GUTTER)
        names = [one.column.name for one in self.columns.placed]
        self.cell = names.index(before.name) if before and before.name in names else min(self.cell, len(names) - 1)
        return True

    @property
    def column(self) -> Column[Any] | None:
        """The column under the cursor."""
        drawn = self.columns.placed
        return drawn[self.cell].column if 0 <= self.cell < len(drawn) else None

    def show_rows(self, count: int, pages: Mapping[int, Sequence[TableRow]], cursor: int | None = None) -> None:
        """Take other rows.

        Args:
            count: How many there are.
            pages: The pages that are to be drawn first, by number.
            cursor: Where the cursor should stand; where it is, if None.
        """
        self._pages.clear()
        self._pages.update(pages)
        self.count = count
        self.cursor = max(0, min(self.cursor if cursor is None else cursor, count - 1))
        if self.drawn_on:
            self.drawn_on.rows_changed()

    def add_page(self, number: int, rows: Sequence[TableRow]) -> None:
        """Take a page that was wanted."""
        self._pages[number] = rows
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        if self.drawn_on:
            self.drawn_on.page_came(number * PAGE_ROWS, number * PAGE_ROWS + len(rows))

    def has_page(self, number: int) -> bool:
        """Whether a page is there."""
        return number in self._pages

    def row_at(self, position: int) -> TableRow | None:
        """A row, if it is there."""
        page = self._pages.get(position // PAGE_ROWS)
        offset = position % PAGE_ROWS
        return page[offset] if page is not None and offset < len(page) else None
