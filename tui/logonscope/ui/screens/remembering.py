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
    _unwritten: tuple[str, tuple[tuple[int, str], ...], tuple[str, ...]] | None = None
    """The filter, its parts that are off and the filters that were typed, where the file does not have them yet."""
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
            self._unwritten = (*present, self.filter_bar.typed)
            self._changes += 1
            change = self._changes
            self.set_timer(_REST, lambda: self._write_down() if change == self._changes else None)

    def _write_down(self) -> None:
        self.questions.ask("remember", lambda _: self.write_down(), lambda _: None, self.show_error)

    def write_down(self) -> None:
        """Write the filter down if that is still to be done; to be called in any thread, also when all is closed.

        Raises:
            OutputError: The file cannot be written.
        """
        from logonscope.case.remembered import Remembered, remember

        case, unwritten = self.case, self._unwritten
        if case is not None and unwritten is not None:
            remember(case.paths, Remembered(*unwritten))
            if self._unwritten is unwritten:
                self._unwritten = None
