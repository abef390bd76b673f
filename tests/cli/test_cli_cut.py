"""Options that load a part only, on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from logonscope.demo.evtx_writer import write_log
from support.command_line import CommandLine
from support.logs import notes, two_boots, write_machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_machine(two_boots(), tmp_path / "logs")
    return tmp_path / "logs"


@pytest.fixture
def logonscope(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


@pytest.mark.parametrize(
    ("options", "is_kept"),
    [
        (["--event", "4624,4630-4640"], lambda event: event["event"] in (4624, 4634)),
        (["--event", "4624", "--event", "4634"], lambda event: event["event"] in (4624, 4634)),
        (["--since", "2026-03-02T09"], lambda event: event["time"] >= "2026-03-02T09"),
        (["--until", "2026-03-02T09"], lambda event: event["time"] < "2026-03-02T10"),
        (["--channel", "sys*"], lambda event: event["channel"] == "System"),
        (["--host", "nobody"], lambda event: False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_only_a_part(logonscope: CommandLine, logs: Path, options: list[str], is_kept: object) -> None:
    assert callable(is_kept)
    whole = [json.loads(line) for line in logonscope("events", logs, "--format", "jsonl").lines]
    finished = logonscope("events", logs, "--format", "jsonl", *options)
    wanted = [event for event in whole if is_kept(event)]
    assert [json.loads(line)["record_id"] for line in finished.lines] == [event["record_id"] for event in wanted]
    left_out = len(whole) - len(wanted)
    assert finished.err.startswith("logonscope: only a part is loaded (")
    assert finished.err.endswith(f"): {left_out:,} records left out.\n")


def test_triage_says_that_it_tells_of_a_part(logonscope: CommandLine, logs: Path) -> None:
    out = logonscope("triage", logs, "--event", "4624").out
    assert "ONLY A PART: event 4624; " in out
    assert "no refused logon was recorded" not in out
    assert "never seen" not in out
    assert "records were left out when it was loaded (event 4624)" in out


def test_times_back_from_now(logonscope: CommandLine, tmp_path: Path) -> None:
    write_log(tmp_path / "x.evtx", notes(5))
    assert logonscope("events", tmp_path, "--since", "-1h", "--format", "jsonl").lines == []


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--since", "soon"], "Invalid value for --since: soon is not a time. Write 2026-03-02"),
        (["--event", "46x"], "Invalid value for --event: 46x is no event ID. Write 4624,4625 or 4720-4767."),
        (["--unpack-limit", "many"], "Invalid value for --unpack-limit: many is no size. Write 500M or 64G."),
    ],
)
def test_options_that_make_no_sense(logonscope: CommandLine, logs: Path, options: list[str], complaint: str) -> None:
    finished = logonscope("events", logs, *options)
    assert finished.code == 2
    assert complaint in finished.err
