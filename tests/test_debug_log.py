"""``--debug`` writes what the program does, and no text of a log unless that is asked for."""

from __future__ import annotations

import errno
import io
import logging
import re
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from logonscope import debug_log
from logonscope.commands import listing
from logonscope.demo.evtx_writer import write_log
from logonscope.display import sanitise
from logonscope.fault_report import FAULT
from support.command_line import CommandLine
from support.logs import logon

if TYPE_CHECKING:
    from pathlib import Path

    from support.command_line import Finished

SECRET = "mallory\x1b[31m"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    write_log(tmp_path / "Security.evtx", [logon(number, TargetUserName=SECRET) for number in range(1, 4)])
    return tmp_path


def run(home: Path, *arguments: object) -> tuple[Finished, str]:
    """What was printed, and the newest log."""
    done = CommandLine(home / "cache")(*arguments)
    return done, max((home / "XDG_STATE_HOME" / "logonscope" / "debug").iterdir()).read_text("utf-8")


def fail(*_: object, **__: object) -> None:
    raise ValueError(SECRET)


@pytest.mark.parametrize("place", ["before", "after", "browser"])
def test_what_the_program_does(place: str, home: Path) -> None:
    words = {"before": ["--debug", "events"], "after": ["events", "--debug"], "browser": ["--debug"]}[place]
    done, text = run(home, *words, home / "Security.evtx", "user:mallory*")
    assert done.code == 0
    for said in ("duckdb ", "Security.evtx, evtx of", "source 1: 3 records", "publish.sql", " rows in ", "the end"):
        assert said in text
    (folder,) = (home / "XDG_STATE_HOME" / "logonscope").glob("debug")
    (path,) = folder.iterdir()
    assert [line for line in done.complaints if "debug log" in line] == 2 * [f"logonscope: debug log: {path}"]
    assert (stat.S_IMODE(folder.stat().st_mode), stat.S_IMODE(path.stat().st_mode)) == (0o700, 0o600)


def test_text_of_records_only_where_it_is_asked_for(home: Path) -> None:
    arguments = home / "Security.evtx", "user:mallory*"
    assert "mallory" not in run(home, "events", "--debug", *arguments)[1]
    assert "mallory" in run(home, "events", "--debug-records", *arguments)[1]


def test_a_fault(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "write_found", fail)
    done, text = run(home, "events", "--debug", home / "Security.evtx")
    assert done.code == FAULT
    assert "builtins.ValueError\n" in text
    assert "in fail" in text
    assert "mallory" not in text
    _, text = run(home, "events", "--debug-records", home / "Security.evtx")
    assert f"ValueError: {sanitise(SECRET)}\n" in text


def test_all_that_is_in_it_is_sanitised(home: Path) -> None:
    path = debug_log.begin(records=True)
    try:
        logging.getLogger("logonscope.here").debug("%s\n%s", SECRET, "\u202e")
    finally:
        assert str(path) in debug_log.end()
    assert sanitise(SECRET) in path.read_text("utf-8")
    assert all(line.isprintable() for line in path.read_text("utf-8").splitlines())


class Full(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_does_not_show_on_the_screen(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    debug_log.begin(records=False)
    _, log_file = logging.getLogger("logonscope").handlers
    with log_file.stream:  # type: ignore[attr-defined]
        monkeypatch.setattr(log_file, "stream", Full())
        logging.getLogger("logonscope.here").debug("x")
        assert "not all could be written" in debug_log.end()
    assert capsys.readouterr() == ("", "")


def test_of_two_that_begin_in_one_second_the_newer_one_comes_last(home: Path) -> None:
    begun = []
    for _ in range(10):
        begun.append(debug_log.begin(records=False))
        debug_log.end()
    assert begun == sorted(begun)


def test_only_the_last_ones_are_kept(home: Path) -> None:
    folder = home / "XDG_STATE_HOME" / "logonscope" / "debug"
    folder.mkdir(parents=True)
    for number in range(30):
        (folder / f"2020-{number:02}.log").touch()
    debug_log.begin(records=False)
    debug_log.end()
    kept = sorted(path.name for path in folder.iterdir())
    assert kept[:-1] == [f"2020-{number}.log" for number in range(20, 30)]


def test_nothing_is_kept_unasked(home: Path) -> None:
    assert CommandLine(home / "cache")("events", home / "Security.evtx").code == 0
    assert not (home / "XDG_STATE_HOME" / "logonscope" / "debug").exists()
    assert debug_log.end() == ""


@pytest.mark.parametrize("command", ["", "events", "config", "demo"])
def test_the_help_says_where(command: str, home: Path) -> None:
    told = CommandLine(home / "cache")(*command.split(), "--help").out
    assert re.search(r"--debug .*private file in your state\s+folder, debug/\*\.log", re.sub(r"\s+", " ", told))


def test_a_warning_that_nobody_keeps_is_not_printed() -> None:
    code = "import logging, logonscope; logging.getLogger('logonscope.here').error('x')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
