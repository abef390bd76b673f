"""Rows that are selected, and rows that are kept with a note."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logonscope.case.bookmarks import BookmarkFile, dropping, keeping, noted
from logonscope.case.row_refs import RowRef
from logonscope.display import plural
from logonscope.ui.panes import LISTS
from logonscope.ui.pending_bookmarks import PendingBookmarks
from logonscope.ui.screens.bookmarks import BookmarksScreen
from logonscope.ui.screens.line_prompt import LinePrompt
from logonscope.ui.screens.row_actions import RowActions

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.bookmarks import Bookmark, BookmarkChange, Bookmarks
    from logonscope.case.case import Case
    from logonscope.store.row_window import Positions
    from logonscope.ui.pending_bookmarks import WrittenBookmarks
    from logonscope.ui.widgets.row_list import TableRow
    from logonscope.ui.widgets.row_marks import RowMarks

_PANES = {pane.target: name for name, pane in LISTS.items()}


class Marking(RowActions):
    """Actions on selected and kept rows."""

    _bookmark_file: BookmarkFile | None = None

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)  # type: ignore[arg-type]
        self._selected: dict[str, frozenset[RowRef]] = {}
        self._bookmarks: Bookmarks = {}
        self._pending = PendingBookmarks()

    def open_case(self, case: Case) -> None:
        """Read the bookmarks that were made in it."""
        super().open_case(case)
        self._bookmark_file = file = BookmarkFile(self.case_file)
        self._ask_bookmarks(0, file.read)

    def _show_bookmarks(self) -> None:
        self._bookmarks = self._pending.now()
        self.show_marks()

    @property
    def selected(self) -> frozenset[RowRef]:
        """What is selected in the present pane."""
        return self._selected.get(self.shown.pane, frozenset())

    def marks(self) -> RowMarks:
        """Selected and kept rows too."""
        return replace(super().marks(), selected=self.selected, kept=frozenset(self._bookmarks))

    def remarks(self) -> list[str]:
        """How many rows are selected."""
        count = len(self.selected)
        return [*([f"{count:,} selected"] if count else []), *super().remarks()]

    def _with_ref(self, use: Callable[[RowRef, TableRow], None]) -> None:
        """Do something with the row under the cursor, which may be still on its way."""
        pane, row = LISTS[self.shown.pane], self.table.row_at(self.table.cursor)

        def give(found: TableRow) -> None:
            if isinstance(found.ref, RowRef):
                use(found.ref, found)

        if row is None:
            self.with_row(lambda item: give(pane.row(item)))
        else:
            give(row)

    def action_select(self) -> None:
        """Select the row, or no longer, and go to the next."""
        pane, position = self.shown.pane, self.table.cursor

        def select(ref: RowRef, row: TableRow) -> None:
            self._selected[pane] = self._selected.get(pane, frozenset()) ^ {ref}
            self.table.show_marks_of_row(self.marks(), position)
            self.say_remarks()

        self._with_ref(select)
        self.table.move_to(position + 1)

    def end_selection(self) -> None:
        """Select nothing."""
        self._selected.pop(self.shown.pane, None)
        self.show_marks()

    def action_bookmark(self) -> None:
        """Keep the row, with a note."""
        self._with_ref(self._ask_note)

    def _ask_note(self, ref: RowRef, row: TableRow) -> None:
        known = self._bookmarks.get(ref)
        label = " ".join(" ".join(row.cells).split())

        def keep(note: str | None) -> None:
            if note is not None:
                self.keep_bookmark(noted(ref, label, note))

        advice = "Enter keeps the row; words with # before them are tags: look again #exfil. Esc leaves it."
        if self._bookmark_file and not self._bookmark_file.is_kept:
            advice += " What comes on standard input has no name: its bookmarks end with the program."
        title = "Note of this bookmark" if known else "Bookmark this row: a note, if you like"
        self.app.push_screen(LinePrompt(title, known.remark if known else "", advice, is_edited=True), keep)

    def keep_bookmark(self, bookmark: Bookmark) -> None:
        """Write a bookmark to the user's file."""
        self._change_bookmarks(keeping(bookmark))

    def drop_bookmark(self, ref: RowRef) -> None:
        """Remove a bookmark from the user's file."""
        self._change_bookmarks(dropping(ref))

    def action_drop_bookmark(self) -> None:
        """Remove the bookmark of the row."""
        self._with_ref(lambda ref, _: self.drop_bookmark(ref))

    def _change_bookmarks(self, change: BookmarkChange) -> None:
        if (file := self._bookmark_file) is not None:
            self._ask_bookmarks(self._pending.begin(change), lambda: file.change(change))
            self._show_bookmarks()

    def _ask_bookmarks(self, number: int, file: Callable[[], Bookmarks]) -> None:
        """Read or change the user's file, each time a question of its own kind: none makes another's worthless."""

        def end(written: WrittenBookmarks | None) -> None:
            self._pending.end(number, written)
            self._show_bookmarks()

        def failed(error: Exception) -> None:
            end(None)
            self.show_error(error)

        self.questions.ask(f"bookmarks-{number}", lambda _: self._pending.ask(file), end, failed)

    def action_next_bookmark(self) -> None:
        """Go to the next row with a bookmark."""
        case, pane = self.case, self.lists[self.shown.pane]
        window, target = pane.window, LISTS[self.shown.pane].target
        if case is None or window is None:
            return
        refs = [ref for ref in self._bookmarks if ref.target == target]

        def use(positions: Positions) -> None:
            if pane.window is not window:
                # Another list has come meanwhile: its rows are to be searched.
                self.action_next_bookmark()
                return
            to = positions.after(self.table.cursor)
            if to is not None:
                self.table.move_to(to)
            else:
                key = self.settings.key("bookmark.list")
                self.notify(f"No row of this list has a bookmark; {key} lists all.", timeout=3, markup=False)

        self.questions.ask("next-bookmark", lambda _: window.find(case.find_rows(refs).values()), use, self.show_error)

    def action_list_bookmarks(self) -> None:
        """List all bookmarks with their notes."""
        self.app.push_screen(BookmarksScreen(self._bookmarks, self.keep_bookmark, self.drop_bookmark), self._go_to_row)

    def _go_to_row(self, ref: RowRef | None) -> None:
        case = self.case
        if case is None or ref is None:
            return
        if ref.target == "session":
            self.show_session(lambda: case.find_rows([ref]).get(ref))
            return
        shown = replace(self.shown, pane=_PANES[ref.target])

        def question(_: object) -> tuple[int | None, bool]:
            row = case.find_rows([ref]).get(ref)
            view = shown.view(shown.pane)
            return row, row is not None and case.window(view).position(row) is not None

        def use(answer: tuple[int | None, bool]) -> None:
            row, is_listed = answer
            if row is None:
                self.notify("This row is not in what is loaded.", timeout=4)
            else:
                self.change(shown if is_listed else replace(shown, filter_text=""), keep=row)

        self.questions.ask("goto", question, use, self.show_error)

    def selection_text(self) -> str:
        """What ``y`` and ``Y`` would copy."""
        count = len(self.selected)
        return plural(count, "selected row") if count else "the row"
