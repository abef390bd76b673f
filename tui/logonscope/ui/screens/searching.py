"""Search inside the list: what is looked for, where it stands in the whole list, and the way from hit to hit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from logonscope.case.search import drawn_positions, needles, search_condition
from logonscope.display import sanitise, shorten
from logonscope.filters.syntax import parse
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.line_prompt import LinePrompt

if TYPE_CHECKING:
    from logonscope.filters.terms import Node
    from logonscope.store.row_window import Positions, RowWindow
    from logonscope.ui.questions import Asking
    from logonscope.ui.widgets.row_marks import RowMarks

Way = Literal["here", "next", "previous"]
_TEXT_SHOWN = 30
_ADVICE = "Words as they stand in the list, or a filter: crash, 0x3e7, user:bob dur:>2h. Enter searches the whole list."


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for."""

    text: str
    node: Node
    words: tuple[str, ...]
    """Sanitised, to be marked where they are drawn."""


@dataclass(frozen=True, slots=True)
class Found:
    """The answer for one list."""

    window: RowWindow
    positions: Positions


class Searching(Browser):
    """Actions on the search."""

    _search: Search | None = None
    _found: Found | None = None

    def action_search(self) -> None:
        """Ask what to search for."""
        before = self._search.text if self._search else ""
        self.app.push_screen(LinePrompt("Search in this list", before, _ADVICE, self._check_search), self._begin_search)

    def _check_search(self, text: str) -> None:
        node = parse(text)
        if self.case is not None:
            search_condition(node, LISTS[self.shown.pane].target, self.case.lookup())

    def _begin_search(self, text: str | None) -> None:
        if text is None:
            return
        if not text:
            self.end_search()
            return
        node = parse(text)
        self._search = Search(text, node, tuple(map(sanitise, needles(node))))
        self._found = None
        self._go("here")

    @property
    def is_searching(self) -> bool:
        """Whether something is searched for."""
        return self._search is not None

    def end_search(self) -> None:
        """Search for nothing."""
        self._search = self._found = None
        self.show_marks()

    def action_next_hit(self) -> None:
        """Go to the next hit."""
        self._go("next")

    def action_previous_hit(self) -> None:
        """Go to the hit before."""
        self._go("previous")

    def _go(self, way: Way) -> None:
        case, search, pane = self.case, self._search, self.lists[self.shown.pane]
        window, view = pane.window, self.shown.view(self.shown.pane)
        if case is None or window is None:
            return
        if search is None:
            self.notify(f"Nothing is searched for yet: {self.settings.key('search')} asks.", timeout=3, markup=False)
            return
        if self._found is not None and self._found.window is window:
            self._move(way)
            return
        shown = LISTS[self.shown.pane]

        def question(asking: Asking) -> Found:
            cursor = case.cursor(asking.on_cursor)
            if shown.target in ("event", "session"):
                return Found(window, case.search(window, view, search.node, cursor))
            rows = [shown.row(item) for item in shown.fetch(case, window.page(0, window.count))]
            texts = [" ".join(row.cells) for row in rows]
            hits = drawn_positions(search.node, texts, lambda node: case.search(window, view, node, cursor))
            return Found(window, window.at(hits))

        def use(found: Found) -> None:
            if pane.window is window and search is self._search:
                self._found = found
                self._move(way)

        self.questions.ask("search", question, use, self.show_error)

    def _move(self, way: Way) -> None:
        found = self._found
        if found is None:
            return
        cursor = self.table.cursor
        step = {"here": cursor - 1, "next": cursor, "previous": cursor}[way]
        to = found.positions.before(step) if way == "previous" else found.positions.after(step)
        self.show_marks()
        if to is not None:
            self.table.move_to(to)
        self.say_remarks()

    def rows_came(self) -> None:
        """Hits belong to the list that was searched; the next key searches the new one."""
        super().rows_came()
        pane = self.lists.get(self.shown.pane)
        if self._found is not None and (pane is None or pane.window is not self._found.window):
            self._found = None
            self.show_marks()

    def marks(self) -> RowMarks:
        """The hits too."""
        found = self._found.positions if self._found else ()
        return replace(super().marks(), found=found, words=self._search.words if self._search else ())

    def remarks(self) -> list[str]:
        """How many hits there are."""
        search, found = self._search, self._found
        if search is None:
            return super().remarks()
        text = shorten(sanitise(search.text), _TEXT_SHOWN)
        if found is None:
            said = f"searching for {text}: {self.settings.key('search.next')} for the next"
        elif not len(found.positions):
            said = f"nothing in this list fits {text}"
        else:
            said = f"hit {found.positions.rank(self.table.cursor):,} of {len(found.positions):,} for {text}"
        return [*super().remarks(), said]
