"""The values of a field with how often each occurs under the present filter, to include or leave out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from logonscope.columns import Column
from logonscope.display import plural, sanitise
from logonscope.filters.edit import CellTerm, with_cell
from logonscope.ui.panes import LISTS
from logonscope.ui.questions import Answered, Asking, Questions
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.case import Case
    from logonscope.case.facets import ValueCount, ValueCounts
    from logonscope.case.view import View

_FACETS = (
    ("user", "Users"),
    ("machine", "Machines"),
    ("from", "Sources"),
    ("type", "Types"),
    ("event", "Events"),
    ("status", "Statuses"),
    ("end", "Ends"),
    ("grade", "Grades"),
)
"""Fields, and what their values are called."""
_COLUMNS: tuple[Column[tuple[bool, ValueCount]], ...] = (
    Column("", 1, 0, lambda row: "*" if row[0] else ""),
    Column("Value", 24, 0, lambda row: sanitise(row[1].value), takes_rest=True),
    Column("What it is", 26, 1, lambda row: sanitise(row[1].words)),
    Column("Count", 11, 0, lambda row: f"{row[1].count:,}", right=True),
)

Choice = tuple[str, tuple[str, ...], bool]
"""A field, values of it, and whether to leave them out."""


class FacetsScreen(ListScreen[Choice]):
    """Lists the values of one field at a time; closes with those to include or to leave out.

    Args:
        case: The case.
        view: The list that is counted.
        noun: What one row of it is called.
        first: Number of the field to begin with.
    """

    DEFAULT_CSS = """
    FacetsScreen .facet-tabs { height: auto; max-height: 3; padding: 0 1; }
    FacetsScreen .list-whole { height: 3; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "Mark", priority=True),
        Binding("minus", "exclude", "Exclude"),
        Binding("right,tab", "turn(1)", "Next field", priority=True),
        Binding("left,shift+tab", "turn(-1)", "Field before", priority=True),
        Binding("f", "close", "Close"),
    ]

    def __init__(self, case: Case, view: View, noun: str, first: int) -> None:
        super().__init__(
            f"Values, counted in the {noun}s shown",
            _COLUMNS,
            keys="Enter include   - exclude   Space mark several   ← → field   y copy   Esc close",
        )
        self._case = case
        self._view = view
        self._noun = noun
        self.facet = first
        self.questions = Questions(self)
        self._found: list[ValueCounts | None] = [None] * len(_FACETS)
        self._marked: set[str] = set()
        self._tabs = Static(classes="facet-tabs", markup=False)

    def on_mount(self) -> None:
        """Name the fields, and ask for the values of the first."""
        self.query_one(Vertical).mount(self._tabs, before=0)
        self._show()

    @property
    def _values(self) -> Sequence[ValueCount]:
        found = self._found[self.facet]
        return found.values if found else ()

    @property
    def row_count(self) -> int:
        """The values of the present field."""
        return len(self._values)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Values as they are drawn."""
        lines = [(entry.value in self._marked, entry) for entry in self._values[start:stop]]
        return [TableRow(tuple(column.text(line) for column in _COLUMNS)) for line in lines]

    def whole(self, position: int) -> str:
        """A value, its meaning, its count."""
        entry = self._values[position]
        return sanitise(f"{entry.value}  {entry.words}".rstrip()) + f"\n{plural(entry.count, self._noun)}"

    def choice(self, position: int) -> Choice | None:
        """The marked values, or the one under the cursor."""
        return self._chosen(exclude=False)

    def _chosen(self, *, exclude: bool) -> Choice | None:
        place = self.position
        if place is None:
            return None
        values = tuple(entry.value for entry in self._values if entry.value in self._marked)
        return _FACETS[self.facet][0], values or (self._values[place].value,), exclude

    def action_exclude(self) -> None:
        """Leave out the marked values, or the one under the cursor."""
        chosen = self._chosen(exclude=True)
        if chosen is not None:
            self.dismiss(chosen)

    def action_mark(self) -> None:
        """Mark the value under the cursor, or take the mark off."""
        place = self.position
        if place is not None:
            self._marked ^= {self._values[place].value}
            table = self.query_one(RowTable)
            table.show_rows(self.row_count, {}, min(place + 1, self.row_count - 1))

    def action_turn(self, fields: int) -> None:
        """Show the values of another field."""
        self.facet = (self.facet + fields) % len(_FACETS)
        self._marked.clear()
        self._show()

    def _show(self) -> None:
        table = self.query_one(RowTable)
        names = [f"[{name}]" if place == self.facet else f" {name} " for place, (_, name) in enumerate(_FACETS)]
        found = self._found[self.facet]
        more = ""
        if found and found.distinct > len(found.values):
            more = f"\nthe {len(found.values):,} most frequent of {found.distinct:,}"
        self._tabs.update(" ".join(names) + more)
        table.rows.empty_text = "Counting ..." if found is None else "None."
        table.show_columns(_COLUMNS)
        table.show_rows(self.row_count, {}, 0)
        self.show_whole()
        if found is None:
            self._ask(self.facet)
        table.focus()

    def _ask(self, facet: int) -> None:
        def question(asking: Asking) -> ValueCounts:
            cursor = self._case.cursor(asking.on_cursor)
            return self._case.value_counts(_FACETS[facet][0], self._view, cursor)

        def use(found: ValueCounts) -> None:
            self._found[facet] = found
            if facet == self.facet:
                self._show()

        def failed(error: Exception) -> None:
            self.notify(sanitise(str(error)), severity="error", markup=False)

        self.questions.ask("facet", question, use, failed)

    @on(Answered)
    def _deliver(self, event: Answered) -> None:
        event.stop()
        self.questions.deliver(event)


class Faceting(Browser):
    """Opens the facets, and filters by what is chosen there."""

    _facet = 0

    def action_show_facets(self) -> None:
        """List the values of the fields, counted."""
        case = self.case
        if case is None:
            return
        pane = self.shown.pane if self.shown.pane == "sessions" else "events"
        screen = FacetsScreen(case, self.shown.view(pane), LISTS[pane].noun, self._facet)

        def use(choice: Choice | None) -> None:
            self._facet = screen.facet
            if choice is None:
                return
            field, values, exclude = choice
            text = self.shown.filter_text
            for value in values:
                text = with_cell(text, CellTerm(field, value), exclude=exclude)
            self.change(replace(self.shown, filter_text=text), keep=self.current_id)

        self.app.push_screen(screen, use)
