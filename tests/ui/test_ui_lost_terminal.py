"""The program on a real terminal that goes away, stops and goes on: it ends cleanly, and leaves no store behind."""

from __future__ import annotations

import os
import re
import signal
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from support.terminal_program import running

if TYPE_CHECKING:
    from pathlib import Path

END_SECONDS = 5.0


@pytest.mark.parametrize("nohup", [False, True], ids=["hang-up", "hang-up ignored"])
def test_a_closed_terminal_ends_the_program(week: Path, tmp_path: Path, nohup: bool) -> None:
    with running(week, tmp_path, nohup=nohup) as program:
        assert len(list(program.cases.iterdir())) == 1
        began = monotonic()
        os.close(program.us)
        program.ends()
        assert monotonic() - began < END_SECONDS
        assert list(program.cases.iterdir()) == [], "the store is gone"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_ends_the_program_and_leaves_the_terminal_as_it_was(
    week: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with running(week, tmp_path) as program:
        program.run.send_signal(number)
        assert b"\x1b[?1049l" in program.shows(b"\x1b[?1049l")
        program.ends()
        assert program.run.returncode == 128 + number
        assert list(program.cases.iterdir()) == []


def test_stopping_and_going_on(week: Path, tmp_path: Path) -> None:
    with running(week, tmp_path) as program:
        program.run.send_signal(signal.SIGTSTP)
        program.shows(b"\x1b[?1049l")
        os.waitid(os.P_PID, program.run.pid, os.WSTOPPED | os.WNOWAIT)
        program.run.send_signal(signal.SIGCONT)
        assert b"Events" in program.shows(b"Quit")
        os.write(program.us, b"2")
        program.shows(b"Lasted")
        os.write(program.us, b"q")
        program.shows(b"\x1b[?1049l")
        program.ends()
        assert program.run.returncode == 0


def test_leaving_writes_nothing_more_on_the_terminal(week: Path, tmp_path: Path) -> None:
    with running(week, tmp_path) as program:
        os.write(program.us, b"q")
        _, left, after = (program.shows(b"\x1b[?1049l") + program.rest()).partition(b"\x1b[?1049l")
        program.ends()
        assert left
        assert re.sub(rb"\x1b\[[0-9;?<>]*[a-z]", b"", after).strip() == b""
