"""``report``: where it is written and where not, its forms, its zone, the case file that it takes notes from."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING

import pytest

from logonscope.case.bookmarks import Bookmark, BookmarkFile, keeping
from logonscope.case.case_file import CaseFile
from logonscope.case.remembered import Remembered, remember
from logonscope.case.row_refs import RowRef
from support.command_line import CommandLine
from support.logs import two_boots, write_machine

if TYPE_CHECKING:
    from pathlib import Path

NOTE = Bookmark(RowRef("session", ("WS1/0x1@1",)), "a row", "look here", ("exfil",))


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_machine(two_boots(), tmp_path / "logs")
    return tmp_path / "logs"


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def test_to_a_file_whose_name_says_the_form(run: CommandLine, logs: Path, tmp_path: Path) -> None:
    assert run("report", logs, "-o", tmp_path / "out.html").code == 0
    assert (tmp_path / "out.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert run("report", logs, "-o", tmp_path / "out.md").code == 0
    assert (tmp_path / "out.md").read_text("utf-8").startswith("# Logons of WS01")


def test_into_a_pipe(run: CommandLine, logs: Path) -> None:
    done = run.process("report", logs, "user:bob", "--format", "md")
    assert done.code == 0
    assert done.err == ""
    assert "Stays are those of the filter `user:bob`" in done.out
    assert "How this report was made: `logonscope report" in done.out


def test_nothing_is_written_over_unasked(run: CommandLine, logs: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    path.write_text("old")
    done = run("report", logs, "-o", path)
    assert done.code == 2
    assert "is there already. Name another file, or write over it with --force." in done.err
    assert path.read_text() == "old"
    assert run("report", logs, "-o", path, "--force").code == 0
    assert path.read_text("utf-8") != "old"


def test_never_into_the_evidence(run: CommandLine, logs: Path) -> None:
    before = sorted(logs.rglob("*"))
    done = run("report", logs, "-o", logs / "out.html", "--force")
    assert done.code == 2
    assert "within the evidence" in done.err
    assert sorted(logs.rglob("*")) == before


def test_a_wrong_filter_leaves_nothing(run: CommandLine, logs: Path, tmp_path: Path) -> None:
    assert run("report", logs, "ip:10.0.0.0/99", "-o", tmp_path / "out.html").code == 2
    assert not (tmp_path / "out.html").exists()


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="there is no /dev/full")
def test_a_full_disk_is_told(run: CommandLine, logs: Path) -> None:
    done = run("report", logs, "-o", "/dev/full", "--force")
    assert done.code == 2
    assert "no file that could be written over" in done.err


def test_notes_and_the_zone_come_from_the_case_file(run: CommandLine, logs: Path, tmp_path: Path) -> None:
    BookmarkFile(CaseFile([logs])).change(keeping(NOTE))
    remember(CaseFile([logs]), Remembered(beside="zone", zone="Asia/Tokyo"))
    done = run("report", logs, "--format", "md")
    assert "Note: look here" in done.out
    assert "Tags: exfil" in done.out
    assert "beside them: Asia/Tokyo" in done.out
    assert "beside them: +05:30" in run("report", logs, "--zone", "+05:30", "--format", "md").out.replace("UTC+", "+")
    assert "beside them:" not in run("report", logs, "--zone", "none", "--format", "md").out
    assert "there is no time zone" in run("report", logs, "--zone", "Nowhere", "--format", "md").err


def test_another_case_file_can_be_named(run: CommandLine, logs: Path, tmp_path: Path) -> None:
    named = tmp_path / "case.toml"
    BookmarkFile(CaseFile([logs], named)).change(keeping(NOTE))
    assert "look here" in run("report", logs, "--case", named, "--format", "md").out
    assert "look here" not in run("report", logs, "--format", "md").out


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("Security.evtx", "ElfFile", "a case file is named .toml"),
        ("pyproject.toml", "[project]\nname = 'x'\n", "is no case file of logonscope"),
        ("case.toml", "form = \n", "line 1"),
        ("none/case.toml", "", "there is no such folder"),
    ],
)
def test_what_is_no_case_file_is_refused_and_left_alone(
    run: CommandLine, logs: Path, tmp_path: Path, name: str, content: str, complaint: str
) -> None:
    path = tmp_path / name
    if path.parent.is_dir():
        path.write_text(content)
    done = run("report", logs, "--case", path, "--format", "md")
    assert done.code == 2
    assert complaint in " ".join(done.err.split())
    assert not path.exists() or path.read_text() == content


def test_the_setting_names_the_folder_of_cases(
    run: CommandLine, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "cases"
    (tmp_path / "config" / "logonscope").mkdir(parents=True)
    (tmp_path / "config" / "logonscope" / "config.toml").write_text(f'[case]\nfolder = "{folder}"\n')
    folder.mkdir()
    BookmarkFile(CaseFile([logs], folder=folder)).change(keeping(NOTE))
    assert "look here" in run("report", logs, "--format", "md").out
    assert tomllib.loads(run("config").out)["case"]["folder"] == str(folder)
