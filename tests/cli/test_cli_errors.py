"""What is wrong is said on standard error, in a clear line each, with the exit code that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log
from logonscope.readers.formats import supported
from support.command_line import CommandLine
from support.logs import notes

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ("triage", "events")
LOG = encode_log(notes(100))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "Notes.evtx"
    path.write_bytes(LOG)
    return path


@pytest.fixture
def logonscope(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def test_nothing_readable(tmp_path: Path, logonscope: CommandLine) -> None:
    missing, text = tmp_path / "missing.evtx", tmp_path / "text.evtx"
    text.write_text("text")
    finished = logonscope("events", missing, text)
    assert (finished.code, finished.out) == (2, "")
    assert finished.complaints == [
        f"logonscope: {missing}: no such file or folder. Check the spelling.",
        f"logonscope: {text}: found text. Supported: {supported()}.",
    ]


def test_some_readable(tmp_path: Path, log: Path, logonscope: CommandLine) -> None:
    finished = logonscope("triage", tmp_path / "missing.evtx", log)
    assert finished.code == 0
    assert finished.out
    assert finished.complaints == [
        f"logonscope: {tmp_path / 'missing.evtx'}: no such file or folder. Check the spelling."
    ]


@pytest.mark.parametrize(
    ("words", "complaint", "marked"),
    [
        ("usr:alice", "there is no field usr:. Did you mean user:?", "usr:"),
        ("user:alice type:nonsense", "there is no logon type nonsense.", "nonsense"),
        ('user:alice "open', "the closing quote is missing.", '"open'),
        ("user:", "user: needs a value. For example user:alice.", "user:"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_filter_error_points_at_its_place(
    log: Path, logonscope: CommandLine, command: str, words: str, complaint: str, marked: str
) -> None:
    finished = logonscope(command, log, words)
    assert (finished.code, finished.complaints[0]) == (2, f"logonscope: filter: {complaint}")
    shown, carets = finished.complaints[1:]
    assert shown == f"  {words}"
    assert shown[carets.index("^") : len(carets)] == marked
    assert {*carets.strip()} == {"^"}


def test_a_filter_cannot_act_on_the_terminal(log: Path, logonscope: CommandLine) -> None:
    finished = logonscope("events", log, "usr:\x1b[31m\x9b")
    assert "\x1b" not in finished.err
    assert "\x9b" not in finished.err


def test_odd_paths(tmp_path: Path, logonscope: CommandLine) -> None:
    """One that would act on the terminal, and one that is longer than a file's name can be."""
    finished = logonscope("events", tmp_path / "\x1b]0;owned\x07.evtx", "./" + "x" * 300)
    assert finished.code == 2
    assert finished.complaints == [
        rf"logonscope: {tmp_path}/\x1b]0;owned\x07.evtx: no such file or folder. Check the spelling.",
        f"logonscope: {'x' * 300}: File name too long.",
    ]


@pytest.mark.parametrize(
    "arguments", [["events"], ["events", "--format", "yaml", "."], ["sessions", "--nonsense", "."]]
)
def test_wrong_usage(logonscope: CommandLine, arguments: list[str]) -> None:
    finished = logonscope(*arguments)
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith("Usage: ")


def test_damage_does_not_stop_the_rest(log: Path, logonscope: CommandLine) -> None:
    log.write_bytes(faults.broken_record(LOG, 10))
    finished = logonscope("triage", log)
    assert finished.code == 0
    assert "  1 file, 99 records" in finished.lines
    assert "  Notes.evtx: 1 part could not be read" in finished.lines


def test_nothing_is_left_in_the_cache(log: Path, logonscope: CommandLine) -> None:
    assert logonscope("events", log, "type:nonsense").code == 2
    assert [*(logonscope.cache / "logonscope" / "cases").iterdir()] == []
