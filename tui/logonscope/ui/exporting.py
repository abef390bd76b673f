"""An export as the browser asks for it. What writes runs in a thread, and is imported when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.display import plural, sanitise
from logonscope.ui.screens.choice_prompt import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from logonscope.case.case import Case
    from logonscope.case.first_seen import FirstSeen
    from logonscope.case.row_refs import RowRef
    from logonscope.case.view import View
    from logonscope.columns import LogonTypeCount
    from logonscope.export.lists import Found
    from logonscope.findings.finding import Finding
    from logonscope.store.row_window import RowWindow
    from logonscope.ui.panes import Pane
    from logonscope.ui.shown import Shown

    OnCursor = Callable[[Callable[[], None]], None]

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


def choices(listed: str) -> list[Choice]:
    """The forms for a list."""
    from logonscope.export.forms import FORMS
    from logonscope.export.lists import LISTS

    return [Choice(KEYS[form.name], form.name, form.means) for form in FORMS.values() if form.fits(LISTS[listed])]


def suggested_name(listed: str, form: str) -> str:
    """A file in the folder that the program was started in."""
    from logonscope.export.forms import FORMS

    return f"{listed}{FORMS[form].ending}"


def file_there(export: Export) -> bool:
    """Whether the file is there already.

    Raises:
        OutputError: It may not be made, or not be written over.
    """
    from logonscope.export.target_file import check_target

    check_target(export.path, export.wanted.case.paths, force=True)
    return export.path.exists()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written."""

    case: Case
    listed: str
    """The list: its name in ``export.lists.LISTS``."""
    noun: str
    count: int
    """How many rows."""
    find: Callable[[OnCursor], Found]
    """Finds them; hands over what interrupts that."""
    which: str = ""
    """Which of the list, in words; empty for all that is shown."""
    is_part: bool = False
    """Whether there are more than those that are listed."""

    @property
    def words(self) -> str:
        """``3 sessions selected``."""
        return f"{plural(self.count, self.noun)}{self.which}"


def rows_wanted(case: Case, pane: Pane, window: RowWindow, refs: frozenset[RowRef]) -> Wanted:
    """The rows of a pane.

    Args:
        case: The case.
        pane: The pane.
        window: Its list.
        refs: The rows that are selected; the whole list where there are none.
    """

    def find(on_cursor: OnCursor) -> Found:
        from logonscope.export.lists import found_rows

        rows = window.in_order(case.find_rows(refs).values()) if refs else window.rows
        return found_rows(case, pane.target, rows, case.cursor(on_cursor))

    which, is_part = (" selected", False) if refs else ("", window.goes_on)
    return Wanted(case, pane.name, pane.noun, len(refs) or window.count, find, which, is_part)


def view_wanted(case: Case, pane: Pane, view: View, count: int, which: str) -> Wanted:
    """The rows of a view that is no list on the screen; its kind is that of a pane."""

    def find(on_cursor: OnCursor) -> Found:
        from logonscope.export.lists import found_rows

        cursor = case.cursor(on_cursor)
        return found_rows(case, pane.target, case.window(view, cursor).rows, cursor)

    return Wanted(case, pane.name, pane.noun, count, find, which)


def types_wanted(case: Case, shown: Shown, lines: Sequence[LogonTypeCount]) -> Wanted:
    """Logon types as they are listed."""

    def find(on_cursor: OnCursor) -> Found:
        from logonscope.export.lists import Asked, found_logon_types

        return found_logon_types(case, lines, Asked(shown.filter, cursor=case.cursor(on_cursor)))

    return Wanted(case, "types", "logon type", len(lines), find)


def first_seen_wanted(case: Case, found: Sequence[FirstSeen]) -> Wanted:
    """What was seen for the first time."""

    def find(_: OnCursor) -> Found:
        from logonscope.export.lists import found_first_seen

        return found_first_seen(case, found)

    return Wanted(case, "first-seen", "combination", len(found), find)


def findings_wanted(case: Case, findings: Sequence[Finding]) -> Wanted:
    """Findings."""

    def find(_: OnCursor) -> Found:
        from logonscope.export.lists import found_findings

        return found_findings(case, findings)

    return Wanted(case, "findings", "finding", len(findings), find)


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be written where."""

    wanted: Wanted
    form: str
    path: Path

    def write(self, on_cursor: OnCursor, step: Callable[[int, int], bool], *, force: bool) -> Sequence[str]:
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
        from logonscope.export.target_file import open_target

        case = self.wanted.case
        found = self.wanted.find(on_cursor)
        case.hashes.compute(cancelled=lambda: not step(0, self.wanted.count))
        with open_target(self.path, case.paths, force) as out:
            missing = write_list(case, found, FORMS[self.form], out, step)
        told = [sanitise(f"{error.message}. {error.advice}") for error in missing]
        if self.wanted.is_part:
            told.append("only the rows that are listed were written, and there are more: logonscope export writes all")
        return told
