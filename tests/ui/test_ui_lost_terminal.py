"""The program on a real terminal that goes away, stops and goes on: it ends cleanly, and leaves no store behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import pytest

from logonscope.ui.app import LogonscopeApp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60.0
END_SECONDS = 5.0


class Program:
    """The program with a terminal of its own, as a shell would start it."""

    def __init__(self, logs: Path, home: Path, *, nohup: bool = False) -> None:
        self.us, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        names = ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
        environment = os.environ | {"TERM": "xterm"} | {name: str(home / name) for name in names}
        self.cases = home / "XDG_CACHE_HOME" / "logonscope" / "cases"

        def own_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGHUP, signal.SIG_IGN if nohup else signal.SIG_DFL)

        self.run = subprocess.Popen(
            [sys.executable, "-m", "logonscope", str(logs)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            preexec_fn=own_terminal,
        )
        os.close(theirs)

    def shows(self, wanted: bytes) -> bytes:
        until, drawn = monotonic() + PATIENCE, b""
        while monotonic() < until and wanted not in drawn:
            if select.select([self.us], [], [], 0.2)[0]:
                try:
                    drawn += os.read(self.us, 1 << 16)
                except OSError:  # the program has closed its end
                    break
        assert wanted in drawn
        return drawn

    def ends(self) -> None:
        self.run.wait(PATIENCE)

    def rest(self) -> bytes:
        """What is drawn until the program has closed its end."""
        drawn = b""
        with suppress(OSError):
            while more := os.read(self.us, 1 << 16):
                drawn += more
        return drawn


@contextmanager
def running(logs: Path, home: Path, *, nohup: bool = False) -> Iterator[Program]:
    program = Program(logs, home, nohup=nohup)
    try:
        program.shows(b"loaded")
        yield program
    finally:
        if program.run.poll() is None:
            program.run.kill()
            program.run.wait()
        with suppress(OSError):
            os.close(program.us)


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


def test_the_end_waits_for_a_case_that_is_being_closed() -> None:
    app, begun, go_on, ended = LogonscopeApp([]), threading.Event(), threading.Event(), threading.Event()

    class SlowCase:
        def close(self) -> None:
            begun.set()
            go_on.wait(60)

    def end() -> None:
        app._close_case()
        ended.set()

    app._case = cast("Any", SlowCase())
    threads = [threading.Thread(target=app._close_case), threading.Thread(target=end)]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    assert not ended.wait(0.2)
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert ended.is_set()
