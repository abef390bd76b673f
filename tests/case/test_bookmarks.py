"""Bookmarks name rows by what can be cited, outlast the case, and lie in the user's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.bookmarks import Bookmark, BookmarkFile, dropping, keeping, noted
from logonscope.case.case import Case
from logonscope.case.case_file import CaseFile
from logonscope.case.row_refs import RowRef, boot_ref, event_ref, mark_ref, session_ref
from logonscope.case.view import Scope, View
from support.logs import two_boots, write_machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SESSION = RowRef("session", ("WS1/0x5a1b2@1234",))
BOOT = RowRef("boot", ("WS1", "2"))


def bookmarks_of(paths: Sequence[Path]) -> BookmarkFile:
    return BookmarkFile(CaseFile(paths))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("case")
    write_machine(two_boots(), folder / "logs")
    with Case([folder / "logs"], work_parent=folder / "work") as case:
        case.load()
        yield case


def test_every_row_is_found_by_its_name(case: Case) -> None:
    events = case.events(case.window(View("event")).rows.to_pylist())
    sessions = case.sessions(case.window(View("session", scope=Scope.ALL)).rows.to_pylist())
    visits = case.sessions(case.window(View("session", scope=Scope.VISITS)).rows.to_pylist())
    expected = {event_ref(event): event.row for event in events}
    expected |= {session_ref(session): session.session_id for session in (*sessions, *visits)}
    expected |= {boot_ref(boot): boot.boot_id for boot in case.boots()}
    expected |= {mark_ref(mark): mark.mark_id for mark in case.coverage()}
    assert len({ref.target for ref in expected}) == 4
    assert case.find_rows(expected) == expected


@pytest.mark.parametrize("record", ["x", "-1", "9" * 30, ""])
def test_a_name_that_is_none_is_not_found(case: Case, record: str) -> None:
    assert case.find_rows([RowRef("event", ("WS1", "Security", record, "")), SESSION, BOOT]) == {}


def test_bookmarks_outlast_the_program(tmp_path: Path) -> None:
    logs = [tmp_path / "b", tmp_path / "a"]
    first = Bookmark(SESSION, "alice", "look here", ("exfil", "day 2"))
    assert bookmarks_of(logs).change(keeping(first)) == {SESSION: first}
    bookmarks_of(logs).change(keeping(Bookmark(BOOT, "boot 2")))
    again = bookmarks_of(logs[::-1])
    assert list(again.read()) == [SESSION, BOOT], "the order of the paths does not matter"
    assert again.read()[SESSION] == first
    assert again.change(keeping(Bookmark(SESSION, "alice", "no"))).get(SESSION) == Bookmark(SESSION, "alice", "no")
    assert list(again.change(dropping(SESSION))) == [BOOT]
    assert bookmarks_of([tmp_path / "a"]).read() == {}, "other evidence has other bookmarks"
    assert list(tmp_path.iterdir()) == [tmp_path / "state"], "nothing is written beside the evidence"


def test_standard_input_has_no_name() -> None:
    file = bookmarks_of([])
    assert not file.is_kept
    file.change(keeping(Bookmark(BOOT, "boot 2")))
    assert list(file.read()) == [BOOT]
    assert bookmarks_of([]).read() == {}


def test_words_with_a_hash_are_tags_wherever_they_stand() -> None:
    kept = noted(SESSION, "alice", "#exfil looks forged, see #12 #lateral  #exfil #")
    assert (kept.note, kept.tags) == ("looks forged, see #12 #", ("exfil", "lateral"))
    assert noted(SESSION, "alice", kept.remark) == kept


@pytest.mark.parametrize(
    "content", ["bookmark = 5", "bookmark = [5, {}, {target = 'x', row = []}]", "[bookmark]\nx = 1", "form = 1"]
)
def test_entries_of_another_form_are_left_out(content: str, tmp_path: Path) -> None:
    file = CaseFile([tmp_path])
    file.path.write_text(content)
    assert BookmarkFile(file).read() == {}


def test_a_file_that_somebody_wrote_is_harmless(tmp_path: Path) -> None:
    file = CaseFile([tmp_path])
    file.path.write_text(
        """
        [[bookmark]]
        target = "session"
        row = ["k"]
        label = "\\u001b[31m"
        note = "\\u202e"
        tags = ["\\u0007", 5]
        [[bookmark]]
        target = "event"
        row = ["too", "few"]
        """
    )
    (kept,) = BookmarkFile(file).read().values()
    assert (kept.label, kept.note, kept.tags) == ("\\x1b[31m", "\\u202e", ("\\x07", "5"))
