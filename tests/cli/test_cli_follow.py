"""``events --follow``: events are printed as they come, until nobody reads them any more."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from logonscope.demo.evtx_writer import encode_log
from support.command_line import CommandLine
from support.logs import note

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STUCK_SECONDS = 120


def log(count: int) -> bytes:
    return encode_log([note(number) for number in range(1, count + 1)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "x.evtx"
    path.write_bytes(log(3))
    return path


@pytest.fixture
def logonscope(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


@pytest.fixture
def running(path: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-m", "logonscope", "events", str(path), "--follow", "--format", "jsonl"]
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield process
        process.kill()


def next_ids(process: subprocess.Popen[str], count: int) -> list[int]:
    assert process.stdout
    return [json.loads(process.stdout.readline())["record_id"] for _ in range(count)]


def test_events_are_printed_as_they_come(running: subprocess.Popen[str], path: Path) -> None:
    assert next_ids(running, 3) == [1, 2, 3]
    path.write_bytes(log(5))
    assert next_ids(running, 2) == [4, 5]
    path.write_bytes(log(80))
    assert next_ids(running, 75) == list(range(6, 81))
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=_STUCK_SECONDS)
    assert (out, err, running.returncode) == ("", "", 0)


def test_it_ends_when_nobody_reads(running: subprocess.Popen[str]) -> None:
    """As after ``| head -1``: not only with the next event."""
    assert next_ids(running, 3) == [1, 2, 3]
    assert running.stdout
    running.stdout.close()
    assert running.wait(timeout=_STUCK_SECONDS) == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["events", "-", "--follow"], "Standard input cannot be followed: name files or folders."),
        (["events", "x.evtx", "--follow", "--format", "parquet"], "parquet is written at once"),
        (["x.evtx", "-F"], "The browser needs a terminal."),
    ],
)
def test_what_cannot_be_followed(logonscope: CommandLine, arguments: list[str], complaint: str) -> None:
    finished = logonscope(*arguments)
    assert finished.code == 2
    assert complaint in finished.err
