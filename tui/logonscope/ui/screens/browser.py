"""The browser without its actions: what is shown, the lists, the detail, and how loading goes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import getters, on
from textual.containers import Container, Horizontal
from textual.screen import Screen

from logonscope.case.case_file import CaseFile
from logonscope.columns import LOGON_TYPE_COLUMNS
from logonscope.display import sanitise
from logonscope.facts.beside import Beside
from logonscope.filters.describe import describe
from logonscope.filters.quotes import typeable
from logonscope.filters.reach import reach
from logonscope.ui import detail_feed
from logonscope.ui.pane_list import PaneList
from logonscope.ui.panes import LISTS, TABLES, logon_type_rows
from logonscope.ui.questions import Answered, Asking, Questions
from logonscope.ui.screens.facet_list import FacetList
from logonscope.ui.settings import Settings
from logonscope.ui.shown import Shown
from logonscope.ui.widgets.detail_pane import DetailPane
from logonscope.ui.widgets.filter_bar import FilterBar, FilterState
from logonscope.ui.widgets.key_bar import KeyBar
from logonscope.ui.widgets.row_list import RowList
from logonscope.ui.widgets.row_marks import RowMarks
from logonscope.ui.widgets.row_table import RowTable
from logonscope.ui.widgets.status_line import StatusLine
from logonscope.ui.widgets.time_strip import TimeStrip
from logonscope.ui.widgets.timeline import Timeline
from logonscope.ui.widgets.top_bar import TopBar, TopState
from logonscope.ui.wording import count_text, empty_text, error_text, part_text
from logonscope.ui.zoned_panes import zoned

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.widget import Widget

    from logonscope.case.case import Case
    from logonscope.columns import Column
    from logonscope.model import Fact, LoadProgress
    from logonscope.store.row_window import RowWindow
    from logonscope.ui.column_layout import Layout
    from logonscope.ui.pane_list import Pages
    from logonscope.ui.panes import Pane

_DETAIL_REST = 0.15
"""Seconds that the cursor must rest before the detail is fetched."""
_REFRESH_SECONDS = 1.0
_MACHINES_NAMED = 3
_ENDED = ("done", "stopped")
"""Stages after which nothing is read."""
_READ = (*_ENDED, "following")
"""Stages in which all that is there has been read."""


class Browser(Screen[None]):
    """Owns what is shown; the widgets draw it.

    Args:
        filter_text: The filter to begin with.
        settings: The keys in force; the usual ones if None.
    """

    top = getters.query_one(TopBar)
    filter_bar = getters.query_one(FilterBar)
    detail = getters.query_one(DetailPane)
    status = getters.query_one(StatusLine)
    keys = getters.query_one(KeyBar)
    timeline = getters.query_one(Timeline)
    table = getters.query_one("#table", RowTable)
    """Shows the list of the present pane; hidden behind the timeline, that of the sessions."""

    def __init__(self, filter_text: str = "", settings: Settings | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.case: Case | None = None
        self.case_file = CaseFile(())
        """What the user keeps of the case."""
        self.shown = Shown(filter_text=typeable(filter_text))
        self.history: list[Shown] = []
        self.undone: list[Shown] = []
        self.questions = Questions(self)
        self.rows = {pane: RowList(pane) for pane in TABLES}
        """The lists of all panes as the table shows them."""
        self.lists: dict[str, PaneList] = {}
        self.beside = Beside()
        self.layouts: dict[str, Layout] = {}
        self._counts: dict[str, int] = {}
        self._type_counts: dict[int, tuple[int, int]] = {}
        self._type_numbers = [0]
        """The logon types in the order of their rows; until they are counted the cursor stands on the first."""
        self._refresh_due = False
        self.age = 0
        """How many reports of loading there were."""
        self._counted: tuple[Shown, int] | None = None
        """What was counted, or is being counted: the orders and the pane do not matter."""
        self._types_counted: tuple[str, int] | None = None
        """What the counts of the logon types are the answer to."""
        self.wants_detail: bool | None = None
        """Whether the user wants the detail; None where the width of the terminal decides."""
        self._rests = 0

    def compose(self) -> ComposeResult:
        """Top line, filter, list beside or above the detail, status, keys."""
        yield TopBar()
        yield TimeStrip()
        yield FilterBar()
        with Container(id="body"):
            yield FacetList(id="facets", is_narrow=True)
            with Horizontal(id="tables"):
                yield RowTable(id="table", picks_cells=True)
                yield Timeline()
            yield DetailPane(id="detail")
        yield StatusLine(self.settings.key("problems"))
        yield KeyBar(self.settings.commands)

    def on_mount(self) -> None:
        """Set up the lists; they are empty until the case is there."""
        for name in LISTS:
            fetch = partial(self._fetch_pages, name)
            self.lists[name] = PaneList(self.rows[name], self.table, self.questions, fetch, self.show_error)
            self.lists[name].on_listed = self.rows_came
        self.show_widgets()

    def columns_of(self, pane: str) -> tuple[Column[Any], ...]:
        """All columns of a pane."""
        return self.pane_of(pane).columns if pane in LISTS else LOGON_TYPE_COLUMNS

    def pane_of(self, name: str) -> Pane:
        """A pane with the times that are written now."""
        return zoned(LISTS[name], self.beside)

    def _fetch_pages(self, name: str, case: Case, window: RowWindow, pages: Iterable[int]) -> Pages:
        return self.pane_of(name).pages(case, window, pages)

    @property
    def row_pane(self) -> str:
        """The pane whose rows the keys are about."""
        return "sessions" if self.shown.pane == "timeline" else self.shown.pane

    @property
    def front(self) -> Widget:
        """What has the keys."""
        return self.timeline if self.shown.pane == "timeline" else self.table

    @property
    def current_id(self) -> int | None:
        """Row number or ID under the cursor; None among the logon types and in an empty list."""
        pane = self.lists.get(self.shown.pane)
        return pane.current_id if pane else None

    @property
    def current_type(self) -> int | None:
        """The logon type under the cursor of its pane."""
        position = self.rows["types"].cursor
        return self._type_numbers[position] if position < len(self._type_numbers) else None

    def change(self, shown: Shown, *, keep: int | None = None) -> None:
        """Show something else, and remember what was shown before.

        Args:
            shown: What to show.
            keep: Row number or ID to put the cursor on, if it is in the list.
        """
        if shown != self.shown:
            self.history.append(self.shown)
            self.undone.clear()
        self.restore(shown, keep=keep)

    def rows_are_stale(self) -> None:
        """Ask for all rows anew when they are listed next, though nothing was loaded meanwhile."""
        self.age += 1

    def restore(self, shown: Shown, *, keep: int | None = None) -> None:
        """Show something without remembering what was before."""
        is_pane_other = shown.pane != self.shown.pane
        self.shown = shown
        self.keep_shown()
        self.show_widgets()
        refresh = partial(self.refresh_lists, keep=keep, from_top=True)
        if is_pane_other:
            # What is known of the other pane is drawn first: fetching rows would take the interpreter from that.
            self.call_after_refresh(refresh)
        else:
            refresh()

    def keep_shown(self) -> None:
        """Called when something else is shown."""

    def show_widgets(self) -> None:
        """Let the widgets say what is shown."""
        shown = self.shown
        for name, order in shown.orders.items():
            columns, layout = self.columns_of(name), self.layouts.get(name, ())
            self.rows[name].show_columns(columns, order.name, descending=order.descending, layout=layout)
        self.timeline.display = shown.pane == "timeline"
        self._say_why_empty()
        self.table.show_list(self.rows[self.row_pane])
        self.table.display = shown.pane != "timeline"
        self.keys.pane = shown.pane
        self.show_marks()
        self._say_filter()
        if not self.filter_bar.is_editing:
            self.front.focus()

    def refresh_lists(self, *, keep: int | None = None, from_top: bool = False) -> None:
        """Run the present pane's view anew; the others are counted when it has come."""
        case = self.case
        if case is None:
            return
        pane = self.lists.get(self.shown.pane)
        if pane is not None:
            pane.run(case, self.shown.view(self.shown.pane), keep=keep, from_top=from_top, age=self.age)
            return
        if self.shown.pane == "types":
            self._count_types(case)
        self._count_lists(case)

    def open_case(self, case: Case) -> None:
        """Show a case; it may be empty yet."""
        self.case = case
        self.status.part = part_text(case)

    def marks(self) -> RowMarks:
        """The marks of the present pane's rows."""
        return RowMarks()

    def show_marks(self) -> None:
        """Draw the marks anew, and say what they mean."""
        if self.lists and self.is_attached:
            self.table.show_marks(self.marks())
            self.say_remarks()

    def remarks(self) -> list[str]:
        """What is said of the rows in the status line, sanitised."""
        return []

    def say_remarks(self) -> None:
        """Say it."""
        self.status.remark = " · ".join(self.remarks())

    def _count_types(self, case: Case) -> None:
        view = self.shown.view("types")
        asked = self.shown.filter_text, self.age
        if asked == self._types_counted:
            self._list_types()
            return

        def use(counts: dict[int, tuple[int, int]]) -> None:
            self._type_counts, self._types_counted = counts, asked
            self._list_types()

        self.questions.ask("types", lambda asking: case.logon_type_counts(view), use, self.show_error)

    def _list_types(self) -> None:
        order = self.shown.orders["types"]
        self._type_numbers, rows = logon_type_rows(self._type_counts, order.name, descending=order.descending)
        self.rows["types"].show_rows(len(rows), {0: rows})

    def _count_lists(self, case: Case) -> None:
        asked = replace(Shown(), filter_text=self.shown.filter_text, scope=self.shown.scope), self.age
        if asked == self._counted:
            return
        self._counted = asked
        views = {name: self.shown.view(name) for name in LISTS}
        views["all sessions"] = self.shown.all_sessions()

        def question(asking: Asking) -> dict[str, int]:
            cursor = case.cursor(asking.on_cursor)
            return {name: case.count(view, cursor) for name, view in views.items()}

        def use(counts: dict[str, int]) -> None:
            self._counts = counts
            self._say_why_empty()
            self._say_filter()

        self.questions.ask("counts", question, use, self.show_error)

    def _say_filter(self) -> None:
        shown = self.shown
        counts = tuple((pane, f"{self._counts[pane]:,}") for pane in LISTS if pane in self._counts)
        self.top.state = TopState(shown.pane, counts, self._case_text())
        pane = LISTS.get(shown.pane)
        through = reach(shown.filter, pane.target if pane else "event")
        sentence = sanitise(describe(shown.filter)) + (f" ({through})" if through else "")
        self.filter_bar.state = FilterState(shown.chips, sentence, self._count_text())

    def rows_came(self) -> None:
        """Rows of the present list have come."""
        self._say_filter()
        if self.case is not None:
            self._count_lists(self.case)

    def _case_text(self) -> str:
        names = sorted(set(self.case.lookup().machine_names.values())) if self.case else []
        more = f" +{len(names) - _MACHINES_NAMED}" if len(names) > _MACHINES_NAMED else ""
        part = f"  {part_text(self.case)}" if self.case and self.case.options.cut else ""
        return f"{sanitise(', '.join(names[:_MACHINES_NAMED]))}{more}{part}  UTC " if names else "UTC "

    def _count_text(self) -> str:
        pane = self.lists.get(self.shown.pane)
        return count_text(pane, self.shown, self._counts.get("all sessions", 0), self.settings) if pane else ""

    def show_progress(self, progress: LoadProgress) -> None:
        """Say how far loading is, and show what has come."""
        self.status.progress = progress
        self.age += 1
        has_ended = progress.stage in _ENDED
        self.keys.loading_case = not has_ended
        self._say_why_empty()
        if has_ended:
            self.refresh_lists(keep=self.current_id if self.table.cursor else None)
        elif progress.stage in _READ:
            self._refresh_now()
        elif progress.records and not self._refresh_due:
            if self.table.row_count:
                self._refresh_due = True
                self.set_timer(_REFRESH_SECONDS, self._refresh_now)
            else:
                self._refresh_now()

    def _say_why_empty(self) -> None:
        progress = self.status.progress
        why = partial(
            empty_text,
            is_loaded=progress is not None and progress.stage in _READ,
            has_sources=self.case is None or bool(self.case.sources),
            is_filtered=bool(self.shown.filter_text),
            hidden=self._counts.get("all sessions", 0),
            settings=self.settings,
        )
        self.timeline.empty_text = why("timeline")
        for pane, rows in self.rows.items():
            rows.empty_text = why(pane)
        if not self.table.row_count:
            self.table.refresh()

    def _refresh_now(self) -> None:
        self._refresh_due = False
        if self.questions.is_waiting(f"{self.shown.pane}-list"):
            # A list that is slow to come is not asked for again before it has come once.
            self._refresh_due = True
            self.set_timer(_REFRESH_SECONDS, self._refresh_now)
            return
        self.refresh_lists(keep=self.current_id if self.table.cursor else None)

    @on(Answered)
    def _deliver(self, event: Answered) -> None:
        event.stop()
        self.questions.deliver(event)

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        text = error_text(self.case.told(error) if self.case else error)
        self.notify(sanitise(text), severity="error", timeout=8, markup=False)

    @on(RowTable.PagesWanted)
    def _give_pages(self, event: RowTable.PagesWanted) -> None:
        pane = self.lists.get(event.rows.name)
        if pane is not None and self.case is not None:
            pane.want(self.case, event.first, event.last)

    @on(RowTable.Highlighted)
    def _follow_cursor(self, event: RowTable.Highlighted) -> None:
        if event.table is self.table and self.shown.pane != "timeline":
            self.show_detail_soon()

    def show_detail_soon(self) -> None:
        """Fetch the detail when the cursor has come to rest."""
        self._rests += 1
        rest = self._rests
        self.set_timer(_DETAIL_REST, lambda: self._show_detail() if rest == self._rests else None)

    def _show_detail(self) -> None:
        case, current = self.case, self.current_id
        if case is None or not self.detail.display:
            return
        if self.shown.pane == "types":
            number = self.current_type
            self._use_facts(() if number is None else detail_feed.logon_type_detail(number, self._type_counts))
        elif current is None:
            self._use_facts(())
        else:
            pane = self.pane_of(self.row_pane)
            detail_feed.ask_facts(self.questions, case, pane, current, self._use_facts, self.show_error)

    def _use_facts(self, facts: tuple[Fact, ...]) -> None:
        self.detail.facts = facts
