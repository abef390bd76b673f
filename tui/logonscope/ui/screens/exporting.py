"""Exporting the present list, or the rows that are selected, to a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from logonscope.display import sanitise, shorten
from logonscope.facts.logon_type import logon_type_lines
from logonscope.ui.exporting import (
    Export,
    Wanted,
    choices,
    file_there,
    rows_wanted,
    suggested_name,
    types_wanted,
    view_wanted,
)
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.choice_prompt import Choice, ChoicePrompt
from logonscope.ui.screens.export_progress import ExportProgress
from logonscope.ui.screens.line_prompt import LinePrompt
from logonscope.ui.screens.marking import Marking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.case import Case
    from logonscope.ui.questions import Asking

_TELL_SECONDS = 0.1
_NAME_WIDTH = 40
_ADVICE = "The file appears when it is whole; nothing is written within the evidence."
_WRITE_OVER = (Choice("y", "yes", "write over it"), Choice("n", "no", "leave it as it is"))


class Exporting(Marking):
    """The action that exports; also what other screens ask to export."""

    _export_progress: ExportProgress | None = None

    @dataclass
    class ExportWentOn(Message):
        """Rows were written."""

        done: int

        def can_replace(self, message: Message) -> bool:
            """Only the newest is worth drawing."""
            return isinstance(message, Exporting.ExportWentOn)

    def action_export(self) -> None:
        """Export the list, or what is selected of it; on the timeline the sessions of its lanes."""
        case = self.case
        if case is None:
            return
        if self.shown.pane == "timeline":
            self._export_timeline(case)
        elif self.shown.pane == "types":
            order = self.shown.orders["types"]
            lines = logon_type_lines(self._type_counts, order.name, descending=order.descending)
            self.export(types_wanted(case, self.shown, lines))
        elif (window := self.lists[self.shown.pane].window) is not None:
            self.export(rows_wanted(case, LISTS[self.shown.pane], window, self.selected))

    def _export_timeline(self, case: Case) -> None:
        view = self.shown.all_sessions()

        def use(count: int) -> None:
            self.export(view_wanted(case, LISTS["sessions"], view, count, " of the timeline"))

        self.questions.ask(
            "to-export", lambda asking: case.count(view, case.cursor(asking.on_cursor)), use, self.show_error
        )

    def export(self, wanted: Wanted) -> None:
        """Ask for the form and the file, then write."""
        if not wanted.count:
            self.notify("There is nothing to export in this list.", timeout=3)
            return

        def named(form: str, text: str | None) -> None:
            if text:
                self._begin_export(Export(wanted, form, Path(text).expanduser()))

        def chosen(form: str | None) -> None:
            if form:
                question = f"Export {wanted.words} as {form} to the file"
                prompt = LinePrompt(question, suggested_name(wanted.listed, form), _ADVICE)
                self.app.push_screen(prompt, partial(named, form))

        self.app.push_screen(ChoicePrompt(f"Export {wanted.words} as", choices(wanted.listed)), chosen)

    def _begin_export(self, export: Export) -> None:
        def answer(is_there: bool) -> None:
            if is_there:
                question = f"{shorten(sanitise(export.path.name), _NAME_WIDTH)} is there already"
                self.app.push_screen(ChoicePrompt(question, _WRITE_OVER), over)
            else:
                self._export(export, force=False)

        def over(word: str | None) -> None:
            if word == "yes":
                self._export(export, force=True)

        self.questions.ask("export", lambda _: file_there(export), answer, self._export_failed)

    def _export(self, export: Export, *, force: bool) -> None:
        told = 0.0

        def question(asking: Asking) -> Sequence[str]:
            def step(done: int, count: int) -> bool:
                nonlocal told
                if monotonic() - told > _TELL_SECONDS:
                    told = monotonic()
                    self.post_message(self.ExportWentOn(done))
                return not asking.is_stale()

            return export.write(asking.on_cursor, step, force=force)

        def use(missing: Sequence[str]) -> None:
            self._close_export_progress()
            text = "\n".join([sanitise(f"Written to {export.path}: {export.wanted.words}."), *missing])
            self.notify(text, severity="warning" if missing else "information", timeout=8, markup=False)

        def stopped(is_stopped: bool | None) -> None:
            self._export_progress = None
            if is_stopped:
                self.questions.drop("export")
                self.notify("The export was stopped; nothing of the file is left.", timeout=4)

        self._export_progress = ExportProgress(sanitise(f"{export.wanted.words} to {export.path}"), export.wanted.count)
        self.app.push_screen(self._export_progress, stopped)
        self.questions.ask("export", question, use, self._export_failed)

    @on(ExportWentOn)
    def _show_export(self, event: ExportWentOn) -> None:
        if self._export_progress is not None and self._export_progress.is_mounted:
            self._export_progress.tell(event.done)

    def _export_failed(self, error: Exception) -> None:
        self._close_export_progress()
        self.show_error(error)

    def _close_export_progress(self) -> None:
        if self._export_progress is not None:
            self._export_progress.dismiss(None)
