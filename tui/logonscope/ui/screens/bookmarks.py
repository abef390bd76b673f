"""All rows that the user keeps, with their notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.case.bookmarks import noted
from logonscope.case.row_refs import RowRef
from logonscope.columns import Column
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.line_prompt import LinePrompt
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.bookmarks import Bookmark, Bookmarks

_NOUNS = {pane.target: pane.noun for pane in LISTS.values()}
_COLUMNS: tuple[Column[Bookmark], ...] = (
    Column("Row", 7, 0, lambda one: _NOUNS[one.ref.target]),
    Column("What it says", 30, 0, lambda one: one.label, takes_rest=True),
    Column("Note", 28, 0, lambda one: one.note or "-"),
    Column("Tags", 10, 1, lambda one: ", ".join(one.tags) or "-"),
)


class BookmarksScreen(ListScreen[RowRef]):
    """Lists bookmarks; closes with the row to go to.

    Args:
        bookmarks: All bookmarks.
        keep: Takes a bookmark with another note.
        drop: Removes a bookmark.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("B", "close", "Close"),
        Binding("m", "edit", "Note"),
        Binding("d,delete", "remove", "Remove"),
    ]

    def __init__(self, bookmarks: Bookmarks, keep: Callable[[Bookmark], None], drop: Callable[[RowRef], None]) -> None:
        super().__init__(
            "Bookmarks",
            _COLUMNS,
            keys="Enter go to it  m its note  d remove  y copy  Esc close  ↑ ↓ move",
            empty_text="No row is kept yet.",
        )
        self._bookmarks = list(bookmarks.values())
        self._keep = keep
        self._drop = drop

    @property
    def row_count(self) -> int:
        """All bookmarks."""
        return len(self._bookmarks)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Bookmarks as they are drawn."""
        return [TableRow(tuple(column.text(one) for column in _COLUMNS)) for one in self._bookmarks[start:stop]]

    def whole(self, position: int) -> str:
        """A bookmark with its whole note."""
        one = self._bookmarks[position]
        return f"{one.label}\n{one.remark}".strip()

    def choice(self, position: int) -> RowRef:
        """The row."""
        return self._bookmarks[position].ref

    def action_edit(self) -> None:
        """Change the note."""
        position = self.position
        if position is None:
            return

        def keep(note: str | None) -> None:
            if note is not None:
                changed = noted(self._bookmarks[position].ref, self._bookmarks[position].label, note)
                self._bookmarks[position] = changed
                self._keep(changed)
                self.show_rows()

        remark = self._bookmarks[position].remark
        prompt = LinePrompt("Note of this bookmark, with #tags", remark, "Enter keeps it.", is_edited=True)
        self.app.push_screen(prompt, keep)

    def action_remove(self) -> None:
        """Remove the bookmark."""
        if (position := self.position) is not None:
            self._drop(self._bookmarks.pop(position).ref)
            self.show_rows()
