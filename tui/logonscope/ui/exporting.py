"""An export as the browser asks for it. What writes runs in a thread, and is imported when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.display import sanitise
from logonscope.ui.screens.choice_prompt import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from logonscope.case.case import Case
    from logonscope.case.row_refs import RowRef
    from logonscope.filters.compile import Target
    from logonscope.store.row_window import RowWindow

KEYS = {
    "csv": "c",
    "jsonl": "j",
    "parquet": "p",
    "timesketch-csv": "t",
    "timesketch-jsonl": "T",
    "ecs": "e",
    "xml": "x",
}
"""The key of each form."""


def choices(target: Target) -> list[Choice]:
    """The forms for a list."""
    from logonscope.export.forms import FORMS
    from logonscope.export.lists import PANES

    return [Choice(KEYS[form.name], form.name, form.means) for form in FORMS.values() if form.fits(PANES[target])]


def suggested_name(pane: str, form: str) -> str:
    """A file in the folder that the program was started in."""
    from logonscope.export.forms import FORMS

    return f"{pane}{FORMS[form].ending}"


def file_there(export: Export) -> bool:
    """Whether the file is there already.

    Raises:
        OutputError: It may not be made, or not be written over.
    """
    from logonscope.export.target_file import check_target

    check_target(export.path, export.case.paths, force=True)
    return export.path.exists()


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written where."""

    case: Case
    target: Target
    form: str
    path: Path
    window: RowWindow
    """The list."""
    refs: frozenset[RowRef]
    """The rows that are selected; the whole list where there are none."""

    @property
    def count(self) -> int:
        """How many rows."""
        return len(self.refs) or self.window.count

    def write(
        self, on_cursor: Callable[[Callable[[], None]], None], step: Callable[[int, int], bool], *, force: bool
    ) -> Sequence[str]:
        """Write it.

        Args:
            on_cursor: Gets what interrupts it.
            step: As of ``write_list``.
            force: Whether to write over a file that is there.

        Returns:
            What is missing, in words, sanitised.

        Raises:
            OutputError: The file cannot be written.
            QueryCancelledError: It was stopped.
        """
        from logonscope.export.forms import FORMS, write_list
        from logonscope.export.lists import found_rows
        from logonscope.export.target_file import open_target

        rows = self.window.rows if not self.refs else self.window.in_order(self.case.find_rows(self.refs).values())
        found = found_rows(self.case, self.target, rows, self.case.cursor(on_cursor))
        self.case.hashes.compute(cancelled=lambda: not step(0, self.count))
        with open_target(self.path, self.case.paths, force) as out:
            missing = write_list(self.case, found, FORMS[self.form], out, step)
        told = [sanitise(f"{error.message}. {error.advice}") for error in missing]
        if self.window.goes_on and not self.refs:
            told.append("only the rows that are listed were written, and there are more: logonscope export writes all")
        return told
