"""Rows that the user keeps, with notes: in a file of the user's for each set of evidence, never beside the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.case.kept_file import KeptFile
from logonscope.case.row_refs import PARTS, RowRef
from logonscope.display import sanitise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FORM = 1


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One row that is kept."""

    ref: RowRef
    label: str
    """The row as it was drawn when it was kept, sanitised."""
    note: str = ""
    """What the user wrote, sanitised."""


Bookmarks = dict[RowRef, Bookmark]


class BookmarkFile(KeptFile):
    """The bookmarks of one set of evidence.

    Args:
        paths: The files and folders of the case; with none (standard input), bookmarks last as long as the program.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__("bookmarks", paths)
        self._evidence = sorted(str(path.absolute()) for path in paths)

    def read(self) -> Bookmarks:
        """All bookmarks.

        Raises:
            StoreError: The file cannot be read.
        """
        return _from_state(self.read_state())

    def keep(self, bookmark: Bookmark) -> Bookmarks:
        """Add a bookmark, or change its note.

        Returns:
            All bookmarks, those that another process added meanwhile included.

        Raises:
            OutputError: The file cannot be written.
        """
        return self._change(bookmark.ref, bookmark)

    def drop(self, ref: RowRef) -> Bookmarks:
        """Remove a bookmark.

        Raises:
            OutputError: The file cannot be written.
        """
        return self._change(ref, None)

    def _change(self, ref: RowRef, bookmark: Bookmark | None) -> Bookmarks:
        def changed(bookmarks: Bookmarks) -> Bookmarks:
            rest = {kept: one for kept, one in bookmarks.items() if kept != ref or bookmark}
            return rest | {ref: bookmark} if bookmark else rest

        return _from_state(self.change_state(lambda held: self._to_state(changed(_from_state(held)))))

    def _to_state(self, bookmarks: Bookmarks) -> dict[str, Any]:
        entries = [
            {"target": one.ref.target, "row": list(one.ref.parts), "label": one.label, "note": one.note}
            for one in bookmarks.values()
        ]
        shown = [path.encode("utf-8", "backslashreplace").decode() for path in self._evidence]
        return {"form": _FORM, "evidence": shown, "bookmarks": entries}


def _from_state(state: Any) -> Bookmarks:
    """The bookmarks in what a file holds; entries of another form are left out."""
    entries = state.get("bookmarks") if isinstance(state, dict) else None
    found = [one for entry in entries if (one := _bookmark(entry))] if isinstance(entries, list) else []
    return {one.ref: one for one in found}


def _bookmark(entry: Any) -> Bookmark | None:
    if not isinstance(entry, dict) or entry.get("target") not in PARTS or not isinstance(entry.get("row"), list):
        return None
    ref = RowRef(entry["target"], tuple(map(str, entry["row"])))
    if len(ref.parts) != PARTS[ref.target]:
        return None
    return Bookmark(ref, sanitise(str(entry.get("label", ""))), sanitise(str(entry.get("note", ""))))
