"""Typing a filter, with its count or its error as one types; going back."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from logonscope.display import plural, sanitise
from logonscope.errors import FilterError
from logonscope.filters.syntax import parse
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.browser import Browser
from logonscope.ui.widgets.filter_bar import FilterBar, Remark

_TYPING_REST = 0.15
"""Seconds without a key before the filter being typed is counted."""


class Filtering(Browser):
    """Actions on the filter."""

    _keystrokes = 0

    def action_edit_filter(self) -> None:
        """Begin to type a filter."""
        self.filter_bar.edit()

    def _meant(self, typed: str) -> str:
        """The filter that was typed; one that was left as it was keeps the characters that cannot be drawn."""
        present = self.shown.filter_text
        return present if typed == sanitise(present) else typed

    @on(FilterBar.Typed)
    def _remark(self, event: FilterBar.Typed) -> None:
        text = self._meant(event.text)
        try:
            parse(text)
        except FilterError as error:
            self._show_filter_error(error)
            return
        self._keystrokes += 1
        keystroke = self._keystrokes
        self.set_timer(_TYPING_REST, lambda: self._count(text) if keystroke == self._keystrokes else None)

    def _show_filter_error(self, error: FilterError) -> None:
        self._keystrokes += 1
        self.filter_bar.remark = Remark(sanitise(f"{error.message}. {error.advice}".rstrip()), error.start, error.stop)

    def _count(self, text: str) -> None:
        case = self.case
        if case is None or not self.filter_bar.is_editing:
            return
        pane = self.shown.pane if self.shown.pane in LISTS else "events"
        view = replace(self.shown, filter_text=text).view(pane)

        def use(count: int) -> None:
            if self.filter_bar.is_editing:
                self.filter_bar.remark = Remark(
                    f"{plural(count, LISTS[pane].noun)} would be shown. Enter holds it, Esc leaves it."
                )

        def failed(error: Exception) -> None:
            if isinstance(error, FilterError):
                self._show_filter_error(error)
            else:
                self.show_error(error)

        self.questions.ask("typed-count", lambda asking: case.count(view), use, failed)

    @on(FilterBar.Entered)
    def _hold(self, event: FilterBar.Entered) -> None:
        try:
            shown = self.shown.with_filter(self._meant(event.text))
            if self.case is not None:
                shown.view("events").sql(self.case.lookup())
        except FilterError as error:
            self._show_filter_error(error)
            return
        self.filter_bar.remember(event.text)
        self.filter_bar.close()
        self.change(shown)

    @on(FilterBar.Left)
    def _leave(self) -> None:
        self.filter_bar.close()
        self.front.focus()

    def action_clear_filter(self) -> None:
        """Show everything."""
        if self.shown.filter_text:
            self.change(replace(self.shown, filter_text=""), keep=self.current_id)

    def action_undo(self) -> None:
        """Go back to what was shown before."""
        if self.history:
            self.restore(self.history.pop())
        else:
            self.notify("There is nothing to go back to.", timeout=2)
