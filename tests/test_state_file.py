"""What is kept between runs is private, written whole, and never lost to another process or to a broken file."""

from __future__ import annotations

import stat
import threading
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.errors import OutputError, StoreError
from logonscope.state_file import change_state, read_state, state_folder, write_private

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_only_the_user_can_read_it() -> None:
    folder = state_folder("some")
    write_private(folder / "kept.json", "1")
    assert stat.S_IMODE((folder / "kept.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["kept.json"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.json"
    write_private(path, "old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["kept.json"]


def test_no_file_holds_nothing(tmp_path: Path) -> None:
    assert read_state(tmp_path / "none.json") is None


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000], ids=["cut", "encoding", "deep"])
def test_a_broken_file_is_set_aside(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not what logonscope wrote"):
        read_state(path)
    assert change_state(path, lambda held: [held]) == [None]
    assert read_state(path) == [None]
    assert path.with_name("kept.json.broken").read_bytes() == content


def test_changes_at_once_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"

    def add(number: int) -> None:
        def more(held: Any) -> Any:
            return [*(held or []), number]

        change_state(path, more)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read_state(path)) == list(range(8))


def test_a_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(OutputError, match="Not a directory"):
        state_folder("bookmarks")
