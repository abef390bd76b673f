"""The program on a real terminal that goes away, stops and goes on: it ends cleanly, and leaves no store behind."""

from __future__ import annotations

import os
import re
import signal
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

import pytest

from logonscope.ui.app import LogonscopeApp
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


def test_the_end_waits_for_a_case_that_is_being_closed() -> None:
    app, begun, go_on, ended = LogonscopeApp([]), threading.Event(), threading.Event(), threading.Event()

    class SlowCase:
        def close(self) -> None:
            begun.set()
            go_on.wait(60)

    def end() -> None:
        app._close_case()
        ended.set()

    app._made_case = cast("Any", SlowCase())
    threads = [threading.Thread(target=app._close_case), threading.Thread(target=end)]
    threads[0].start()
    assert begun.wait(60)
    threads[1].start()
    assert not ended.wait(0.2)
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert ended.is_set()


def test_a_case_that_nobody_has_seen_yet_is_closed_too() -> None:
    """Somebody leaves while the first files are looked for."""
    app, closed = LogonscopeApp([]), threading.Event()

    class NewCase:
        def close(self) -> None:
            closed.set()

    app._made_case = cast("Any", NewCase())
    app._close_case()
    assert closed.is_set()
