"""What happens around the program while it loads: the terminal's size, the clock, another instance, a stalled pipe."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
import time
from contextlib import contextmanager
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from logonscope.api import OpenCase
from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
from support.logs import two_boots, write_machine
from support.terminal_program import Program, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.model import LoadProgress

SIZES = 300


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    write_machine(two_boots(), folder)
    return folder


def resize(program: Program, columns: int, lines: int) -> None:
    """As a terminal does whose window is pulled: the kernel sends SIGWINCH."""
    fcntl.ioctl(program.us, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


@contextmanager
def started(*arguments: object, home: Path, stdin: int | None = None) -> Iterator[Program]:
    """The browser, not loaded yet."""
    program = Program(*arguments, home=home, stdin=stdin)
    try:
        yield program
    finally:
        program.run.kill()
        program.run.wait()
        os.close(program.us)


def test_a_storm_of_sizes(logs: Path, tmp_path: Path) -> None:
    with started(logs, home=tmp_path) as program:
        program.shows(b"\x1b[?1049h")
        for number in range(SIZES):
            resize(program, 1 + 37 * number % 250, 1 + 11 * number % 90)
            program.settles(0.001)
        resize(program, 100, 30)
        program.shows(b"loaded")
        program.press(b"2")
        program.shows(b"Lasted")
        program.press(b"q")
        program.rest()
        program.ends()
        assert program.run.returncode == 0


def test_a_pipe_that_stalls_keeps_nobody(logs: Path, tmp_path: Path) -> None:
    theirs, ours = os.pipe()
    try:
        with started("-", home=tmp_path, stdin=theirs) as program:
            os.close(theirs)
            os.write(ours, next(logs.rglob("*.evtx")).read_bytes()[:5000])
            program.shows(b"\x1b[?1049h")
            program.settles()
            program.press(b"q")
            program.shows(b"\x1b[?1049l")
            program.rest()
            program.ends()
        assert list(program.cases.glob("*")) == []
    finally:
        os.close(ours)


def test_two_instances(logs: Path, tmp_path: Path) -> None:
    with running(logs, tmp_path) as one, running(logs, tmp_path) as other:
        assert len(list(one.cases.iterdir())) == 2
        one.press(b"q")
        one.rest()
        one.ends()
        (left,) = other.cases.iterdir()
        other.press(b"2")
        other.shows(b"Lasted")
        assert left.exists()
        other.press(b"q")
        other.rest()
        other.ends()
        assert (one.run.returncode, other.run.returncode) == (0, 0)
        assert list(other.cases.iterdir()) == []


def test_a_clock_that_is_set(logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(name: str) -> tuple[list[dict[str, object]], list[LoadProgress]]:
        told: list[LoadProgress] = []
        cases = KeptCases(tmp_path / "kept" / name, smallest_evidence=0)
        with Case([logs], work_parent=tmp_path / name, cache=cases) as case:
            case.load(report=told.append, meanwhile=True)
            return list(OpenCase(case).sessions(scope="all").dicts()), told

    sound, _ = answers("sound")
    steps = cycle((0, -7200, 86400, -86400 * 400, 3600))
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + next(steps))
    for _ in ("loaded", "opened again"):
        found, told = answers("set")
        assert found == sound
        assert all(0 <= progress.seconds < 600 for progress in told)
