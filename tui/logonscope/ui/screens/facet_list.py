"""The values of a field with how often each occurs: beside a list, or in a screen of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from logonscope.columns import Column
from logonscope.display import sanitise
from logonscope.ui.questions import Answered, Asking, Questions
from logonscope.ui.widgets.row_list import PAGE_ROWS, TableRow
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from logonscope.case.case import Case
    from logonscope.case.facets import ValueCount, ValueCounts
    from logonscope.case.view import View

FACETS = (
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
_Columns = tuple[Column[tuple[bool, "ValueCount"]], ...]
_WIDE: _Columns = (
    Column("", 1, 0, lambda row: "*" if row[0] else ""),
    Column("Value", 24, 0, lambda row: sanitise(row[1].value), takes_rest=True),
    Column("What it is", 26, 1, lambda row: sanitise(row[1].words)),
    Column("Count", 11, 0, lambda row: f"{row[1].count:,}", right=True),
)
_NARROW: _Columns = (
    Column("Value", 8, 0, lambda row: f"{'* ' if row[0] else ''}{value_text(row[1])}", takes_rest=True),
    Column("Count", 7, 0, lambda row: f"{row[1].count:,}", right=True),
)


def value_text(entry: ValueCount) -> str:
    """A value and what it means, sanitised."""
    return sanitise(f"{entry.value}  {entry.words}".rstrip())


class FacetList(Vertical):
    """The fields, and the values of one of them; says which are to be included or left out.

    Args:
        id: Its ID.
        is_narrow: Whether it stands beside something else.
    """

    DEFAULT_CSS = """
    FacetList .facet-tabs { height: auto; max-height: 4; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose(False)", "Include", priority=True),
        Binding("minus", "choose(True)", "Exclude", priority=True),
        Binding("space", "mark", "Mark", priority=True),
        Binding("right,tab", "turn(1)", "Next field", priority=True),
        Binding("left,shift+tab", "turn(-1)", "Field before", priority=True),
        Binding("escape", "leave", "Leave", priority=True),
    ]

    @dataclass
    class Chosen(Message):
        """Values were chosen."""

        field: str
        values: tuple[str, ...]
        exclude: bool
        """Whether to leave them out."""

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another value, or on none."""

    @dataclass
    class Left(Message):
        """Nothing was chosen."""

    def __init__(self, *, id: str | None = None, is_narrow: bool = False) -> None:
        super().__init__(id=id)
        self.facet = 0
        """Number of the field that is shown."""
        self.questions = Questions(self)
        self._columns = _NARROW if is_narrow else _WIDE
        self._is_narrow = is_narrow
        self._asked: tuple[Case, View] | None = None
        self._found: dict[int, ValueCounts] = {}
        self._last: dict[int, ValueCounts] = {}
        """What was found under the filter before: drawn until its successor has come."""
        self._marked: set[str] = set()

    def compose(self) -> ComposeResult:
        """The fields above the values."""
        yield Static(classes="facet-tabs", markup=False)
        yield RowTable(id="values")

    def on_mount(self) -> None:
        """Name the fields."""
        self.table.show_columns(self._columns)
        self._show(0)

    @property
    def table(self) -> RowTable:
        """The values."""
        return self.query_one("#values", RowTable)

    @property
    def current(self) -> ValueCount | None:
        """The value under the cursor."""
        found = self._shown
        return found.values[self.table.cursor] if found and self.table.cursor < len(found.values) else None

    @property
    def _shown(self) -> ValueCounts | None:
        return self._found.get(self.facet) or self._last.get(self.facet)

    def count(self, case: Case, view: View) -> None:
        """Count in a list, which may have changed.

        Args:
            case: The case.
            view: The list.
        """
        self._asked = case, view
        self._last |= self._found
        self._found.clear()
        self._ask()

    def action_choose(self, exclude: bool) -> None:
        """Tell of the marked values, or of the one under the cursor."""
        found, current = self._shown, self.current
        if found is None or current is None:
            return
        marked = tuple(entry.value for entry in found.values if entry.value in self._marked)
        self._marked.clear()
        self.post_message(self.Chosen(FACETS[self.facet][0], marked or (current.value,), exclude))

    @on(RowTable.Chosen)
    def _choose(self, event: RowTable.Chosen) -> None:
        event.stop()
        self.action_choose(False)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.post_message(self.Left())

    def action_mark(self) -> None:
        """Mark the value under the cursor, or take the mark off."""
        current = self.current
        if current is not None:
            self._marked ^= {current.value}
            self._show(self.table.cursor + 1)

    def action_turn(self, fields: int) -> None:
        """Show the values of another field."""
        self.facet = (self.facet + fields) % len(FACETS)
        self._marked.clear()
        self._show(0)
        if self.facet not in self._found:
            self._ask()

    def _show(self, cursor: int | None = None) -> None:
        head, tabs = self.query_one(".facet-tabs", Static), self._tabs()
        if head.content != tabs:
            head.update(tabs)  # lays the whole screen out anew
        found = self._shown
        self.table.rows.empty_text = "Counting ..." if found is None else "None."
        self.table.show_rows(len(found.values) if found else 0, {}, cursor)

    def _tabs(self) -> str:
        title = FACETS[self.facet][1]
        if self._is_narrow:
            tabs = f"[{title}] {self.facet + 1} of {len(FACETS)} ← →"
        else:
            tabs = " ".join(f"[{name}]" if name == title else f" {name} " for _, name in FACETS)
        found = self._shown
        if found and found.distinct > len(found.values):
            tabs += f"\nthe {len(found.values):,} most frequent of {found.distinct:,}"
        return tabs

    @on(RowTable.PagesWanted)
    def _give_pages(self, event: RowTable.PagesWanted) -> None:
        event.stop()
        found = self._shown
        for number in range(event.first, event.last + 1):
            values = found.values[number * PAGE_ROWS : (number + 1) * PAGE_ROWS] if found else ()
            lines = [(entry.value in self._marked, entry) for entry in values]
            rows = [TableRow(tuple(column.text(line) for column in self._columns)) for line in lines]
            self.table.rows.add_page(number, rows)

    @on(RowTable.Highlighted)
    def _follow_cursor(self, event: RowTable.Highlighted) -> None:
        event.stop()
        self.post_message(self.Highlighted())

    def _ask(self) -> None:
        if self._asked is None:
            return
        (case, view), facet = self._asked, self.facet

        def question(asking: Asking) -> ValueCounts:
            cursor = case.cursor(asking.on_cursor)
            return case.value_counts(FACETS[facet][0], view, cursor)

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
