"""A list over the browser that can be put in the order of each of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType

from logonscope.display import sanitise
from logonscope.ui.questions import Answered, Questions
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from logonscope.columns import Column

Item = TypeVar("Item")


class SortedList(ListScreen[Item]):
    """Lists items; closes with one.

    Args:
        title: What it is, sanitised.
        columns: The columns, each with its order.
        sorts: What each order sorts by.
        items: The items, in the descending order of the first column.
        named: What ``ListScreen`` takes beside.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "next_order", "Order"), Binding("O", "reverse", "Reverse")]

    def __init__(
        self,
        title: str,
        columns: tuple[Column[Any], ...],
        sorts: Mapping[str, Callable[[Item], Any]],
        items: Sequence[Item],
        **named: Any,
    ) -> None:
        super().__init__(title, columns, **named)
        self._sorts = sorts
        self._orders = tuple(column.order for column in columns if column.order)
        self._order, self._is_descending = self._orders[0], True
        self.items = items
        self._questions = Questions(self)

    def on_mount(self) -> None:
        """Fill the list."""
        super().on_mount()
        self._mark_order()

    @property
    def row_count(self) -> int:
        """All items."""
        return len(self.items)

    def choice(self, position: int) -> Item:
        """The item."""
        return self.items[position]

    def action_next_order(self) -> None:
        """Sort by the next column."""
        self._order = self._orders[(self._orders.index(self._order) + 1) % len(self._orders)]
        self._sort()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._is_descending = not self._is_descending
        self._sort()

    def _sort(self) -> None:
        key, items, is_descending = self._sorts[self._order], self.items, self._is_descending
        self._questions.ask(
            "sort", lambda asking: sorted(items, key=key, reverse=is_descending), self._list_sorted, self._fail
        )

    def _list_sorted(self, items: list[Item]) -> None:
        self.items = items
        self._mark_order()
        self.query_one(RowTable).show_rows(self.row_count, {}, 0)

    def _mark_order(self) -> None:
        self.query_one(RowTable).show_columns(self._columns, self._order, descending=self._is_descending)

    @on(Answered)
    def _deliver(self, event: Answered) -> None:
        event.stop()
        self._questions.deliver(event)

    def _fail(self, error: Exception) -> None:
        self.notify(sanitise(f"{type(error).__name__}: {error}"), severity="error", markup=False)
