"""``user``, ``source``, ``machine`` and ``first-seen``: what they print, for people and for machines."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from support.command_line import CommandLine, on_loaded_case
from support.logs import two_boot_logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logs = two_boot_logs
PARTS = {"card", "machine", "source", "logon type", "failure", "first seen", "coverage"}
FIRST_SEEN = [
    "first", "last", "times", "machine", "user", "domain", "sid", "source", "logon_type", "new", "earlier_coverage",
    "earlier_holes", "file", "sha256", "channel", "record_id", "offset", "chunk_offset",
]  # fmt: skip


@pytest.fixture(scope="module")
def logonscope(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(logs, tmp_path_factory) as command_line:
        yield command_line


def test_a_card_for_people(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope("user", "alice", logs)
    assert (finished.code, finished.err) == (0, "")
    assert finished.lines[0] == "User alice"
    assert "Stays lasted: 3h 00m in all" in finished.out
    assert any(line.startswith("  Mon  ········") and "█" in line for line in finished.lines)
    for heading in ("Machines (1)", "Sources (1)", "Logon types (1)", "What the Security logs of these machines cover"):
        assert heading in finished.lines
    source = logonscope("source", "203.0.113.7", logs)
    assert "wrong password: " in source.out
    assert "ALDER\\mallory" in source.out
    machine = logonscope("machine", "WS01", logs)
    assert "Machine WS01" in machine.lines


def test_a_card_for_machines(logs: Path, logonscope: CommandLine) -> None:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in logonscope("user", "*", logs, "--format", "jsonl").lines:
        record = json.loads(line)
        found.setdefault(record["part"], []).append(record)
    assert set(found) - {"finding"} == PARTS
    (card,) = found["card"]
    assert (card["kind"], card["name"], card["stays"]) == ("user", "*", 2)
    assert [len(day) for day in card["hours_utc"]] == [24] * 7


def test_a_card_in_ascii(logs: Path, tmp_path: Path) -> None:
    finished = CommandLine(tmp_path).process("user", "alice", logs, encoding="ascii")
    assert finished.code == 0
    assert finished.out.isascii()
    assert "\n  Mon  ........#" in finished.out


def test_nobody_of_that_name(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope("user", "alcie\x1b[31m", logs)
    assert (finished.code, finished.out) == (2, "")
    assert finished.complaints == ["logonscope: no user alcie\\x1b[31m in these logs."]
    assert logonscope("user", "alcie", logs).complaints == [
        "logonscope: no user alcie in these logs. Did you mean alice?"
    ]


def test_first_seen(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope("first-seen", logs)
    assert (finished.code, finished.err) == (0, "")
    assert finished.lines[0].split()[:3] == ["First", "(UTC)", "Machine"]
    found = [json.loads(line) for line in logonscope("first-seen", logs, "--format", "jsonl").lines]
    assert len(found) == len(finished.lines) - 1
    assert [list(first) for first in found] == [FIRST_SEEN] * len(found)
    (alice,) = [first for first in found if first["user"] == "alice"]
    assert (alice["first"], alice["logon_type"]) == ("2026-03-02T08:00:00.000000Z", 2)
    assert alice["earlier_coverage"] == pytest.approx(3600, abs=2), "the log begins with the start at seven"
    rows = list(csv.DictReader(io.StringIO(logonscope("first-seen", logs, "user:alice", "--format", "csv").out)))
    assert [row["user"] for row in rows] == ["alice"]
