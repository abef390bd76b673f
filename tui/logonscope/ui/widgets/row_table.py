"""A table of any number of rows: only what is on the screen is fetched and drawn.

Drawing does no I/O: a row that is not there yet is drawn as a placeholder, and its page is asked for in a message.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from logonscope.ui.column_layout import Layout, arranged
from logonscope.ui.keys import MOVES, bindings_of
from logonscope.ui.terminal import is_over_ssh
from logonscope.ui.widgets.row_marks import RowMarks, marked_strip
from logonscope.ui.widgets.table_columns import GUTTER, TableColumns

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import datetime

    from rich.style import Style
    from textual import events
    from textual.binding import BindingType

    from logonscope.columns import Column
    from logonscope.ui.column_layout import Placed

PAGE_ROWS = 64
_PAGES_KEPT = 64
_STRIPS_KEPT = 1024
_PLACEHOLDER = "·"
_SSH_SCROLL_PART = 3
"""Over SSH a step beyond the edge scrolls by one part in so many of the screen: it is drawn anew less often."""
_SYMBOLS = {"alarm": "!", "warn": "^"}
"""What says the state of a row without colour, and in every alphabet."""


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


class RowTable(ScrollView, can_focus=True):
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
        super().__init__(id=id)
        self.cursor = 0
        self._cell = 0
        """Number of the column under the cursor, among those that are drawn."""
        self._picks_cells = picks_cells
        self.row_count = 0
        self.empty_text = ""
        self._placed: tuple[Placed, ...] = ()
        self._cells = 0
        self._columns = TableColumns()
        self._order = ("", False)
        self._pages: OrderedDict[int, Sequence[TableRow]] = OrderedDict()
        self._asked: list[int] = []
        self._strips: dict[tuple[int, bool], Strip] = {}
        self._marks = RowMarks()

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
        self._placed = arranged(columns, layout)
        self._cells = len(columns)
        self._order = (order, descending)
        self._fit_columns()

    def _fit_columns(self) -> None:
        before = self.column
        self._columns = TableColumns.fit(self._placed, self.size.width - 1 - GUTTER)
        names = [one.column.name for one in self.drawn_columns]
        self._cell = names.index(before.name) if before and before.name in names else min(self._cell, len(names) - 1)
        self._strips.clear()
        self.refresh()

    def show_rows(self, count: int, pages: dict[int, Sequence[TableRow]], cursor: int | None = None) -> None:
        """Take a new list.

        Args:
            count: How many rows it has.
            pages: The pages that are to be drawn first, by number.
            cursor: Where the cursor should stand; where it is, if None.
        """
        before = self._on_screen()
        self._pages.clear()
        self._asked.clear()
        self._pages.update(pages)
        self.row_count = count
        self._resize_list()
        self.cursor = max(0, min(self.cursor if cursor is None else cursor, count - 1))
        self._scroll_to_cursor()
        self._strips.clear()
        if not count or self._on_screen() != before:
            self.refresh()
        self.post_message(self.Highlighted(self, self.cursor))

    def _resize_list(self) -> None:
        """Let the scroll bar know how long the list is; not by the reactive, which lays out the whole screen anew."""
        size = Size(self.size.width, self.row_count + 1)
        self.set_reactive(RowTable.virtual_size, size)
        self._scroll_update(size)

    def _on_screen(self) -> tuple[int, int, list[TableRow | None]]:
        """All that the drawing depends on."""
        top = max(0, self.scroll_offset.y)
        return self.cursor, top, [self.row_at(position) for position in range(top, top + self.size.height)]

    @property
    def drawn_columns(self) -> tuple[Placed, ...]:
        """The columns that have room, in order."""
        return self._columns.placed

    def show_marks(self, marks: RowMarks) -> None:
        """Take other marks."""
        if marks != self._marks:
            self._marks = marks
            self._strips.clear()
            self.refresh()

    def show_marks_of_row(self, marks: RowMarks, position: int) -> None:
        """Take marks that differ in one row only: only that line is drawn anew."""
        self._marks = marks
        for is_cursor in (False, True):
            self._strips.pop((position, is_cursor), None)
        self._refresh_row(position)

    def add_page(self, number: int, rows: Sequence[TableRow]) -> None:
        """Take a page that was wanted."""
        self._pages[number] = rows
        self._asked = []
        while len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        first = number * PAGE_ROWS
        for key in [key for key in self._strips if first <= key[0] < first + PAGE_ROWS]:
            del self._strips[key]
        for position in range(first, first + len(rows)):
            self._refresh_row(position)

    def visible_pages(self) -> range:
        """Numbers of the pages on the screen, if the list were scrolled as it is now."""
        top = max(0, self.scroll_offset.y)
        return range(top // PAGE_ROWS, (top + max(self.size.height, 1)) // PAGE_ROWS + 1)

    def row_at(self, position: int) -> TableRow | None:
        """A row, if it is there."""
        page = self._pages.get(position // PAGE_ROWS)
        offset = position % PAGE_ROWS
        return page[offset] if page is not None and offset < len(page) else None

    def rows_on_screen(self) -> list[TableRow | None]:
        """The rows that are drawn; None for one that is not there yet."""
        top = max(0, self.scroll_offset.y)
        bottom = min(self.row_count, top + max(0, self.size.height - 1))
        return [self.row_at(position) for position in range(top, bottom)]

    def notify_style_update(self) -> None:
        """Draw anew in other colours."""
        self._strips.clear()
        super().notify_style_update()

    def on_focus(self) -> None:
        """The cursor looks different with the focus."""
        self._strips.clear()
        self.refresh()

    def on_blur(self) -> None:
        """The cursor looks different without the focus."""
        self._strips.clear()
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the columns that fit now, and keep the cursor on the screen."""
        self._fit_columns()
        self._resize_list()
        self._scroll_to_cursor()

    def action_move(self, rows: int) -> None:
        """Move the cursor by some rows."""
        self.move_to(self.cursor + rows)

    def action_move_cell(self, columns: int) -> None:
        """Move the cursor by some columns."""
        if self._picks_cells:
            self._cell = max(0, min(self._cell + columns, len(self.drawn_columns) - 1))
            self._strips.pop((self.cursor, True), None)
            self._refresh_row(self.cursor)

    @property
    def column(self) -> Column[Any] | None:
        """The column under the cursor."""
        drawn = self.drawn_columns
        return drawn[self._cell].column if 0 <= self._cell < len(drawn) else None

    def action_move_page(self, pages: int) -> None:
        """Move the cursor by whole screens."""
        self.move_to(self.cursor + pages * max(1, self.size.height - 2))

    def action_move_to_end(self, last: bool) -> None:
        """Move the cursor to the first or the last row."""
        self.move_to(self.row_count - 1 if last else 0)

    def move_to(self, position: int) -> None:
        """Put the cursor on a row."""
        position = max(0, min(position, self.row_count - 1))
        if position == self.cursor:
            return
        before, self.cursor = self.cursor, position
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
            self.scroll_to(y=min(self.cursor + lines, self.row_count) - rows, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row under the mouse; a second click chooses it."""
        position = event.y - 1 + self.scroll_offset.y
        if event.y < 1 or position >= self.row_count:
            return
        self.move_to(position)
        if event.chain > 1:
            self.post_message(self.Chosen(self, position))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Ask for what is missing, then draw what is there."""
        wanted = [p for p in self.visible_pages() if p not in self._pages and p * PAGE_ROWS < self.row_count]
        if wanted and wanted != self._asked:
            self._asked = wanted
            self.post_message(self.PagesWanted(self, wanted[0], wanted[-1]))
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line: the head, a row, or what is said in an empty list."""
        if y == 0:
            return self._head()
        position = y - 1 + self.scroll_offset.y
        if position >= self.row_count:
            text = self.empty_text if y == 2 and not self.row_count else ""
            return self._plain(f"  {text}" if text else "", self.rich_style)
        is_cursor = position == self.cursor
        strip = self._strips.get((position, is_cursor))
        if strip is None:
            row = self.row_at(position)
            strip = self._row(position, row, is_cursor)
            if row is not None:
                if len(self._strips) > _STRIPS_KEPT:
                    self._strips.clear()
                self._strips[position, is_cursor] = strip
        return strip

    def _plain(self, text: str, style: Style) -> Strip:
        width = self.size.width
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _head(self) -> Strip:
        style = self.get_component_rich_style("row-table--head")
        order, descending = self._order
        return self._plain(" " * GUTTER + self._columns.head(order, descending=descending), style)

    def _row(self, position: int, row: TableRow | None, is_cursor: bool) -> Strip:
        if row is None:
            return self._plain(" " * GUTTER + self._columns.line([_PLACEHOLDER] * self._cells), self._style("muted"))
        style = self._style(row.tone)
        if is_cursor:
            style += self.get_component_rich_style("row-table--cursor")
        mark = self._marks.symbol(row.ref, position)
        text = f"{mark}{_SYMBOLS.get(row.tone, ' ')}{self._columns.line(row.cells)}"
        strip = self._plain(text, style)
        if self._marks.words:
            found = style + self.get_component_rich_style("row-table--found")
            strip = marked_strip(set_cell_size(text, self.size.width), self._marks.words, style, found)
        return self._with_cell(strip, row.tone) if is_cursor and self._picks_cells and self.has_focus else strip

    def _with_cell(self, strip: Strip, tone: str) -> Strip:
        """The row under the cursor with the cell under the cursor told apart."""
        widths = self._columns.widths
        if not 0 <= self._cell < len(widths):
            return strip
        start = GUTTER + sum(widths[: self._cell]) + self._cell
        stop = min(start + widths[self._cell], strip.cell_length)
        if start >= stop:
            return strip
        before, cell, after = strip.crop(0, start), strip.crop(start, stop), strip.crop(stop, strip.cell_length)
        text = "".join(segment.text for segment in cell)
        marked = Segment(text, self._style(tone) + self.get_component_rich_style("row-table--cell"))
        return Strip([*before, marked, *after], strip.cell_length)

    def _style(self, tone: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"row-table--{tone}") if tone else self.rich_style
