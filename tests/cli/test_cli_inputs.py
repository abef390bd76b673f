"""Events in other forms than logs, through the command line: the same sessions, also from standard input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.command_line import CommandLine
from support.evt_log import OldRecord, evt_log
from support.json_forms import FORMS, LAYOUTS, parsed
from support.logs import DAY, two_boot_logs

if TYPE_CHECKING:
    from pathlib import Path

two_boot_logs = two_boot_logs
_OF_FILES = ("session", "file", "offset", "chunk_offset")


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def security(logs: Path) -> Path:
    return logs / "WS01" / "Security.evtx"


def told(lines: list[str]) -> list[dict[str, Any]]:
    """Sessions without what tells where in which file they stand."""
    return [{name: value for name, value in json.loads(line).items() if name not in _OF_FILES} for line in lines]


@pytest.mark.parametrize("form", ["evtx_dump", "velociraptor", "xmltodict"])
def test_sessions_of_json_are_those_of_the_log(
    form: str, two_boot_logs: Path, tmp_path: Path, run: CommandLine
) -> None:
    written = LAYOUTS["lines"]([*map(FORMS[form], parsed(security(two_boot_logs)))])
    (tmp_path / "x.jsonl").write_bytes(written)
    of_log = run("sessions", security(two_boot_logs), "--all", "--format", "jsonl")
    of_json = run("sessions", tmp_path / "x.jsonl", "--all", "--format", "jsonl")
    piped = run("sessions", "-", "--all", "--format", "jsonl", stdin=written)
    assert of_log.lines
    assert told(of_json.lines) == told(of_log.lines) == told(piped.lines)
    assert {finished.code for finished in (of_log, of_json, piped)} == {0}


def test_an_old_log_on_standard_input(run: CommandLine) -> None:
    named = ("alice", "CORP", "(0x0,0xA1)")
    records = [
        OldRecord(1, DAY.replace(hour=8), 528, (*named, "2", "User32  ", "Negotiate", "XP1")),
        OldRecord(2, DAY.replace(hour=9), 551, named),
        OldRecord(3, DAY.replace(hour=9), 538, (*named, "3")),
    ]
    (session,) = told(run("sessions", "-", "--format", "jsonl", stdin=evt_log(records)).lines)
    assert (session["user"], session["logon_type"]) == ("alice", 2)
    assert (session["start"][:16], session["end"][:16]) == ("2026-03-02T08:00", "2026-03-02T09:00")


def test_json_that_is_no_log(tmp_path: Path, run: CommandLine) -> None:
    path = tmp_path / "package.json"
    path.write_text('{"name": "x"}')
    done = run("sessions", path)
    assert (done.code, done.complaints[0].partition(". ")[0]) == (2, f"logonscope: {path}: found JSON text")
