"""How loading goes, and what was found when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from logonscope.display import bytes_text, plural, sanitise

if TYPE_CHECKING:
    from logonscope.model import LoadProgress

_BAR_WIDTH = 12
_WORDS = {"done": "loaded", "stopped": "stopped by you after", "following": "following,"}
"""How the stages begin in which all that is there has been read."""


class StatusLine(Widget):
    """One line."""

    DEFAULT_CSS = """
    StatusLine { height: 1; color: $text-muted; }
    StatusLine.-trouble { color: $warning; }
    """

    def __init__(self, problems_key: str = "p") -> None:
        super().__init__()
        self._problems_key = problems_key

    progress: reactive[LoadProgress | None] = reactive(None)
    remark: reactive[str] = reactive("")
    """What is said of the rows, sanitised, before how loading goes: what is selected, what a search found."""
    part: reactive[str] = reactive("")
    """Of which part of the logs the case is, sanitised; empty for all of them."""
    problem_text: reactive[str] = reactive("")
    """Why nothing could be loaded, in place of everything else."""

    def watch_progress(self, progress: LoadProgress | None) -> None:
        """Problems colour the line; they are said in words too."""
        self.set_class(bool(progress and progress.problems), "-trouble")

    def render(self) -> Text:
        """The line."""
        if self.problem_text:
            return Text(self.problem_text, no_wrap=True, overflow="ellipsis")
        if self.progress is None:
            return Text(" opening ...")
        said = [text for text in (self.part, self.remark) if text]
        line = " · ".join([*said, status_text(self.progress, self.size.width, self._problems_key)])
        return Text(f" {line}", no_wrap=True, overflow="ellipsis")


def status_text(progress: LoadProgress, width: int, problems_key: str = "p") -> str:
    """The line for one state of loading."""
    records = plural(progress.records, "record")
    problems = f" · {plural(progress.problems, 'problem')} ({problems_key})" if progress.problems else ""
    if progress.stage in _WORDS:
        words = _WORDS[progress.stage]
        files = f"{progress.files_done} of {plural(progress.files_total, 'file')}"
        took = f"{progress.seconds:.1f} s"
        if progress.kept_at:
            took = f"as kept on {progress.kept_at:%Y-%m-%d %H:%M} UTC"
        return f"{words} {records} · {files} · {took}{problems}"
    if progress.stage == "sessions":
        return f"rebuilding sessions from {records}{problems}"
    share = progress.bytes_done / progress.bytes_total if progress.bytes_total else 0.0
    bar = ("#" * round(share * _BAR_WIDTH)).ljust(_BAR_WIDTH, "-")
    parts = [
        f"[{bar}] {bytes_text(progress.bytes_done)} of {bytes_text(progress.bytes_total)}",
        f"{records}, {progress.rate:,.0f}/s",
        f"file {min(progress.files_done + 1, progress.files_total)} of {progress.files_total}",
    ]
    line = " · ".join(parts) + problems
    name = sanitise(progress.current.rsplit("/", 1)[-1])
    return f"{line} · {name}" if len(line) + len(name) + 4 < width else line
