"""The case file holds all that is kept of a case, can be read by people, and loses nothing, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logonscope.case.bookmarks import Bookmark, BookmarkFile, dropping, keeping
from logonscope.case.case_file import CaseFile, chosen_folder
from logonscope.case.dismissed import DismissedFile
from logonscope.case.remembered import Remembered, recall, remember
from logonscope.case.row_refs import RowRef
from logonscope.config import Entry
from logonscope.errors import StoreError
from logonscope.state_file import evidence_key, state_folder
from logonscope.toml_text import toml_text

if TYPE_CHECKING:
    from typing import Any

SESSION = RowRef("session", ("WS1/0x5a1b2@1234",))
SHOWN = Remembered(
    "user:a",
    ((0, "type:2"),),
    ("one", "two"),
    "sessions",
    "visits",
    5,
    {"events": "-user"},
    "zone",
    "Europe/Berlin",
    ("session", "k"),
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_one_file_for_all_that_is_kept(tmp_path: Path) -> None:
    file = CaseFile([tmp_path / "my logs"])
    BookmarkFile(file).change(keeping(Bookmark(SESSION, "alice", "look", ("exfil",))))
    remember(file, SHOWN)
    assert file.path.name.startswith("my_logs-")
    assert file.path.stat().st_mode & 0o777 == 0o600
    held = tomllib.loads(file.path.read_text("utf-8"))
    assert held["evidence"] == [str(tmp_path / "my logs")]
    assert held["bookmark"][0]["note"] == "look"
    assert recall(file, [tmp_path]) == SHOWN
    assert file.path.read_text("utf-8").startswith("# What was kept of one case")


def test_it_lies_where_the_user_says(tmp_path: Path) -> None:
    named = CaseFile([tmp_path / "logs"], tmp_path / "case.toml")
    remember(named, SHOWN)
    assert named.path == tmp_path / "case.toml"
    assert CaseFile([tmp_path / "logs"], folder=tmp_path / "cases").path.parent == tmp_path / "cases"
    assert CaseFile([], tmp_path / "case.toml").is_kept, "standard input has a file where one is named"


@pytest.mark.parametrize("place", [".", "deep", "../logs"])
def test_a_folder_within_the_evidence_is_not_used(place: str, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    file = CaseFile([tmp_path / "logs"], folder=tmp_path / "logs" / place)
    assert file.path.parent == state_folder("cases")


def test_the_setting_is_read_and_what_is_wrong_with_it_is_told() -> None:
    entries = [Entry("case", "folder", "~/cases", 1), Entry("case", "foldr", "x", 2), Entry("case", "folder", 5, 3)]
    folder, problems = chosen_folder(entries)
    assert folder == Path("~/cases").expanduser()
    assert [str(problem) for problem in problems] == [
        "line 2: [case] foldr is not a setting; did you mean folder?",
        "line 3: the folder of the cases must be a whole path, as ~/cases",
    ]


def test_what_an_earlier_version_kept_is_read_and_left_alone(tmp_path: Path) -> None:
    logs = [tmp_path / "a"]
    name = f"{evidence_key(logs)[:24]}.json"
    old = {"target": "session", "row": ["k"], "label": "alice", "note": "old"}
    (state_folder("bookmarks") / name).write_text(json.dumps({"form": 1, "bookmarks": [old]}))
    (state_folder("dismissed") / name).write_text(json.dumps({"form": 1, "dismissed": {"D1 WS1 seen": "known"}}))
    (state_folder() / "cases.json").write_text(json.dumps({evidence_key(logs): {"filter": "user:a"}}))
    file = CaseFile(logs)
    assert recall(file, logs).filter == "user:a"
    assert DismissedFile(file).read() == {"D1 WS1 seen": "known"}
    kept = BookmarkFile(file).change(keeping(Bookmark(SESSION, "bob")))
    assert [one.note for one in kept.values()] == ["old", ""]
    for ref in kept:
        BookmarkFile(file).change(dropping(ref))
    assert BookmarkFile(file).read() == {}, "what was dropped does not come back from the old file"
    assert (state_folder("bookmarks") / name).exists()


def test_a_broken_old_file_is_told_and_stays(tmp_path: Path) -> None:
    old = state_folder("bookmarks") / f"{evidence_key([tmp_path])[:24]}.json"
    old.write_text("{")
    with pytest.raises(StoreError):
        BookmarkFile(CaseFile([tmp_path])).read()
    assert len(BookmarkFile(CaseFile([tmp_path])).change(keeping(Bookmark(SESSION, "bob")))) == 1
    assert old.read_text() == "{"


def test_a_file_that_is_no_toml_any_more_is_set_aside_with_the_place_of_the_fault(tmp_path: Path) -> None:
    file = CaseFile([tmp_path])
    file.path.write_text("a = 1\nb = \n")
    with pytest.raises(StoreError, match="line 2"):
        BookmarkFile(file).read()
    remember(file, SHOWN)
    assert file.path.read_text() == "a = 1\nb = \n", "nothing is set aside for the sake of the view"
    BookmarkFile(file).change(keeping(Bookmark(SESSION, "bob")))
    assert file.path.with_name(f"{file.path.name}.broken").read_text() == "a = 1\nb = \n"


def test_what_somebody_added_by_hand_stays(tmp_path: Path) -> None:
    file = CaseFile([tmp_path])
    file.path.write_text('ticket = "INC-7"\n[people]\nlead = "ann"\nsince = 2026-03-02T09:00:00Z\nodd = [{a = 1}, 2]\n')
    remember(file, SHOWN)
    held = tomllib.loads(file.path.read_text("utf-8"))
    assert (held["ticket"], held["people"]["lead"], held["people"]["odd"]) == ("INC-7", "ann", [{"a": 1}, 2])


def test_a_view_that_makes_no_sense_is_none(tmp_path: Path) -> None:
    file = CaseFile([tmp_path])
    file.path.write_text("[view]\nfilter = 5\n")
    assert recall(file, [tmp_path]) == Remembered()


def test_filters_are_bounded_in_number_and_length(tmp_path: Path) -> None:
    file = CaseFile([tmp_path])
    remember(file, Remembered("x" * 50_000, typed=tuple(map(str, range(30)))))
    assert recall(file, [tmp_path]).typed == tuple(map(str, range(10, 30)))
    assert recall(file, [tmp_path]).filter == ""


def test_threads_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def keep(number: int) -> None:
        BookmarkFile(CaseFile([tmp_path])).change(keeping(Bookmark(RowRef("session", (f"k{number}",)), "row")))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(keep, range(40)))
    assert len(BookmarkFile(CaseFile([tmp_path])).read()) == 40


_SAVING = """
import sys
from pathlib import Path
from logonscope.case.bookmarks import Bookmark, BookmarkFile, dropping, keeping
from logonscope.case.case_file import CaseFile
from logonscope.case.row_refs import RowRef

