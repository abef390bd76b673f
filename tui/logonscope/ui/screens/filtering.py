"""Typing a filter, with its count or its error as one types; going back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from logonscope.display import plural, sanitise, shorten
from logonscope.errors import FilterError
from logonscope.filters.describe import describe
from logonscope.filters.doubts import doubts
from logonscope.filters.syntax import parse, too_long
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.completing import Completing
from logonscope.ui.widgets.filter_bar import FilterBar, Remark

if TYPE_CHECKING:
    from logonscope.ui.questions import Asking
    from logonscope.ui.shown import Shown

_TYPING_REST = 0.15
"""Seconds without a key before the filter being typed is counted."""
_MOST_SAID = 300
"""Characters of a sentence or an error: there are two lines for it."""


class Filtering(Completing):
    """Actions on the filter."""

    _keystrokes = 0
    is_checking = False
    """Whether a filter is to hold and its values are being checked."""

    def action_edit_filter(self) -> None:
        """Begin to type a filter."""
        self.filter_bar.edit(self.shown.filter_text)

    @on(FilterBar.Typed)
    def _remark(self, event: FilterBar.Typed) -> None:
        try:
            parse(event.text)
        except FilterError as error:
            self._show_filter_error(error)
            return
        self._keystrokes += 1
        keystroke = self._keystrokes
        self.set_timer(_TYPING_REST, lambda: self._count(event.text) if keystroke == self._keystrokes else None)

    def _show_filter_error(self, error: FilterError) -> None:
        self._keystrokes += 1
        self.filter_bar.remark = _marked(error)

    @on(FilterBar.Overlong)
    def _refuse(self, event: FilterBar.Overlong) -> None:
        error = too_long(event.characters)
        self._keystrokes += 1
        self.filter_bar.remark = Remark(f"Nothing was pasted: {error.message}. {error.advice}")

    def _count(self, text: str) -> None:
        case = self.case
        if case is None or not self.filter_bar.is_editing:
            return
        pane = self.shown.pane if self.shown.pane in LISTS else "events"
        view = replace(self.shown, filter_text=text).view(pane)
        keystroke = self._keystrokes

        def question(asking: Asking) -> tuple[int, FilterError | None]:
            cursor = case.cursor(asking.on_cursor)
            return case.count(view, cursor), next(doubts(view.filter, case.lookup()), None)

        def use(answer: tuple[int, FilterError | None]) -> None:
            if not self.filter_bar.is_editing or keystroke != self._keystrokes:
                return
            count, doubt = answer
            rows = plural(count, LISTS[pane].noun)
            sentence = sanitise(shorten(describe(view.filter), _MOST_SAID))
            said = Remark(f"{rows} would be shown: {sentence}. Enter holds it.")
            self.filter_bar.remark = _marked(doubt, f"{rows}: ") if doubt else said

        self.questions.ask("typed-count", question, use, self._show_any_error)

    def _show_any_error(self, error: Exception) -> None:
        if isinstance(error, FilterError):
            self._show_filter_error(error)
        else:
            self.show_error(error)

    @on(FilterBar.Entered)
    def _hold(self, event: FilterBar.Entered) -> None:
        try:
            shown = self.shown.with_filter(event.text)
        except FilterError as error:
            self._show_filter_error(error)
            return
        case = self.case
        if case is None:
            self._use(shown)
            return

        def failed(error: Exception) -> None:
            self.is_checking = False
            self._show_any_error(error)

        self._drop_counts()
        # Values are checked against all names of the case, of which there may be many.
        self.is_checking = True
        self.questions.ask("hold", lambda asking: case.check(shown.view("events")), lambda _: self._use(shown), failed)

    def _use(self, shown: Shown) -> None:
        self.is_checking = False
        self.filter_bar.remember(shown.filter_text)
        self.filter_bar.close()
        self.change(shown)

    def _drop_counts(self) -> None:
        """What was counted for somebody who types would only hold up the list."""
        self._keystrokes += 1
        self.questions.drop("typed-count")
        self.drop_offers()

    @on(FilterBar.Left)
    def _leave(self) -> None:
        self.is_checking = False
        self._drop_counts()
        self.questions.drop("hold")
        self.filter_bar.close()
        self.front.focus()

    def action_clear_filter(self) -> None:
        """Show everything."""
        if self.shown.chips:
            self.change(self.shown.without_filter(), keep=self.current_id)

    def action_undo(self) -> None:
        """Go back to what was shown before."""
        if self.history:
            self.undone.append(self.shown)
            self._go_to(self.history.pop())
        else:
            self.notify("There is nothing to go back to.", timeout=2)

    def action_redo(self) -> None:
        """Show again what was undone."""
        if self.undone:
            self.history.append(self.shown)
            self._go_to(self.undone.pop())
        else:
            self.notify("There is nothing to do again.", timeout=2)

    def _go_to(self, shown: Shown) -> None:
        """Show it with the cursor on the row that it stands on, if it is listed there."""
        self.restore(shown, keep=self.current_id if shown.pane == self.shown.pane else None)


def _marked(error: FilterError, before: str = "") -> Remark:
    return Remark(
        sanitise(f"{before}{shorten(error.message, _MOST_SAID)}. {error.advice}".rstrip()), error.start, error.stop
    )
