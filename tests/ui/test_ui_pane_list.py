"""A list that is asked for anew takes no rows of the list that it showed before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
from held_threads import Threads

from logonscope.case.view import View
from logonscope.store.row_window import RowWindow
from logonscope.ui.pane_list import PaneList
from logonscope.ui.questions import Questions
from logonscope.ui.widgets.row_list import PAGE_ROWS, RowList, TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from logonscope.case.case import Case
    from logonscope.ui.widgets.row_table import RowTable

VIEW = View("event")


class Table:
    """Stands in for a table that shows the first rows of a list."""

    def visible_pages(self) -> range:
        return range(1)


class Cursor:
    def interrupt(self) -> None:
        pass


class FewRows:
    """Stands in for a case: each list that is asked for is the next of those that were given."""

    most_rows = None

    def __init__(self, *lists: range) -> None:
        self._lists = iter(lists)

    def cursor(self, on_open: Callable[[Callable[[], None]], None]) -> Cursor:
        cursor = Cursor()
        on_open(cursor.interrupt)
        return cursor

    def window(self, view: View, cursor: Cursor, most: int | None) -> RowWindow:
        rows = next(self._lists)
        return RowWindow(pa.array(rows[:most], pa.int64()), goes_on=most is not None and len(rows) >= most)


def fetch(case: Case, window: RowWindow, pages: Iterable[int]) -> dict[int, list[TableRow]]:
    return {
        page: [TableRow((str(row),)) for row in window.page(page * PAGE_ROWS, (page + 1) * PAGE_ROWS)] for page in pages
    }


class Listing:
    """A list whose questions are answered when the test says so."""

    def __init__(self, *lists: range) -> None:
        self.threads = Threads()
        self.rows = RowList("events")
        self.case = cast("Case", FewRows(*lists))
        self.questions = Questions(cast("Any", self.threads))
        self.errors: list[Exception] = []
        self.pane = PaneList(self.rows, cast("RowTable", Table()), self.questions, fetch, self.errors.append)

    def answer(self) -> None:
        """Let all threads run and their answers arrive."""
        while self.threads.waiting:
            self.threads.waiting.pop(0)()
        while self.threads.posted:
            self.questions.deliver(self.threads.posted.pop(0))

    def first_cells(self) -> dict[int, str]:
        rows = {number: self.rows.row_at(number * PAGE_ROWS) for number in range(self.rows.count // PAGE_ROWS + 1)}
        return {number: row.cells[0] for number, row in rows.items() if row}


def test_a_list_is_shown_with_the_pages_on_the_screen() -> None:
    listing = Listing(range(1000, 1200))
    listing.pane.run(listing.case, VIEW)
    assert listing.rows.count == 0
    listing.answer()
    assert (listing.pane.count, listing.rows.count, listing.first_cells()) == (200, 200, {0: "1000"})
    assert (listing.pane.row_id(199), listing.pane.row_id(200)) == (1199, None)
    listing.pane.want(listing.case, 2, 3)
    listing.answer()
    assert listing.first_cells() == {0: "1000", 2: "1128", 3: "1192"}


def test_pages_of_the_list_before_do_not_come_into_the_new_one() -> None:
    listing = Listing(range(1000, 1200), range(5000, 5200))
    listing.pane.run(listing.case, VIEW)
    listing.answer()
    listing.pane.want(listing.case, 2, 2)
    listing.pane.run(listing.case, VIEW)
    listing.threads.waiting.reverse()
    listing.answer()
    assert listing.first_cells() == {0: "5000"}
    assert listing.errors == []


def test_the_cursor_stays_on_its_row() -> None:
    listing = Listing(range(1000, 1200), range(900, 1200), range(0, 300))
    listing.pane.run(listing.case, VIEW)
    listing.answer()
    listing.rows.cursor = 150
    listing.pane.run(listing.case, VIEW, keep=listing.pane.current_id, from_top=True)
    listing.answer()
    assert (listing.rows.cursor, listing.pane.current_id) == (250, 1150)
    assert set(listing.first_cells()) == {2, 3, 4}
    listing.pane.run(listing.case, VIEW, keep=listing.pane.current_id, from_top=True)
    listing.answer()
    assert listing.rows.cursor == 0


def test_the_cursor_goes_where_it_belongs_though_more_is_loaded_before_the_rows_come() -> None:
    listing = Listing(range(1000, 1200), range(0, 2000), range(0, 3000))
    listing.pane.run(listing.case, VIEW)
    listing.answer()
    listing.rows.cursor = 150
    other = replace(VIEW, descending=True)
    listing.pane.run(listing.case, other, keep=1199, from_top=True, age=1)
    listing.pane.run(listing.case, other, keep=listing.pane.current_id, age=2)
    listing.answer()
    assert listing.pane.current_id == 1199
    listing.pane.run(listing.case, VIEW, from_top=True, age=2)
    listing.pane.run(listing.case, VIEW, keep=listing.pane.current_id, age=3)
    listing.answer()
    assert listing.rows.cursor == 0


def test_of_a_long_list_the_first_rows_come_first_and_the_cursor_may_move_meanwhile() -> None:
    listing = Listing(range(1000, 9000), range(1000, 9000))
    listing.pane.run(listing.case, VIEW, from_top=True, age=1)
    listing.answer()
    assert (listing.pane.count, listing.pane.goes_on, listing.pane.awaits_more) == (2000, True, True)
    listing.rows.cursor = 3
    listing.answer()
    assert (listing.pane.count, listing.pane.goes_on, listing.rows.cursor) == (8000, False, 3)
    assert not listing.pane.awaits_more
    listing.pane.run(listing.case, VIEW, age=1)
    assert listing.threads.waiting == []


def test_who_goes_to_the_end_of_the_first_rows_is_at_the_end_of_all_when_they_come() -> None:
    listing = Listing(*[range(1000, 9000)] * 4)
    listing.pane.run(listing.case, VIEW, from_top=True, age=1)
    listing.answer()
    listing.rows.cursor = 1999
    listing.answer()
    assert (listing.pane.count, listing.rows.cursor) == (8000, 7999)
    listing.pane.run(listing.case, VIEW, age=2)
    listing.answer()
    assert (listing.pane.count, listing.rows.cursor) == (2000, 1999)
    listing.answer()
    assert (listing.pane.count, listing.rows.cursor) == (8000, 1999), "nobody went there"
