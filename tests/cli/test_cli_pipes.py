"""The summary, the demo, and how the program behaves among pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from logonscope import __version__
from logonscope.case import demo_case
from logonscope.demo.evtx_writer import encode_log
from logonscope.readers.formats import supported
from support.command_line import CommandLine
from support.logs import note, notes, two_boot_logs, two_boots, write_machine

if TYPE_CHECKING:
    from pathlib import Path

    from support.command_line import Finished

LOG = encode_log(notes(100))
SECTIONS = [
    "Read",
    "Covered",
    "Look here first: 1 finding, questions and no verdicts",
    "Who was on: 2 stays of people, by start",
    "Where people came from",
    "Refused logons (4625), most first",
    "What happened to the logs: cleared, lost or missing records, stopped logging, clock and policy changes",
    "Restarts",
    "What these logs cannot show",
]

logs = two_boot_logs


@pytest.fixture(scope="module")
def logonscope(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def triage(logs: Path, logonscope: CommandLine) -> Finished:
    return logonscope("triage", logs)


def test_triage_answers_the_first_questions(triage: Finished) -> None:
    assert (triage.code, triage.err) == (0, "")
    assert [line for line in triage.lines if line in SECTIONS] == SECTIONS
    told = " ".join(triage.out.split())
    assert "alice 2 CONSOLE 2026-03-02 08:00 2026-03-02 11:00 3h 00m A signed out" in told
    assert "ALDER\\mallory on WS01 from 203.0.113.7: wrong password" in told
    assert "WS01: 2 boots, ended 1 by shutdown" in told
    assert "WS01: locks, unlocks and disconnects (not audited by default): Other Logon/Logoff was never seen" in told


def test_triage_lists_the_stays_that_the_filter_asks_for(logs: Path, logonscope: CommandLine) -> None:
    assert "Who was on: 1 stay of people, by start" in logonscope("triage", logs, "user:alice").lines


def test_browsing_without_a_terminal_prints_the_summary(logs: Path, logonscope: CommandLine, triage: Finished) -> None:
    assert logonscope(logs) == triage


def test_version_and_help(logonscope: CommandLine) -> None:
    assert logonscope("--version").lines == [f"logonscope, version {__version__}"]
    finished = logonscope("--help")
    assert finished.code == 0
    for command in ("browse", "triage", "sessions", "events", "who", "boots", "coverage", "demo"):
        assert any(line.startswith(f"  {command} ") for line in finished.lines)


def test_standard_input(logonscope: CommandLine) -> None:
    finished = logonscope("events", "-", "--format", "jsonl", stdin=LOG)
    assert finished.code == 0
    assert [json.loads(line)["record_id"] for line in finished.lines] == [*range(1, 101)]


def test_standard_input_with_a_filter_and_beside_a_file(tmp_path: Path, logonscope: CommandLine) -> None:
    (tmp_path / "log").write_bytes(encode_log([note(500)]))
    finished = logonscope("events", tmp_path / "log", "-", "record:91..500", stdin=LOG)
    assert len(finished.lines) == 12


def test_standard_input_that_is_no_log(logonscope: CommandLine) -> None:
    finished = logonscope("triage", "-", stdin=b"text")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err == f"logonscope: standard input: found text. Supported: {supported()}.\n"


def test_demo_logs_can_be_written(tmp_path: Path, logonscope: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo_case, "build_incident", lambda folder: write_machine(two_boots(), folder))
    finished = logonscope("demo", "--write", tmp_path / "demo")
    assert finished.code == 0
    assert str(tmp_path / "demo") in finished.out
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["WS01"]


def test_a_process_reads_a_log_from_a_real_pipe(logonscope: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(LOG)
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, shutil; shutil.copyfileobj(open(sys.argv[1], 'rb'), sys.stdout.buffer)",
            tmp_path / "log",
        ],
        stdout=subprocess.PIPE,
    ) as pipe:
        finished = logonscope.process("events", "-", stdin=pipe.stdout)
    assert (finished.code, finished.err) == (0, "")
    assert len(finished.lines) == 101


def test_demo_without_a_terminal(logonscope: CommandLine) -> None:
    """Standard input is /dev/null: nothing waits for a key."""
    finished = logonscope.process("demo")
    assert (finished.code, finished.err) == (0, "")
    assert finished.lines[0] == "Read"


@pytest.mark.parametrize(
    "command",
    [
        "triage",
        "events",
        "sessions",
        "users",
        "sources",
        "boots",
        "coverage",
        "who --at 2026-03-02",
        "check",
        "findings",
    ],
)
def test_a_reader_that_has_gone_is_no_error_to_tell(tmp_path: Path, logonscope: CommandLine, command: str) -> None:
    """As ``| head -1`` goes; the summary is short enough to be written at the very end."""
    (tmp_path / "log").write_bytes(LOG)
    gone, pipe = os.pipe()
    os.close(gone)
    with os.fdopen(pipe, "wb") as closed:
        finished = logonscope.process(*command.split(), tmp_path / "log", stdout=closed)
    assert finished.err == ""
