"""Changes of bookmarks are seen before they are written, in any order, and no more if they could not be."""

from __future__ import annotations

from itertools import permutations

import pytest

from logonscope.case.bookmarks import Bookmark, Bookmarks, dropping, keeping
from logonscope.case.row_refs import RowRef
from logonscope.ui.pending_bookmarks import PendingBookmarks

FIRST, SECOND = (Bookmark(RowRef("boot", (name,)), name) for name in ("one", "two"))


def test_what_is_pressed_is_seen_at_once_and_undone_where_it_fails() -> None:
    pending = PendingBookmarks()
    pending.end(0, pending.ask(lambda: {FIRST.ref: FIRST}))
    number = pending.begin(dropping(FIRST.ref))
    assert pending.now() == {}
    pending.end(number, None)
    assert pending.now() == {FIRST.ref: FIRST}


@pytest.mark.parametrize("answers", permutations(range(3)))
@pytest.mark.parametrize("writes", permutations(range(3)))
def test_answers_may_come_in_any_order(writes: tuple[int, ...], answers: tuple[int, ...]) -> None:
    file: Bookmarks = {}
    pending = PendingBookmarks()
    changes = [keeping(FIRST), keeping(SECOND), keeping(Bookmark(SECOND.ref, "two", "seen twice"))]
    numbers = [pending.begin(change) for change in changes]
    assert pending.now()[SECOND.ref].note == "seen twice"
    written = {}
    for which in writes:
        file = changes[which](file)
        written[which] = pending.ask(lambda held=file: held)  # type: ignore[misc]
    for which in answers:
        pending.end(numbers[which], written[which])
        assert {FIRST.ref, SECOND.ref} == set(pending.now())
    assert pending.now() == file
