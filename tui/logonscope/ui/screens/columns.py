"""The columns of a pane: chosen, put in order, widened and sorted by, in a list over the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from logonscope.columns import Column
from logonscope.ui.column_layout import Layout, arranged, completed, moved, toggled, widened
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class _Line:
    title: str
    state: str
    width: str


_COLUMNS: tuple[Column[_Line], ...] = (
    Column("Column", 16, 0, lambda line: line.title),
    Column("Cells", 5, 0, lambda line: line.width, right=True),
    Column("State", 20, 0, lambda line: line.state, takes_rest=True),
)
_STATES = {True: "+ shown", None: "+ shown", False: "- hidden"}


class ColumnsScreen(ListScreen[None]):
    """Lists columns; every edit takes effect at once.

    Args:
        title: What the pane is called.
        columns: All columns of the pane.
        layout: What is chosen of them.
        drawn: Names of the columns that have room with a layout.
        changed: Takes the new layout; empty for the usual one.
        sort: Sorts the pane by an order.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v,enter", "close", "Close"),
        Binding("space", "show_or_hide", "Show or hide"),
        Binding("left", "widen(-1)", "Narrower", priority=True),
        Binding("right", "widen(1)", "Wider", priority=True),
        Binding("K,shift+up", "shift(-1)", "Move up", priority=True),
        Binding("J,shift+down", "shift(1)", "Move down", priority=True),
        Binding("o", "sort", "Sort by it"),
        Binding("r", "reset", "Usual columns"),
    ]

    def __init__(
        self,
        title: str,
        columns: tuple[Column[Any], ...],
        layout: Layout,
        drawn: Callable[[], frozenset[str]],
        changed: Callable[[Layout], None],
        sort: Callable[[str], None],
    ) -> None:
        super().__init__(
            f"Columns of {title}",
            _COLUMNS,
            keys="Space show/hide  ← → width  K J move  o sort by it  r usual ones  Esc close",
        )
        self._all = columns
        self._layout = completed(columns, layout)
        self._drawn = drawn
        self._changed = changed
        self._sort = sort

    @property
    def row_count(self) -> int:
        """All columns."""
        return len(self._layout)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Columns with their state in words."""
        drawn = self._drawn()
        return [self._row(index, drawn) for index in range(start, stop)]

    def _row(self, index: int, drawn: frozenset[str]) -> TableRow:
        choice = self._layout[index]
        column = self._column(index)
        state = _STATES[choice.is_shown]
        if choice.is_shown is not False and choice.name not in drawn:
            state = "~ no room"
        if column.takes_rest:
            state += ", takes the rest of the line"
        width = str(column.width if choice.width is None else choice.width)
        line = _Line(column.title, state, width)
        return TableRow(tuple(column.text(line) for column in _COLUMNS), "muted" if choice.is_shown is False else "")

    def _column(self, index: int) -> Column[Any]:
        return next(column for column in self._all if column.name == self._layout[index].name)

    def whole(self, position: int) -> str:
        """What can be done with a column."""
        column = self._column(position)
        order = "o sorts by it" if column.order else "the list cannot be sorted by it"
        return f"{column.title}: {order}. Where there is little room, columns that were not chosen go first."

    def _apply(self, layout: Layout, position: int | None = None) -> None:
        self._layout = layout
        self._changed(layout if arranged(self._all, layout) != arranged(self._all, ()) else ())
        table = self.query_one(RowTable)
        table.show_rows(self.row_count, {0: self.rows(0, self.row_count)}, position)

    def action_show_or_hide(self) -> None:
        """Show or hide the column."""
        if (index := self.position) is not None:
            is_drawn = self._layout[index].name in self._drawn()
            self._apply(toggled(self._layout, index, is_drawn=is_drawn))

    def action_widen(self, cells: int) -> None:
        """Make the column wider or narrower."""
        if (index := self.position) is not None:
            self._apply(widened(self._layout, index, self._all, cells))

    def action_shift(self, places: int) -> None:
        """Move the column."""
        if (index := self.position) is not None:
            self._apply(*moved(self._layout, index, places))

    def action_sort(self) -> None:
        """Sort the pane by the column."""
        if (index := self.position) is not None and self._column(index).order:
            self._sort(self._column(index).order)
            self.notify(f"Sorted by {self._column(index).title}.", timeout=2, markup=False)

    def action_reset(self) -> None:
        """The usual columns again."""
        self._apply(completed(self._all, ()))
