"""A file for the user is whole or not there, never within the evidence, and nothing is written over unasked."""

from __future__ import annotations

import errno
import os
import time
from typing import TYPE_CHECKING

import pytest

from logonscope.errors import OutputError
from logonscope.export.target_file import check_target, open_target, open_text_target

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with open_target(path, (), force=False) as out:
        out.write(b"half")
        assert not path.exists()
        out.write(b" whole")
    assert path.read_bytes() == b"half whole"
    assert names(tmp_path) == ["report.html"]


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_of_one_that_failed(stop: type[BaseException], tmp_path: Path) -> None:
    def fail() -> None:
        with open_target(tmp_path / "out", (), force=False) as out:
            out.write(b"x" * 1_000_000)
            raise stop

    with pytest.raises(stop):
        fail()
    assert names(tmp_path) == []


def test_a_file_that_is_there_stays_without_force(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with pytest.raises(OutputError, match="is there already"), open_target(path, (), force=False):
        pass
    assert path.read_text() == "old"
    with open_text_target(path, (), force=True) as lines:
        lines.write("new")
    assert path.read_text() == "new"


def test_the_old_file_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("old")
    with pytest.raises(ValueError), open_target(path, (), force=True) as out:
        out.write(b"new")
        raise ValueError
    assert path.read_text() == "old"
    assert names(tmp_path) == ["out"]


def test_a_file_that_came_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with pytest.raises(OutputError, match="meanwhile"), open_target(path, (), force=False):
        path.write_text("another's")
    assert path.read_text() == "another's"
    assert names(tmp_path) == ["out"]


def test_where_files_have_one_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(source: Path, target: Path, **_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", unknown)
    with open_target(tmp_path / "out", (), force=False) as out:
        out.write(b"1")
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("place", ["logs/out", "logs/deep/out", "link/out", "link/../logs/out"])
def test_never_within_the_evidence(place: str, tmp_path: Path) -> None:
    (tmp_path / "logs" / "deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "logs")
    for force in (False, True):
        with pytest.raises(OutputError, match="within the evidence"):
            check_target(tmp_path / place, [tmp_path / "logs"], force)
    check_target(tmp_path / "out", [tmp_path / "logs"], force=False)


def test_never_over_the_evidence(tmp_path: Path) -> None:
    log = tmp_path / "Security.evtx"
    log.write_text("log")
    (tmp_path / "other").symlink_to(log)
    for name in ("Security.evtx", "other"):
        with pytest.raises(OutputError, match="is the evidence"), open_target(tmp_path / name, [log], force=True):
            pass
    assert log.read_text() == "log"


def test_only_over_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OutputError, match="no file"), open_target(place, (), force=True):
            pass
    with pytest.raises(OutputError, match="no folder"), open_target(tmp_path / "none" / "out", (), force=True):
        pass


def test_a_full_disk(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="No space left") as caught,
        open_text_target(tmp_path / "o", (), False) as out,
    ):
        os.dup2(os.open("/dev/full", os.O_WRONLY), out.fileno())
        out.write("x" * 1_000_000)
    assert str(tmp_path / "o") in caught.value.message
    assert names(tmp_path) == []


def test_an_error_of_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_target(tmp_path / "out", (), force=False):
        (tmp_path / "evidence").read_bytes()
    assert names(tmp_path) == []


def test_text_that_is_no_unicode(tmp_path: Path) -> None:
    with open_text_target(tmp_path / "out", (), force=False) as lines:
        lines.write("a\udce4\n")
    assert (tmp_path / "out").read_bytes() == b"a\\udce4\n"


def test_a_name_that_is_too_long_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        check_target(tmp_path / ("x" * 300), (), force=False)


def draft(folder: Path, name: str = "0123") -> Path:
    """What a process left that was killed an hour ago."""
    path = folder / f".logonscope-{name}.part"
    path.write_text("half")
    os.utime(path, (time.time() - 3600,) * 2)
    return path


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    draft(tmp_path)
    (tmp_path / ".logonscope-new.part").write_text("begun just now")
    (tmp_path / "evidence").write_text("x")
    draft(tmp_path, "link").unlink()
    (tmp_path / ".logonscope-link.part").symlink_to(tmp_path / "evidence")
    with open_target(tmp_path / "out", (), force=False):
        pass
    assert names(tmp_path) == [".logonscope-link.part", ".logonscope-new.part", "evidence", "out"]


def test_what_another_one_still_writes_stays(tmp_path: Path) -> None:
    with open_target(tmp_path / "one", (), force=False) as out:
        (half,) = tmp_path.iterdir()
        os.utime(half, (time.time() - 3600,) * 2)
        with open_target(tmp_path / "other", (), force=False):
            pass
        out.write(b"whole")
    assert names(tmp_path) == ["one", "other"]
