"""The last filters of a case come back when it is opened again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logonscope.errors import FilterError
from logonscope.filters.syntax import parse
from logonscope.ui.screens.browser import Browser

if TYPE_CHECKING:
    from logonscope.case.remembered import Remembered

_REST = 0.5
"""Seconds after a change before it is written."""


class Remembering(Browser):
    """Keeps the filter of a case."""

    _keeps = False
    _kept: object = None
    _changes = 0

    def use_remembered(self, remembered: Remembered, *, keeps: bool) -> None:
        """Take back the last filter, unless the command line gave one.

        Args:
            remembered: What is kept of this case.
            keeps: Whether to keep what is shown from now on.
        """
        for text in remembered.typed:
            self.filter_bar.remember(text)
        try:
            parse(remembered.filter)
        except FilterError:
            remembered = type(remembered)()
        if not self.shown.filter_text and (remembered.filter or remembered.off):
            self.restore(replace(self.shown, filter_text=remembered.filter, off=remembered.off))
            key = self.settings.key("filter.clear")
            self.notify(f"The last filter of this case is back; {key} removes it.", timeout=6, markup=False)
        self._kept = (self.shown.filter_text, self.shown.off)
        self._keeps = keeps

    def keep_shown(self) -> None:
        """Write the filter down when it has come to rest."""
        present = (self.shown.filter_text, self.shown.off)
        if self._keeps and present != self._kept:
            self._kept = present
            self._changes += 1
            change = self._changes
            self.set_timer(_REST, lambda: self._write_down() if change == self._changes else None)

    def _write_down(self) -> None:
        case, shown, typed = self.case, self.shown, self.filter_bar.typed
        if case is None:
            return

        def question(asking: object) -> None:
            from logonscope.case.remembered import Remembered, remember

            remember(case.paths, Remembered(shown.filter_text, shown.off, typed))

        self.questions.ask("remember", question, lambda _: None, self.show_error)
