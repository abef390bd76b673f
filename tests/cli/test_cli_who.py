"""``who``: who was on at a time, how sure that is, and what the logs cover."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.command_line import CommandLine, Finished, on_loaded_case
from support.logs import two_boot_logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logs = two_boot_logs


@pytest.fixture(scope="module")
def logonscope(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(logs, tmp_path_factory) as command_line:
        yield command_line


def parts(finished: Finished) -> dict[str, list[dict[str, Any]]]:
    assert (finished.code, finished.err) == (0, "")
    found: dict[str, list[dict[str, Any]]] = {}
    for line in finished.lines:
        record = json.loads(line)
        found.setdefault(record["part"], []).append(record)
    return found


def test_a_stay_that_was_on_for_certain(logs: Path, logonscope: CommandLine) -> None:
    found = parts(logonscope("who", logs, "--at", "2026-03-02T09:15", "--format", "jsonl"))
    (question,), (alice,), (machine,) = found["question"], found["on"], found["machine"]
    assert (question["at"], question["on"], question["possibly"]) == ("2026-03-02T09:15:00.000000Z", 1, 0)
    assert (alice["user"], alice["reasons"], alice["start"]) == ("alice", [], "2026-03-02T08:00:00.000000Z")
    assert (machine["machine"], machine["state"], machine["covered"]) == ("WS01", "running", True)


def test_nobody_on_says_what_is_covered(logs: Path, logonscope: CommandLine) -> None:
    between = logonscope("who", logs, "--at", "2026-03-02T11:30")
    assert between.lines[1].startswith("No stay of a person for certain; 0 contacts")
    assert "Nobody seen. Its records reach from 2026-03-02 07:00:00 to 2026-03-02 14:00:00." in between.out
    before = logonscope("who", logs, "--at", "2026-03-01")
    assert "Not covered at that time: WS01." in before.out
    assert "this time is not covered" in before.out


def test_a_filter_narrows_the_answer(logs: Path, logonscope: CommandLine) -> None:
    found = parts(logonscope("who", logs, "user:bob", "--at", "2026-03-02T09:15", "--format", "jsonl"))
    assert "on" not in found
    assert found["question"][0]["on"] == 0


def test_back_from_the_end_of_the_log_and_to_a_file(logs: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "who.txt"
    finished = logonscope("who", logs, "--at", "-1h", "-o", file)
    assert (finished.code, finished.out) == (0, "")
    assert file.read_text("utf-8").startswith("Who was on at 2026-03-02 13:00:00")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--at", "soon"], "Error: Invalid value for --at: soon is not a time."),
        ([], "Error: Missing option '--at'."),
        (["--at", "\x1b[31m"], "Error: Invalid value for --at: \\x1b[31m is not a time."),
    ],
)
def test_a_mistake_in_the_time(logs: Path, logonscope: CommandLine, arguments: list[str], complaint: str) -> None:
    finished = logonscope("who", logs, *arguments)
    assert finished.code == 2
    assert complaint in finished.err
