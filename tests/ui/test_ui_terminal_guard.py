"""The end of the browser that it cannot tell of itself: the terminal is right again, and the user is told why."""

from __future__ import annotations

import os
import pty
import signal
import stat
import sys
import termios
from pathlib import Path
from time import monotonic, sleep

import pytest

from logonscope.fault_report import keep_crash
from logonscope.ui.terminal_guard import go_on_guarded
from support.terminal_program import PATIENCE, Program, running

LEFT = b"\x1b[?1049l"


def browser_of(program: Program) -> int:
    """The process that is the browser."""
    pid = program.run.pid
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(child)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_the_terminal_is_as_it_was(week: Path, tmp_path: Path, number: signal.Signals) -> None:
    report = tmp_path / "XDG_STATE_HOME" / "logonscope" / "fault.txt"
    with running(week, tmp_path) as program:
        assert not termios.tcgetattr(program.us)[3] & (termios.ICANON | termios.ECHO)
        os.kill(browser_of(program), number)
        _, left, after = (program.shows(LEFT) + program.rest()).partition(LEFT)
        program.ends()
        assert left
        assert program.run.returncode == 128 + number
        modes = termios.tcgetattr(program.us)[3]
        assert modes & termios.ICANON
        assert modes & termios.ECHO
    said = after.decode()
    assert f"logonscope was ended by {number.name}" in said
    assert "\x1b[?25h" in said
    assert (str(report) in said) == report.exists() == (number != signal.SIGKILL)
    if report.exists():
        trace = report.read_text()
        assert "most recent call first" in trace
        assert "\nThread 0x" not in trace, "no thread is looked at while it runs on"
        assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_the_browser_ends_without_its_parent(week: Path, tmp_path: Path) -> None:
    with running(week, tmp_path) as program:
        browser = browser_of(program)
        program.run.kill()
        program.run.wait()
        until = monotonic() + PATIENCE
        while list(program.cases.iterdir()) and monotonic() < until:
            sleep(0.05)
        assert list(program.cases.iterdir()) == [], "it has closed its case"
        while Path(f"/proc/{browser}/exe").exists() and monotonic() < until:
            sleep(0.05)
        assert not Path(f"/proc/{browser}/exe").exists()


def test_going_on_without_having_stopped_changes_nothing(week: Path, tmp_path: Path) -> None:
    with running(week, tmp_path) as program:
        program.settles()
        program.run.send_signal(signal.SIGCONT)
        program.press(b"2")
        assert b"\x1b[?1049h" not in program.shows(b"Lasted")
        program.press(b"q")
        program.rest()
        program.ends()
        assert program.run.returncode == 0


def test_without_a_second_process_it_goes_on_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_process() -> int:
        raise BlockingIOError

    ours, theirs = pty.openpty()
    try:
        with open(theirs, closefd=False) as terminal:
            monkeypatch.setattr(sys, "__stdin__", terminal)
            monkeypatch.setattr(os, "fork", no_process)
            before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
            go_on_guarded()
            assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
    finally:
        os.close(ours)
        os.close(theirs)


def test_what_is_said_without_a_trace() -> None:
    assert "Start it again with --debug" in keep_crash(signal.SIGSEGV, "")
