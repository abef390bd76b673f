"""Rows that the user keeps, with notes and tags: a section of the case file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.case.row_refs import PARTS, RowRef
from logonscope.display import sanitise

if TYPE_CHECKING:
    from logonscope.case.case_file import CaseFile

_SECTION = "bookmark"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """One row that is kept."""

    ref: RowRef
    label: str
    """The row as it was drawn when it was kept, sanitised."""
    note: str = ""
    """What the user wrote, sanitised."""
    tags: tuple[str, ...] = ()
    """Words to group bookmarks by, sanitised, each once."""

    @property
    def remark(self) -> str:
        """Note and tags in the line that they are typed in: ``looks forged #exfil``."""
        return " ".join(filter(None, (self.note, *(f"#{tag}" for tag in self.tags))))


def noted(ref: RowRef, label: str, remark: str) -> Bookmark:
    """A bookmark with what was typed of it: words with ``#`` before them are its tags, wherever they stand.

    Args:
        ref: The row.
        label: The row as it is drawn, sanitised.
        remark: The line that was typed.
    """
    words = sanitise(remark).split()
    tags = dict.fromkeys(word[1:] for word in words if _is_tag(word))
    return Bookmark(ref, label, " ".join(word for word in words if not _is_tag(word)), tuple(tags))


def _is_tag(word: str) -> bool:
    """Not a lone ``#``, and not the number of a record or a ticket, which belongs into a note."""
    return len(word) > 1 and word.startswith("#") and not word[1:].isdigit()


Bookmarks = dict[RowRef, Bookmark]
BookmarkChange = Callable[[Bookmarks], Bookmarks]


def keeping(bookmark: Bookmark) -> BookmarkChange:
    """Adds a bookmark, or changes its note."""
    return lambda held: held | {bookmark.ref: bookmark}


def dropping(ref: RowRef) -> BookmarkChange:
    """Removes a bookmark."""
    return lambda held: {kept: one for kept, one in held.items() if kept != ref}


class BookmarkFile:
    """The bookmarks of a case. Its methods do I/O: they belong into a thread.

    Args:
        file: The file of the case.
    """

    def __init__(self, file: CaseFile) -> None:
        self._file = file
        self.is_kept = file.is_kept
        """Whether they outlast the program."""

    def read(self) -> Bookmarks:
        """All bookmarks.

        Raises:
            StoreError: The file cannot be read.
        """
        return _from_entries(self._file.section(_SECTION))

    def change(self, change: BookmarkChange) -> Bookmarks:
        """Change the bookmarks.

        Returns:
            All bookmarks, those that another process added meanwhile included.

        Raises:
            OutputError: The file cannot be written.
        """
        return _from_entries(self._file.change(_SECTION, lambda held: _entries(change(_from_entries(held)))))


def _entries(bookmarks: Bookmarks) -> list[dict[str, Any]]:
    return [
        {
            "target": one.ref.target,
            "row": list(one.ref.parts),
            "label": one.label,
            "note": one.note,
            "tags": list(one.tags),
        }
        for one in bookmarks.values()
    ]


def _from_entries(entries: Any) -> Bookmarks:
    """Entries that make no sense are left out: somebody may have edited the file."""
    found = filter(None, map(_bookmark, entries)) if isinstance(entries, list) else []
    return {one.ref: one for one in found}


def _bookmark(entry: Any) -> Bookmark | None:
    if not isinstance(entry, dict) or entry.get("target") not in PARTS or not isinstance(entry.get("row"), list):
        return None
    ref = RowRef(entry["target"], tuple(map(str, entry["row"])))
    if len(ref.parts) != PARTS[ref.target]:
        return None
    tags = entry.get("tags")
    return Bookmark(
        ref,
        sanitise(str(entry.get("label", ""))),
        sanitise(str(entry.get("note", ""))),
        tuple(sanitise(str(tag)) for tag in tags) if isinstance(tags, list) else (),
    )
