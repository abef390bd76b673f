"""Bookmarks as they are once everything that the user changed is written: what was pressed is seen at once."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.bookmarks import BookmarkChange, Bookmarks


class WrittenBookmarks(NamedTuple):
    """What the file held, and the how manyth time it was asked."""

    place: int
    bookmarks: Bookmarks


class PendingBookmarks:
    """The bookmarks of one case."""

    def __init__(self) -> None:
        self._written = WrittenBookmarks(0, {})
        self._pending: dict[int, BookmarkChange] = {}
        self._begun = self._asked = 0
        self._asking = Lock()

    def now(self) -> Bookmarks:
        """All bookmarks, those that are not written yet included."""
        bookmarks = self._written.bookmarks
        for change in self._pending.values():
            bookmarks = change(bookmarks)
        return bookmarks

    def begin(self, change: BookmarkChange) -> int:
        """A change is going to be written; its number."""
        self._begun += 1
        self._pending[self._begun] = change
        return self._begun

    def ask(self, file: Callable[[], Bookmarks]) -> WrittenBookmarks:
        """Read or change the file, one after the other; to be called in a thread."""
        with self._asking:
            self._asked += 1
            return WrittenBookmarks(self._asked, file())

    def end(self, number: int, written: WrittenBookmarks | None) -> None:
        """A change is written, or, if None, could not be. Answers may come in another order than the file's."""
        self._pending.pop(number, None)
        if written and written.place > self._written.place:
            self._written = written
