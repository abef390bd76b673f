"""The program on a real terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from contextlib import contextmanager, suppress
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 60.0


class Program:
    """The program with a terminal of its own, as a shell would start it.

    Args:
        arguments: Its command line.
        home: Takes the place of the user's folders.
        nohup: Whether it is started by one who ignores hang-ups.
        size: Columns and lines of the terminal.
        module: What is run.
        stdin: What it reads beside the terminal; the terminal itself if None.
    """

    def __init__(
        self,
        *arguments: object,
        home: Path,
        nohup: bool = False,
        size: tuple[int, int] = (80, 24),
        module: str = "logonscope",
        stdin: int | None = None,
    ) -> None:
        self.us, theirs = pty.openpty()
        columns, lines = size
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        names = ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
        environment = os.environ | {"TERM": "xterm"} | {name: str(home / name) for name in names}
        self.cases = home / "XDG_CACHE_HOME" / "logonscope" / "cases"

        def own_terminal() -> None:
            os.setsid()
            fcntl.ioctl(1, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGHUP, signal.SIG_IGN if nohup else signal.SIG_DFL)

        self.run = subprocess.Popen(
            [sys.executable, "-m", module, *map(str, arguments)],
            stdin=theirs if stdin is None else stdin,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            preexec_fn=own_terminal,
        )
        os.close(theirs)

    def shows(self, wanted: bytes) -> bytes:
        """Wait until something is drawn: all that was drawn until then."""
        until, drawn = monotonic() + PATIENCE, b""
        while monotonic() < until and wanted not in drawn:
            if select.select([self.us], [], [], 0.2)[0]:
                try:
                    drawn += os.read(self.us, 1 << 16)
                except OSError:  # the program has closed its end
                    break
        assert wanted in drawn
        return drawn

    def settles(self, quiet: float = 0.5) -> bytes:
        """All that is drawn until nothing more comes for so many seconds."""
        until, drawn = monotonic() + PATIENCE, b""
        while monotonic() < until and select.select([self.us], [], [], quiet)[0]:
            try:
                drawn += os.read(self.us, 1 << 16)
            except OSError:
                break
        return drawn

    def press(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.us, keys)

    def ends(self) -> None:
        """Wait until it has ended."""
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
    """The browser on some logs, loaded."""
    program = Program(logs, home=home, nohup=nohup)
    try:
        program.shows(b"loaded")
        yield program
    finally:
        if program.run.poll() is None:
            program.run.kill()
            program.run.wait()
        with suppress(OSError):
            os.close(program.us)
