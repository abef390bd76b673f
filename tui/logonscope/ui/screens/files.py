"""The files of the case: how much of each could be read, and their SHA-256, which is computed meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.worker import get_current_worker

from logonscope.case.kept_hashes import keep_hashes
from logonscope.columns import Column
from logonscope.display import bytes_text, plural, sanitise, shorten_start, time_text
from logonscope.export.facts import fact_line
from logonscope.facts.source_hash import hash_facts
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.case import Case
    from logonscope.model import LoadProgress, Source
    from logonscope.ui.questions import Asking

_NAME_WIDTH = 36
_REFRESH_SECONDS = 1.0


class FilesScreen(ListScreen[None]):
    """Lists the files.

    Args:
        case: The case.
        kept_in: Where the case file is, or that there is none.
    """

    def __init__(self, case: Case, kept_in: str) -> None:
        super().__init__(
            "Files of the case",
            self._columns_of(),
            heading=[kept_in],
            keys="y copy, with the SHA-256   Esc close   ↑ ↓ PgUp PgDn move",
            empty_text="No file has been read yet.",
        )
        self._case = case
        self._sources = list(case.sources)
        self._hashes = case.hashes.known

    def _columns_of(self) -> tuple[Column[Source], ...]:
        return (
            Column("File", _NAME_WIDTH, 0, lambda one: shorten_start(sanitise(str(one.path)), _NAME_WIDTH)),
            Column("Kind", 8, 2, lambda one: one.kind),
            Column("Size", 9, 1, lambda one: bytes_text(one.size), right=True),
            Column("Records", 10, 0, lambda one: f"{one.records:,}", right=True),
            Column("Read", 8, 0, lambda one: one.verdict),
            Column("Last written (UTC)", 19, 3, self._modified),
            Column("SHA-256", 12, 0, self._hash, takes_rest=True),
        )

    def on_mount(self) -> None:
        """Fill the list, and again while hashes come."""
        super().on_mount()
        self.set_interval(_REFRESH_SECONDS, self._look)

    def _look(self) -> None:
        if self._case.hashes.known != self._hashes:
            self._hashes = self._case.hashes.known
            self.show_rows()

    @property
    def row_count(self) -> int:
        """All files."""
        return len(self._sources)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Files as they are drawn."""
        return [
            TableRow(tuple(column.text(one) for column in self._columns), "warn" if one.problems else "")
            for one in self._sources[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A file with its hash in full."""
        source = self._sources[position]
        found = self._hashes.get(source.number)
        told = [sanitise(str(source.path)), *(fact_line(fact) for fact in (hash_facts(found) if found else ()))]
        return "\n".join(told if found else [*told, "The SHA-256 is not computed yet."])

    def _modified(self, source: Source) -> str:
        found = self._hashes.get(source.number)
        return time_text(found.modified) if found else "..."

    def _hash(self, source: Source) -> str:
        found = self._hashes.get(source.number)
        return "..." if found is None else found.sha256 or "could not be read"


class Hashing(Browser):
    """Hashes the files when all is loaded, and lists them."""

    def show_progress(self, progress: LoadProgress) -> None:
        """Say how far loading is; when all is there, hash the files."""
        super().show_progress(progress)
        if progress.stage == "done":
            self._hash_files()

    def _hash_files(self) -> None:
        case, file = self.case, self.case_file
        if case is None:
            return

        def question(asking: Asking) -> list[str]:
            worker = get_current_worker()
            hashes = case.hashes.compute(cancelled=lambda: worker.is_cancelled or asking.is_stale())
            return keep_hashes(file, case.sources, hashes) if hashes and not worker.is_cancelled else []

        self.questions.ask("hash", question, self._tell_changed, self.show_error)

    def _tell_changed(self, changed: list[str]) -> None:
        if changed:
            told = f"{plural(len(changed), 'file')} changed since this case was open last (SHA-256): {changed[0]}"
            self.notify(told, severity="warning", timeout=10, markup=False)

    def action_show_files(self) -> None:
        """List the files of the case."""
        case = self.case
        if case is None:
            return
        if self.case_file.is_kept:
            path = self.case_file.path.absolute()
            told = f"Notes, bookmarks, the view and these hashes are kept in {sanitise(str(path))}"
        else:
            told = "What comes on standard input has no name: nothing of it is kept (--case FILE.toml keeps it)."
        self._hash_files()
        self.app.push_screen(FilesScreen(case, told))
