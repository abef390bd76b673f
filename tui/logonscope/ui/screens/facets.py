"""Facets in the browser: beside the list where there is room, else in a screen of their own; filtering by them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import getters, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from logonscope.display import plural
from logonscope.filters.edit import CellTerm, with_cell
from logonscope.ui.clipboard import hand_over
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.facet_list import FacetList, value_text

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from logonscope.case.case import Case
    from logonscope.case.view import View

_KEYS = "Enter include   - exclude   Space mark several   ← → field   y copy   Esc close"

_REST = 0.3
"""Seconds without new rows before values are counted: that takes both cores for up to some seconds."""


class FacetsScreen(ModalScreen[FacetList.Chosen | None]):
    """The facets over the browser; closes with what was chosen.

    Args:
        case: The case.
        view: The list that is counted.
        noun: What one row of it is called.
        first: Number of the field to begin with.
    """

    DEFAULT_CSS = """
    FacetsScreen { align: center middle; }
    FacetsScreen > Vertical { width: 96%; height: 94%; border: round $primary; background: $surface; }
    FacetsScreen FacetList { height: 1fr; }
    FacetsScreen .facet-whole { height: 3; padding: 0 1; border-top: solid $primary; }
    FacetsScreen .facet-keys { height: 1; color: $text-muted; }
    FacetsScreen:ansi > Vertical { background: ansi_default; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,f", "close", "Close"), Binding("y", "copy", "Copy")]
    facets = getters.query_one(FacetList)

    def __init__(self, case: Case, view: View, noun: str, first: int) -> None:
        super().__init__()
        self._case = case
        self._view = view
        self._noun = noun
        self._first = first

    def compose(self) -> ComposeResult:
        """The facets, the value under the cursor in full, the keys."""
        with Vertical() as frame:
            frame.border_title = f"Values, counted in the {self._noun}s shown"
            yield FacetList()
            yield Static(classes="facet-whole", markup=False)
            yield Static(_KEYS, classes="facet-keys", markup=False)

    def on_mount(self) -> None:
        """Count the values of the first field."""
        self.facets.facet = self._first
        self.facets.count(self._case, self._view)
        self.facets.table.focus()

    @property
    def _whole(self) -> str:
        entry = self.facets.current
        return f"{value_text(entry)}\n{plural(entry.count, self._noun)}" if entry else ""

    @on(FacetList.Highlighted)
    def _show_whole(self) -> None:
        self.query_one(".facet-whole", Static).update(self._whole)

    @on(FacetList.Chosen)
    def _choose(self, event: FacetList.Chosen) -> None:
        event.stop()
        self.dismiss(event)

    @on(FacetList.Left)
    def action_close(self) -> None:
        """Go back to the browser."""
        self.dismiss(None)

    def action_copy(self) -> None:
        """Copy the value in full."""
        if self._whole:
            hand_over(self.app, self._whole, plural(len(self._whole), "character"))


class Faceting(Browser):
    """Shows the facets, and filters by what is chosen there."""

    facets = getters.query_one("#facets", FacetList)
    wants_facets: bool | None = None
    """Whether the user wants the facets; None where the width of the terminal decides."""
    _facet = 0
    _counted_facets: object = None
    _rows_came = 0

    def rows_came(self) -> None:
        """Count what is beside the list when that has come, and nothing more of it is wanted."""
        super().rows_came()
        self._rows_came += 1
        came = self._rows_came
        self.set_timer(_REST, lambda: self._count_facets() if came == self._rows_came else None)

    @property
    def _faceted_pane(self) -> str:
        return "sessions" if self.row_pane == "sessions" else "events"

    def _count_facets(self) -> None:
        case, view = self.case, replace(self.shown.view(self._faceted_pane), order="", descending=False, around=0)
        if case is not None and self.facets.display and (view, self.age) != self._counted_facets:
            self._counted_facets = view, self.age
            self.facets.count(case, view)

    def action_show_facets(self) -> None:
        """Go to the facets beside the list, or back; open them where there is no room for them."""
        case = self.case
        if case is None:
            return
        if self.facets.display:
            self._count_facets()
            (self.front if self.facets.has_focus_within else self.facets.table).focus()
            return
        pane = self._faceted_pane
        screen = FacetsScreen(case, self.shown.view(pane), LISTS[pane].noun, self._facet)

        def use(choice: FacetList.Chosen | None) -> None:
            self._facet = screen.facets.facet
            if choice is not None:
                self._use_facet(choice)

        self.app.push_screen(screen, use)

    @on(FacetList.Chosen)
    def _use_facet(self, chosen: FacetList.Chosen) -> None:
        text = self.shown.filter_text
        for value in chosen.values:
            text = with_cell(text, CellTerm(chosen.field, value), exclude=chosen.exclude)
        is_beside = self.facets.has_focus_within
        self.change(replace(self.shown, filter_text=text), keep=self.current_id)
        if is_beside:
            self.facets.table.focus()

    @on(FacetList.Left)
    def _leave_facets(self) -> None:
        self.front.focus()

    def action_toggle_facets(self) -> None:
        """Show or hide the facets beside the list."""
        self.facets.display = self.wants_facets = not self.facets.display
        if self.facets.display:
            self._count_facets()
        else:
            self.front.focus()

    def fit_facets(self, *, is_wide: bool) -> None:
        """Show the facets where there is room for them, unless the user chose otherwise."""
        if self.wants_facets is None:
            self.facets.display = is_wide
            self._count_facets()
