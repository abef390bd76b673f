"""Kept cases from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from logonscope.cache import kept_cases
from logonscope.demo.evtx_writer import write_log
from support.command_line import CommandLine
from support.logs import notes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_cases, "SMALLEST_EVIDENCE", 1)
    write_log(tmp_path / "Security.evtx", notes(50))
    return tmp_path / "Security.evtx"


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def test_what_was_loaded_is_listed_and_deleted(log: Path, run: CommandLine) -> None:
    assert run("cache", "list").lines == [f"0 cases, 0 B, in {run.cache / 'logonscope' / 'kept'}"]
    first = run("events", log, "--format", "csv")
    listed = run("cache", "list").lines
    assert len(listed) == 2
    assert f"50 records of {log}" in listed[0]
    assert run("events", log, "--format", "csv") == first
    assert run("cache", "clear").out.startswith("1 case deleted")
    assert run("cache", "list").lines[0].startswith("0 cases")


def test_the_list_as_json(log: Path, run: CommandLine) -> None:
    assert run("cache", "list", "--json").lines == []
    run("events", log)
    (kept,) = map(json.loads, run("cache", "list", "--json").lines)
    assert (kept["records"], kept["paths"], kept["open"]) == (50, [str(log)], False)
    (folder,) = (run.cache / "logonscope" / "kept").iterdir()
    assert kept["folder"] == str(folder)
    (folder / "state.json").write_bytes(b"\x1b[31m")
    (kept,) = map(json.loads, run("cache", "list", "--json").lines)
    assert (kept["records"], kept["paths"]) == (None, None)


def test_without_the_cache(log: Path, run: CommandLine) -> None:
    run("events", log, "--no-cache")
    assert len(run("cache", "list").lines) == 1


def test_what_salvage_adds_is_not_kept(log: Path, run: CommandLine) -> None:
    run("events", log, "--salvage")
    assert len(run("cache", "list").lines) == 1


def test_the_settings_say_how_much(log: Path, run: CommandLine) -> None:
    settings = run.cache / "config" / "logonscope" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[cache]\nsize = "0"\n')
    run("events", log)
    assert len(run("cache", "list").lines) == 1
    assert 'size = "0"' in run("config").out
    settings.write_text('[cache]\nsize = "lots"\nplace = 1\n')
    said = run("config")
    assert said.code == 1
    assert 'lots is no size. Write size = "10G"' in said.out
    assert "[cache] place is not known. Known: size" in said.out
    run("events", log)
    assert len(run("cache", "list").lines) == 2


def test_one_that_cannot_be_read_is_listed_as_such(log: Path, run: CommandLine) -> None:
    run("events", log)
    (kept,) = (run.cache / "logonscope" / "kept").iterdir()
    (kept / "state.json").write_bytes(b"\x1b[31m")
    assert "cannot be read" in run("cache", "list").lines[0]
