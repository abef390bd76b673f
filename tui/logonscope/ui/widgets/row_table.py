"""A table of any number of rows: only what is on the screen is fetched and drawn.

Drawing does no I/O: a row that is not there yet is drawn as a placeholder, and its page is asked for in a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.geometry import Region, Size
from textual.message import Message

from logonscope.ui.keys import MOVES, bindings_of
from logonscope.ui.terminal import is_over_ssh
from logonscope.ui.widgets.row_lines import RowLines
from logonscope.ui.widgets.row_list import PAGE_ROWS, RowList, TableRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.strip import Strip

    from logonscope.columns import Column
    from logonscope.ui.column_layout import Layout, Placed
    from logonscope.ui.widgets.row_marks import RowMarks

_SSH_SCROLL_PART = 3
"""Over SSH a step beyond the edge scrolls by one part in so many of the screen: it is drawn anew less often."""


class RowTable(RowLines, can_focus=True):
    """A list with a head line and a cursor."""

    DEFAULT_CSS = """
    RowTable {
        height: 1fr;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        overflow-y: scroll;
    }
    RowTable > .row-table--head { text-style: bold; color: $primary; background: $panel; }
    RowTable > .row-table--cursor { background: $primary 40%; text-style: bold; }
    RowTable:focus > .row-table--cursor { text-style: reverse; background: $surface; }
    RowTable > .row-table--cell { text-style: bold; }
    RowTable > .row-table--alarm { color: $error; }
    RowTable > .row-table--warn { color: $warning; }
    RowTable > .row-table--muted { color: $text-muted; }
    RowTable > .row-table--found { text-style: bold underline; }
    RowTable:ansi > .row-table--head { text-style: bold underline; }
    RowTable:ansi > .row-table--cursor { text-style: bold reverse; }
    RowTable:ansi:focus > .row-table--cursor { text-style: bold reverse; }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-table--head",
        "row-table--cursor",
        "row-table--cell",
        "row-table--alarm",
        "row-table--warn",
        "row-table--muted",
        "row-table--row",
        "row-table--found",
    }

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(MOVES, show=False)]

    @dataclass
    class PagesWanted(Message):
        """Rows that are about to be drawn are not there."""

        table: RowTable
        rows: RowList
        first: int
        last: int
        """Numbers of the first and last page wanted."""

        @property
        def control(self) -> RowTable:
            """The table that asks."""
            return self.table

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another row, or the row under it changed."""

        table: RowTable
        position: int

        @property
        def control(self) -> RowTable:
            """The table."""
            return self.table

    @dataclass
    class Chosen(Message):
        """A row was chosen with the mouse."""

        table: RowTable
        position: int

        @property
        def control(self) -> RowTable:
            """The table."""
            return self.table

    def __init__(self, *, id: str, picks_cells: bool = False) -> None:
        super().__init__(id=id, picks_cells=picks_cells)
        self.rows.drawn_on = self
        self._asked: list[int] = []
        self._drawn: tuple[int, int, int, list[TableRow | None]] | None = None

    def show_list(self, rows: RowList) -> None:
        """Show another list where it was left."""
        if rows is self.rows:
            return
        self.rows.top, self.rows.drawn_on = self.scroll_offset.y, None
        self.rows, rows.drawn_on = rows, self
        rows.fit(self.size.width)
        self._resize_list()
        self.scroll_to(y=rows.top, animate=False)
        self._drawn = None
        self.rows_changed()

    def show_columns(
        self, columns: tuple[Column[Any], ...], order: str = "", *, descending: bool = False, layout: Layout = ()
    ) -> None:
        """As ``RowList.show_columns``, of the list that is shown."""
        self.rows.show_columns(columns, order, descending=descending, layout=layout)

    def show_rows(self, count: int, pages: Mapping[int, Sequence[TableRow]], cursor: int | None = None) -> None:
        """As ``RowList.show_rows``, of the list that is shown."""
        self.rows.show_rows(count, pages, cursor)

    def columns_changed(self) -> None:
        """Draw the columns that fit now."""
        self.rows.fit(self.size.width)
        self.draw_anew()

    def rows_changed(self) -> None:
        """Draw anew if what is on the screen is not what was drawn."""
        self._asked.clear()
        self._resize_list()
        self._scroll_to_cursor()
        self._strips.clear()
        if not self.rows.count or self._on_screen() != self._drawn:
            self.refresh()
        self.post_message(self.Highlighted(self, self.cursor))

    def page_came(self, first: int, stop: int) -> None:
        """Draw rows that were missing."""
        self._asked = []
        for key in [key for key in self._strips if first <= key[0] < stop]:
            del self._strips[key]
        for position in range(first, stop):
            self._refresh_row(position)

    @property
    def row_count(self) -> int:
        """How many rows the list has."""
        return self.rows.count

    @property
    def column(self) -> Column[Any] | None:
        """The column under the cursor."""
        return self.rows.column

    def row_at(self, position: int) -> TableRow | None:
        """A row, if it is there."""
        return self.rows.row_at(position)

    def _resize_list(self) -> None:
        """Let the scroll bar know how long the list is; not by the reactive, which lays out the whole screen anew."""
        size = Size(self.size.width, self.rows.count + 1)
        self.set_reactive(RowTable.virtual_size, size)
        self._scroll_update(size)

    def _on_screen(self) -> tuple[int, int, int, list[TableRow | None]]:
        """All that the drawing of the rows depends on: also how many there are, though they may not have come yet."""
        top = max(0, self.scroll_offset.y)
        bottom = top + self.size.height
        rows = [self.rows.row_at(position) for position in range(top, bottom)]
        return self.cursor, top, min(self.rows.count, bottom), rows

    @property
    def drawn_columns(self) -> tuple[Placed, ...]:
        """The columns that have room, in order."""
        return self.rows.columns.placed

    def show_marks(self, marks: RowMarks) -> None:
        """Take other marks."""
        if marks != self.rows.marks:
            self.rows.marks = marks
            self.draw_anew()

    def show_marks_of_row(self, marks: RowMarks, position: int) -> None:
        """Take marks that differ in one row only: only that line is drawn anew."""
        self.rows.marks = marks
        for is_cursor in (False, True):
            self._strips.pop((position, is_cursor), None)
        self._refresh_row(position)

    def visible_pages(self) -> range:
        """Numbers of the pages on the screen, if the list were scrolled as it is now."""
        top = max(0, self.scroll_offset.y)
        return range(top // PAGE_ROWS, (top + max(self.size.height, 1)) // PAGE_ROWS + 1)

    def rows_on_screen(self) -> list[TableRow | None]:
        """The rows that are drawn; None for one that is not there yet."""
        top = max(0, self.scroll_offset.y)
        bottom = min(self.rows.count, top + max(0, self.size.height - 1))
        return [self.rows.row_at(position) for position in range(top, bottom)]

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        self.draw_anew()
        super().notify_style_update()

    def on_focus(self) -> None:
        """The cursor looks different with the focus."""
        self.draw_anew()

    def on_blur(self) -> None:
        """The cursor looks different without the focus."""
        self.draw_anew()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the columns that fit now, and keep the cursor on the screen."""
        self.columns_changed()
        self._resize_list()
        self._scroll_to_cursor()

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.move_to(self.cursor + rows)

    def action_move_cell(self, columns: int) -> None:
        """Move the cursor by some columns."""
        if self._picks_cells:
            self.rows.cell = max(0, min(self.rows.cell + columns, len(self.drawn_columns) - 1))
            self._strips.pop((self.cursor, True), None)
            self._refresh_row(self.cursor)

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by whole screens."""
        self.move_to(self.cursor + pages * max(1, self.size.height - 2))

    def action_move_to_end(self, last: bool) -> None:
        """Move the cursor to the first or the last row."""
        self.move_to(self.rows.count - 1 if last else 0)

    def move_to(self, position: int) -> None:
        """Put the cursor on a row."""
        position = max(0, min(position, self.rows.count - 1))
        if position == self.cursor:
            return
        before, self.rows.cursor = self.cursor, position
        self._refresh_row(before)
        self._refresh_row(position)
        is_step = abs(position - before) == 1
        self._scroll_to_cursor(max(1, self.size.height // _SSH_SCROLL_PART) if is_step and is_over_ssh() else 1)
        self.post_message(self.Highlighted(self, position))

    def _refresh_row(self, position: int) -> None:
        y = position + 1 - self.scroll_offset.y
        if 0 < y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _scroll_to_cursor(self, lines: int = 1) -> None:
        """Keep the cursor on the screen; if it left that, show so many rows more of the side that it went to."""
        rows = max(1, self.size.height - 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=max(0, self.cursor - lines + 1), animate=False)
        elif self.cursor >= top + rows:
            self.scroll_to(y=min(self.cursor + lines, self.rows.count) - rows, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row under the mouse; a second click chooses it."""
        position = event.y - 1 + self.scroll_offset.y
        if event.y < 1 or position >= self.rows.count:
            return
        self.move_to(position)
        if event.chain > 1:
            self.post_message(self.Chosen(self, position))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Ask for what is missing, or for what the next keys may bring, then draw what is there."""
        wanted = self._missing(self.visible_pages()) or self._missing([self.visible_pages().stop])
        if wanted and wanted != self._asked:
            self._asked = wanted
            self.post_message(self.PagesWanted(self, self.rows, wanted[0], wanted[-1]))
        self._drawn = self._on_screen()
        return super().render_lines(crop)

    def _missing(self, pages: Iterable[int]) -> list[int]:
        return [page for page in pages if not self.rows.has_page(page) and page * PAGE_ROWS < self.rows.count]
