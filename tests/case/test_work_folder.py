"""The folder of a case's store: private, gone with its process, and no other's business."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import Mock

import pytest

from logonscope.case.case import Case
from logonscope.case.work_folder import WorkFolder
from logonscope.errors import StoreError

KILLED = """
import os, signal, sys
from pathlib import Path
from unittest.mock import Mock
from logonscope.case.work_folder import WorkFolder
folder = WorkFolder(Path(sys.argv[1]))
(folder.path / "case.duckdb").write_bytes(b"rows")
print(folder.path, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_private(tmp_path: Path) -> None:
    parent = tmp_path / "cases"
    folder = WorkFolder(parent)
    assert mode(parent) == mode(folder.path) == 0o700
    assert {mode(path) for path in folder.path.iterdir()} == {0o600}
    folder.remove()


def test_closing_a_case_removes_it(tmp_path: Path) -> None:
    with Case([], work_parent=tmp_path) as case:
        assert len([*tmp_path.iterdir()]) == 1
        case.load()
    assert [*tmp_path.iterdir()] == []


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path], capture_output=True, text=True, check=False)
    left = Path(killed.stdout.strip())
    assert (left / "case.duckdb").exists()
    WorkFolder(tmp_path).remove()
    assert not left.exists()


def test_that_of_a_live_process_is_kept(tmp_path: Path) -> None:
    live = WorkFolder(tmp_path)
    WorkFolder(tmp_path).remove()
    assert live.path.is_dir()
    live.remove()


def test_nothing_else_is_swept(tmp_path: Path) -> None:
    """A folder that is not one of ours, and a link to one elsewhere."""
    work = tmp_path / "work"
    strangers = work / "strangers" / "kept.txt"
    elsewhere = tmp_path / "elsewhere" / "lock"
    for path in (strangers, elsewhere):
        path.parent.mkdir(parents=True)
        path.write_text("kept")
    (work / "link").symlink_to(elsewhere.parent, target_is_directory=True)
    WorkFolder(work).remove()
    assert strangers.exists()
    assert elsewhere.exists()


def test_it_is_in_the_users_cache_unless_told_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = WorkFolder()
    assert folder.path.parent == tmp_path / "logonscope" / "cases"
    folder.remove()


def test_no_room_for_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot make a folder") as caught:
        WorkFolder(tmp_path / "file")
    assert "XDG_CACHE_HOME" in caught.value.advice


def test_a_cache_folder_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case lies among the temporary files then, as private as ever, and it is said."""
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    with Case([]) as case:
        case.load()
        assert "cannot make a folder for the case" in case.cache_remark
        (base,) = (tmp_path / "tmp").iterdir()
        assert mode(base) == 0o700
        assert len([*base.iterdir()]) == 1
    assert [*base.iterdir()] == []


def test_a_temporary_folder_that_others_may_write_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"logonscope-{os.getuid()}").mkdir()
    (tmp_path / f"logonscope-{os.getuid()}").chmod(0o777)
    with pytest.raises(StoreError, match="cannot make a folder"):
        Case([])


def test_a_cache_folder_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder for temporary files serves, if there is more room."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    free = {"cases": 1_000_000, "tmp": 10**12}
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Mock(free=free.get(Path(path).name, 0)))
    folder = WorkFolder()
    assert "less than 200.0 MB free there" in folder.trouble
    assert folder.path.is_relative_to(tmp_path / "tmp")
    folder.remove()
    free["tmp"] = 2_000_000
    folder = WorkFolder()
    assert folder.path.is_relative_to(tmp_path / "cache")
    folder.remove()