file = BookmarkFile(CaseFile([], Path(sys.argv[1])))
number = len(file.read())
while True:
    file.change(keeping(Bookmark(RowRef("session", (f"k{number}",)), "row", f"note {number}")))
    number += 1
    print(number, flush=True)
"""


def test_notes_that_were_kept_survive_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    told = 0
    for _ in range(6):
        command = [sys.executable, "-c", _SAVING, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as saving:
            assert saving.stdout is not None
            told = int(saving.stdout.readline())
            time.sleep(0.05)  # to be killed at any moment of the writing
            os.kill(saving.pid, signal.SIGKILL)
            told = max([told, *map(int, saving.stdout.read().split("\n")[:-1])])
        kept = BookmarkFile(CaseFile([], path)).read()
        assert told <= len(kept) <= told + 1
        assert {one.note for one in kept.values()} == {f"note {number}" for number in range(len(kept))}
    assert told > 6


_PLAIN = st.text() | st.integers() | st.booleans() | st.lists(st.text() | st.integers(), max_size=3)
_TABLE = st.dictionaries(st.text(), _PLAIN, max_size=3)


@given(st.dictionaries(st.text(), _PLAIN | _TABLE | st.lists(_TABLE, max_size=2), max_size=4))
def test_what_is_written_is_read_again(table: dict[str, Any]) -> None:
    text = toml_text(table)
    assert text.replace("\n", "").isprintable()
    assert tomllib.loads(text) == table


def test_a_lone_surrogate_stays_readable() -> None:
    assert tomllib.loads(toml_text({"path": "a\udce4"})) == {"path": "a\\udce4"}
