"""A list over the browser: rows to look through and choose from, the one under the cursor in full below."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.markup import escape
from textual.screen import ModalScreen
from textual.widgets import Static

from logonscope.display import plural
from logonscope.ui.clipboard import hand_over
from logonscope.ui.widgets.row_list import PAGE_ROWS, TableRow
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from logonscope.columns import Column

Choice = TypeVar("Choice")


class ListScreen(ModalScreen[Choice | None], Generic[Choice]):
    """Lists something; closes with what was chosen, or with None.

    Args:
        title: What it is, sanitised.
        columns: The columns of its rows.
        heading: What is said above the list, sanitised.
        keys: What the keys do, for the last line.
        empty_text: What is said of an empty list.
    """

    DEFAULT_CSS = """
    ListScreen { align: center middle; }
    ListScreen > Vertical { width: 96%; height: 94%; border: round $primary; background: $surface; }
    ListScreen .list-heading { height: auto; max-height: 6; padding: 0 1; }
    ListScreen .list-whole { height: 6; padding: 0 1; border-top: solid $primary; }
    ListScreen .list-keys { height: 1; color: $text-muted; }
    ListScreen:ansi > Vertical { background: ansi_default; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close"),
        Binding("enter", "choose", "Open"),
        Binding("y", "copy", "Copy"),
    ]

    def __init__(
        self,
        title: str,
        columns: tuple[Column[Any], ...],
        *,
        heading: Sequence[str] = (),
        keys: str = "Esc close   ↑ ↓ PgUp PgDn move",
        empty_text: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._columns = columns
        self._heading = heading
        self._keys = keys
        self._empty_text = empty_text

    @property
    @abstractmethod
    def row_count(self) -> int:
        """How many rows there are."""

    @abstractmethod
    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Rows from one position up to another."""

    @abstractmethod
    def whole(self, position: int) -> str:
        """A row in full, sanitised: what stands below the list and is copied."""

    def choice(self, position: int) -> Choice | None:
        """What to close with when a row is chosen; nothing if None."""
        return None

    def compose(self) -> ComposeResult:
        """The heading, the list, the row in full, the keys."""
        with Vertical() as frame:
            frame.border_title = escape(self._title)
            if self._heading:
                yield Static("\n".join(self._heading), classes="list-heading", markup=False)
            yield RowTable(id="list")
            yield Static(classes="list-whole", markup=False)
            yield Static(self._keys, classes="list-keys", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        table = self.query_one(RowTable)
        table.rows.empty_text = self._empty_text
        table.show_columns(self._columns)
        table.show_rows(self.row_count, {})
        table.focus()

    @property
    def position(self) -> int | None:
        """The row under the cursor; None in an empty list."""
        return self.query_one(RowTable).cursor if self.row_count else None

    @on(RowTable.PagesWanted)
    def _give_pages(self, event: RowTable.PagesWanted) -> None:
        event.stop()
        self.give_pages(event.table, event.first, event.last)

    def give_pages(self, table: RowTable, first: int, last: int) -> None:
        """Hand over pages that the table lacks."""
        for number in range(first, last + 1):
            table.rows.add_page(number, self.rows(number * PAGE_ROWS, min(self.row_count, (number + 1) * PAGE_ROWS)))

    def show_rows(self) -> None:
        """Show the rows anew: they are others, or say something else."""
        table = self.query_one(RowTable)
        table.show_rows(self.row_count, {})
        table.refresh()
        self.show_whole()

    @on(RowTable.Highlighted)
    def _follow_cursor(self, event: RowTable.Highlighted) -> None:
        event.stop()
        self.show_whole()

    def show_whole(self) -> None:
        """Show the row under the cursor in full."""
        position = self.position
        self.query_one(".list-whole", Static).update("" if position is None else self.whole(position))

    @on(RowTable.Chosen)
    def _choose(self, event: RowTable.Chosen) -> None:
        event.stop()
        self.action_choose()

    def action_choose(self) -> None:
        """Close with the row under the cursor."""
        position = self.position
        chosen = None if position is None else self.choice(position)
        if chosen is not None:
            self.dismiss(chosen)

    def action_close(self) -> None:
        """Go back to the browser."""
        self.dismiss(None)

    def action_copy(self) -> None:
        """Copy the row in full to the clipboard of the terminal."""
        position = self.position
        text = "" if position is None else self.whole(position)
        if text:
            hand_over(self.app, text, plural(len(text), "character"))
