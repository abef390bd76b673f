"""Writing a report of what is shown, in a thread."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.worker import get_current_worker

from logonscope.case.bookmarks import BookmarkFile
from logonscope.case.dismissed import DismissedFile
from logonscope.display import sanitise
from logonscope.errors import OutputError
from logonscope.findings.user_rules import read_user_rules
from logonscope.ui.screens.line_prompt import LinePrompt
from logonscope.ui.screens.zones import Zones

if TYPE_CHECKING:
    from logonscope.case.case import Case
    from logonscope.ui.questions import Asking

_USUAL_NAME = "report.html"
_ADVICE = ".md writes Markdown. It is not written into the evidence."
_AGAIN = "It is there already. Enter writes over it; another name keeps it."


class Reporting(Zones):
    """Writes reports."""

    _report_name = _USUAL_NAME
    _report_step = ""

    @dataclass
    class Step(Message):
        """The report goes on."""

        words: str

    def action_write_report(self) -> None:
        """Ask where to write a report to."""
        if self.case is not None:
            self._ask_report(_ADVICE)

    def _ask_report(self, advice: str, *, is_there: Path | None = None) -> None:
        def take(text: str | None) -> None:
            if text and text.strip():
                self._report_name = text.strip()
                path = Path(self._report_name).expanduser()
                self._write_report(path, force=path == is_there)

        self.app.push_screen(LinePrompt("Write a report to", self._report_name, advice), take)

    def _write_report(self, path: Path, *, force: bool) -> None:
        case = self.case
        if case is None:
            return

        def failed(error: Exception) -> None:
            self._tell_step("")
            if isinstance(error, OutputError):
                # Only a file that can be written over is there and no fault of the name.
                again = not force and path.is_file() and "already" in error.message
                self._ask_report(_AGAIN if again else sanitise(error.message), is_there=path if again else None)
            else:
                self.show_error(error)

        self._tell_step("begins")
        self.questions.ask(
            "report", lambda asking: self._make_report(case, path, asking, force=force), self._tell_written, failed
        )

    def _make_report(self, case: Case, path: Path, asking: Asking, *, force: bool) -> Path:
        from logonscope.export.target_file import check_target, open_text_target
        from logonscope.report.asked import Asked, Watch
        from logonscope.report.contents import gather
        from logonscope.report.rendering import form_of, render

        worker, shown = get_current_worker(), self.shown
        check_target(path, case.paths, force)
        paths = shlex.join(map(str, case.paths)) or "-"
        wanted = f" -f {shlex.quote(shown.filter_text)}" if shown.filter_text else ""
        asked = Asked(
            shown.filter,
            shown.filter_text,
            f"logonscope report {paths}{wanted} -o {shlex.quote(str(path))}",
            paths,
            self.beside,
            read_user_rules(),
            BookmarkFile(self.case_file).read(),
            DismissedFile(self.case_file).read(),
        )

        def tell(words: str) -> None:
            self.post_message(self.Step(words))

        found = gather(case, asked, Watch(tell, lambda: worker.is_cancelled or asking.is_stale()))
        with open_text_target(path, case.paths, force) as out:
            out.writelines(render(found, form_of(path)))
        return path

    def _tell_written(self, path: Path) -> None:
        self._tell_step("")
        self.notify(f"The report is in {sanitise(str(path.absolute()))}", timeout=8, markup=False)

    @on(Step)
    def _show_step(self, event: Step) -> None:
        event.stop()
        self._tell_step(event.words)

    def _tell_step(self, words: str) -> None:
        self._report_step = words
        self.say_remarks()

    def remarks(self) -> list[str]:
        """How far the report is, too."""
        return [*([f"report: {self._report_step}"] if self._report_step else []), *super().remarks()]
