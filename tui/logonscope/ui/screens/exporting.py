"""Exporting the present list, or the rows that are selected, to a file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from logonscope.display import plural, sanitise, shorten
from logonscope.ui.exporting import Export, choices, file_there, suggested_name
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.choice_prompt import Choice, ChoicePrompt
from logonscope.ui.screens.export_progress import ExportProgress
from logonscope.ui.screens.line_prompt import LinePrompt
from logonscope.ui.screens.marking import Marking

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.ui.questions import Asking

_TELL_SECONDS = 0.1
_NAME_WIDTH = 40
_ADVICE = "The file appears when it is whole; nothing is written within the evidence."
_WRITE_OVER = (Choice("y", "yes", "write over it"), Choice("n", "no", "leave it as it is"))


class Exporting(Marking):
    """The action that exports."""

    _export_progress: ExportProgress | None = None

    @dataclass
    class ExportWentOn(Message):
        """Rows were written."""

        done: int

        def can_replace(self, message: Message) -> bool:
            """Only the newest is worth drawing."""
            return isinstance(message, Exporting.ExportWentOn)

    def action_export(self) -> None:
        """Ask for the form and the file, then write the list, or what is selected of it."""
        case, pane, refs = self.case, LISTS[self.shown.pane], self.selected
        window = self.lists[self.shown.pane].window
        if case is None or window is None or not window.count:
            self.notify("There is nothing to export in this list.", timeout=3)
            return
        count = len(refs) or window.count
        what = f"{plural(count, pane.noun)}{' selected' if refs else ''}"

        def named(form: str, text: str | None) -> None:
            if text:
                path = Path(text).expanduser()
                self._begin_export(Export(case, pane.target, form, path, window, refs), what)

        def chosen(form: str | None) -> None:
            if form:
                prompt = LinePrompt(f"Export {what} as {form} to the file", suggested_name(pane.name, form), _ADVICE)
                self.app.push_screen(prompt, partial(named, form))

        self.app.push_screen(ChoicePrompt(f"Export {what} as", choices(pane.target)), chosen)

    def _begin_export(self, export: Export, what: str) -> None:
        def answer(is_there: bool) -> None:
            if is_there:
                question = f"{shorten(sanitise(export.path.name), _NAME_WIDTH)} is there already"
                self.app.push_screen(ChoicePrompt(question, _WRITE_OVER), over)
            else:
                self._export(export, what, force=False)

        def over(word: str | None) -> None:
            if word == "yes":
                self._export(export, what, force=True)

        self.questions.ask("export", lambda _: file_there(export), answer, self._export_failed)

    def _export(self, export: Export, what: str, *, force: bool) -> None:
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
            text = "\n".join([sanitise(f"Written to {export.path}: {what}."), *missing])
            self.notify(text, severity="warning" if missing else "information", timeout=8, markup=False)

        def stopped(is_stopped: bool | None) -> None:
            self._export_progress = None
            if is_stopped:
                self.questions.drop("export")
                self.notify("The export was stopped; nothing of the file is left.", timeout=4)

        self._export_progress = ExportProgress(sanitise(f"{what} to {export.path}"), export.count)
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
