"""One list on the screen and the query behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.ui.widgets.row_list import PAGE_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logonscope.case.case import Case
    from logonscope.case.view import View
    from logonscope.store.row_window import RowWindow
    from logonscope.ui.questions import Asking, Questions
    from logonscope.ui.widgets.row_list import RowList, TableRow
    from logonscope.ui.widgets.row_table import RowTable

    Pages = dict[int, list[TableRow]]
    FetchPages = Callable[[Case, RowWindow, Iterable[int]], Pages]


_FIRST_ROWS = 2_000
"""So many of a long list come at once, and the others soon after."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """The answer to a query: the rows, the pages to draw first, and where the cursor belongs."""

    window: RowWindow
    pages: dict[int, list[TableRow]]
    cursor: int | None


@dataclass(frozen=True, slots=True)
class _Awaited:
    """A query under way, and where the cursor belongs when its rows come."""

    view: View
    keep: int | None
    from_top: bool
    asked_at: int
    """Where the cursor was."""


class PaneList:
    """Runs views for one table and feeds it pages.

    Args:
        rows: The list as the table shows it, by the pane's name.
        table: The table, which may show another list.
        questions: Where to ask.
        fetch: Fetches pages of this pane; runs in a thread.
        failed: Gets errors.
    """

    def __init__(
        self,
        rows: RowList,
        table: RowTable,
        questions: Questions,
        fetch: FetchPages,
        failed: Callable[[Exception], None],
    ) -> None:
        self.rows = rows
        self._table = table
        self._questions = questions
        self._fetch = fetch
        self._failed = failed
        self._window: RowWindow | None = None
        self._listed: tuple[View, int | None] | None = None
        """What the rows are the answer to; None while another answer is awaited."""
        self._awaited: _Awaited | None = None
        self.on_listed: Callable[[], None] = lambda: None

    @property
    def count(self) -> int | None:
        """How many rows there are; None before the first answer."""
        return None if self._window is None else self._window.count

    @property
    def hit_count(self) -> int:
        """How many rows fit the filter; the others stand around them."""
        return 0 if self._window is None else self._window.hit_count

    @property
    def goes_on(self) -> bool:
        """Whether there are rows behind those that are listed."""
        return self._window is not None and self._window.goes_on

    @property
    def awaits_more(self) -> bool:
        """Whether these rows are being looked for."""
        return self.goes_on and self._awaited is not None

    @property
    def window(self) -> RowWindow | None:
        """The rows; None before the first answer."""
        return self._window

    def row_id(self, position: int) -> int | None:
        """The row number or session ID at a position."""
        if self._window is None or not 0 <= position < self._window.count:
            return None
        return self._window.page(position, position + 1)[0]

    @property
    def current_id(self) -> int | None:
        """The row number or session ID under the cursor."""
        return self.row_id(self.rows.cursor)

    def run(
        self, case: Case, view: View, *, keep: int | None = None, from_top: bool = False, age: int | None = None
    ) -> None:
        """Run a view and show it.

        Args:
            case: The case.
            view: What to list.
            keep: Row number or session ID that the cursor should stand on, if it is in the list.
            from_top: Put the cursor on the first row otherwise, not where it is.
            age: Grows with what is loaded: the same view of the same age is not asked for again; None always is.
        """
        if age is not None and self._listed == (view, age) and keep in (None, self.current_id):
            self.on_listed()
            return
        self._listed = None
        awaited = self._awaited if self._awaited and self._awaited.view == view else None
        if awaited is None or (from_top and (keep is not None or awaited.keep is None)):
            awaited = _Awaited(view, keep, from_top, self.rows.cursor)
        # Else the same is asked for again before its rows have come: the cursor still belongs where it did.
        self._awaited = awaited
        self._ask(case, awaited, age, _FIRST_ROWS if awaited.keep is None else case.most_rows)

    def _ask(self, case: Case, awaited: _Awaited, age: int | None, most: int | None) -> None:
        view, visible = awaited.view, list(self._table.visible_pages())

        def question(asking: Asking) -> _Listed:
            cursor = case.cursor(asking.on_cursor)
            window = case.window(view, cursor, most)
            position = window.position(awaited.keep) if awaited.keep is not None else None
            first = 0 if position is None and awaited.from_top else position
            pages = visible if first is None else [first // PAGE_ROWS - 1, first // PAGE_ROWS, first // PAGE_ROWS + 1]
            pages = [page for page in pages if page >= 0 and page * PAGE_ROWS < window.count]
            return _Listed(window, self._fetch(case, window, pages), first)

        def show(listed: _Listed) -> None:
            cursor = self._cursor_in(listed, awaited, is_more=self._listed == (view, age) and self.goes_on)
            self._window = listed.window
            self._listed = (view, age)
            self._awaited = None
            self.rows.show_rows(listed.window.count, dict(listed.pages), cursor)
            if listed.window.goes_on and most != case.most_rows:
                self._awaited = _Awaited(view, None, from_top=False, asked_at=self.rows.cursor)
                self._ask(case, self._awaited, age, case.most_rows)
            self.on_listed()

        def failed(error: Exception) -> None:
            if self._awaited is awaited:
                self._awaited = None
            self._failed(error)

        self._questions.ask(f"{self.rows.name}-list", question, show, failed)

    def _cursor_in(self, listed: _Listed, awaited: _Awaited, *, is_more: bool) -> int | None:
        """Where the cursor belongs in rows that came; a key that was pressed meanwhile is not undone."""
        moved_to = self.current_id if self.rows.cursor != awaited.asked_at else None
        if moved_to is None:
            return listed.cursor
        if is_more and self.rows.cursor == self.rows.count - 1:
            return listed.window.count - 1  # who went to the end of the first rows meant that of all
        position = listed.window.position(moved_to)
        return listed.cursor if position is None else position

    def want(self, case: Case, first: int, last: int) -> None:
        """Fetch pages that the table lacks."""
        window = self._window
        if window is None:
            return

        def question(asking: Asking) -> tuple[RowWindow, Pages]:
            return window, self._fetch(case, window, range(first, last + 1))

        self._questions.ask(f"{self.rows.name}-pages", question, self._add, self._failed)

    def _add(self, answer: tuple[RowWindow, Pages]) -> None:
        window, pages = answer
        if window is not self._window:
            return
        for number, rows in pages.items():
            self.rows.add_page(number, rows)
        self.on_listed()
