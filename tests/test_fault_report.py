"""A fault of the program itself is told in a line; what is kept of it holds nothing that a log says."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from logonscope.commands import listing
from logonscope.demo.evtx_writer import write_log
from logonscope.fault_report import FAULT, keep_fault
from support.command_line import CommandLine
from support.logs import notes

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "text of a log\x1b[31m"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path / "XDG_STATE_HOME" / "logonscope"


def fail(*_: object, **__: object) -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise ValueError(f"because of {SECRET}") from error


def test_the_command_line(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_log(tmp_path / "x.evtx", notes(3))
    monkeypatch.setattr(listing, "write_found", fail)
    done = CommandLine(tmp_path / "cache")("events", tmp_path / "x.evtx")
    assert done.code == FAULT
    assert done.complaints == [
        f"logonscope failed (ValueError); please report {home / 'fault.txt'} (it holds nothing from the logs)."
    ]
    kept = (home / "fault.txt").read_text()
    assert "in fail" in kept
    assert "builtins.KeyError" in kept
    assert "text of a log" not in kept
    assert stat.S_IMODE((home / "fault.txt").stat().st_mode) == 0o600


def test_where_no_report_can_be_written(home: Path) -> None:
    home.parent.mkdir()
    home.write_text("in the way")
    assert "no report could be written" in keep_fault(ValueError(SECRET))
