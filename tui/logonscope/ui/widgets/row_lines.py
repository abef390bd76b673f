"""The lines of a table: its head, its rows, what is said where there are none. Drawing does no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.scroll_view import ScrollView
from textual.strip import Strip

from logonscope.ui.widgets.drawn_text import selected_text, with_span
from logonscope.ui.widgets.row_list import RowList, TableRow
from logonscope.ui.widgets.row_marks import marked_strip
from logonscope.ui.widgets.table_columns import GUTTER

if TYPE_CHECKING:
    from rich.style import Style
    from textual.selection import Selection

_STRIPS_KEPT = 1024
_PLACEHOLDER = "·"
_SYMBOLS = {"alarm": "!", "warn": "^"}
"""What says the state of a row without colour, and in every alphabet."""


class RowLines(ScrollView):
    """Draws a list of rows; its styles are component classes ``row-table--...``.

    Args:
        id: Its ID.
        picks_cells: Whether one cell of the row under the cursor is told apart.
    """

    def __init__(self, *, id: str, picks_cells: bool = False) -> None:
        super().__init__(id=id)
        self.rows = RowList()
        """The list that is shown."""
        self._picks_cells = picks_cells
        self._strips: dict[tuple[int, bool], Strip] = {}
        """Rows as they are drawn, by position and by whether the cursor stands on them."""
        self._styles: dict[str, Style] = {}

    @property
    def cursor(self) -> int:
        """The position of the row under the cursor."""
        return self.rows.cursor

    def draw_anew(self) -> None:
        """Draw everything anew."""
        self._strips.clear()
        self._styles.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line: the head, a row, or what is said in an empty list."""
        line = y + self.scroll_offset.y if y else 0
        strip = self._line(line, y)
        if self.text_selection is None or (span := self.text_selection.get_span(line)) is None:
            return strip
        return with_span(strip, span, self.screen.get_component_rich_style("screen--selection"))

    def _line(self, line: int, y: int) -> Strip:
        """A line of the list; its head is line 0."""
        if not line:
            return self._head().apply_offsets(0, 0)
        position = line - 1
        if position >= self.rows.count:
            text = self.rows.empty_text if y == 2 and not self.rows.count else ""
            return self._plain(f"  {text}" if text else "", self._style())
        is_cursor = position == self.cursor
        strip = self._strips.get((position, is_cursor))
        if strip is None:
            row = self.rows.row_at(position)
            strip = self._row(position, row, is_cursor).apply_offsets(0, line)
            if row is not None:
                if len(self._strips) > _STRIPS_KEPT:
                    self._strips.clear()
                self._strips[position, is_cursor] = strip
        return strip

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw other text as selected."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """The text that is selected with the mouse, as it is drawn, and what ends it."""

        def text(line: int) -> str | None:
            row = self.rows.row_at(line - 1) if line else None
            if line and row is None:
                return None
            return (self._row(line - 1, row, False) if line else self._head()).text.rstrip()

        top = self.scroll_offset.y
        return selected_text(selection, text, top + 1, top + self.size.height - 1), "\n"

    def _plain(self, text: str, style: Style) -> Strip:
        width = self.size.width
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _head(self) -> Strip:
        style = self._part("head")
        order, descending = self.rows.order
        return self._plain(" " * GUTTER + self.rows.columns.head(order, descending=descending), style)

    def _row(self, position: int, row: TableRow | None, is_cursor: bool) -> Strip:
        if row is None:
            return self._plain(
                " " * GUTTER + self.rows.columns.line([_PLACEHOLDER] * self.rows.cells), self._style("muted")
            )
        style = self._style(row.tone)
        if is_cursor:
            style += self._part("cursor")
        mark = self.rows.marks.symbol(row.ref, position)
        text = f"{mark}{_SYMBOLS.get(row.tone, ' ')}{self.rows.columns.line(row.cells)}"
        strip = self._plain(text, style)
        if self.rows.marks.words:
            found = style + self._part("found")
            strip = marked_strip(set_cell_size(text, self.size.width), self.rows.marks.words, style, found)
        return self._with_cell(strip, row.tone) if is_cursor and self._picks_cells and self.has_focus else strip

    def _with_cell(self, strip: Strip, tone: str) -> Strip:
        """The row under the cursor with the cell under the cursor told apart."""
        widths = self.rows.columns.widths
        if not 0 <= self.rows.cell < len(widths):
            return strip
        start = GUTTER + sum(widths[: self.rows.cell]) + self.rows.cell
        stop = min(start + widths[self.rows.cell], strip.cell_length)
        if start >= stop:
            return strip
        before, cell, after = strip.crop(0, start), strip.crop(start, stop), strip.crop(stop, strip.cell_length)
        text = "".join(segment.text for segment in cell)
        marked = Segment(text, self._style(tone) + self._part("cell"))
        return Strip([*before, marked, *after], strip.cell_length)

    def _style(self, tone: str = "") -> Style:
        return self._part() + self._part(tone) if tone else self._part()

    def _part(self, name: str = "") -> Style:
        """The style of a part; of the table itself without a name."""
        style = self._styles.get(name)
        if style is None:
            style = self.get_component_rich_style(f"row-table--{name}") if name else self.rich_style
            self._styles[name] = style
        return style
