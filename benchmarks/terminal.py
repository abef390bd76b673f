"""The real program on a terminal of its own: keys go in, what it draws comes out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import tempfile
import termios
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

PATIENCE_SECONDS = 30.0
_KEPT = 200_000
"""Bytes that were drawn last."""


class Terminal:
    """The program on a terminal.

    Args:
        command: What to run.
        size: Columns and lines.
        term: The value of TERM.
        colours: The value of COLORTERM.
    """

    def __init__(
        self, *command: str, size: tuple[int, int] = (160, 48), term: str = "xterm-256color", colours: str = ""
    ) -> None:
        self._us, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        # A folder of its own: the filter of an earlier run would come back.
        self._home = tempfile.TemporaryDirectory()
        homes = dict.fromkeys(("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"), self._home.name)
        environment = (
            os.environ | homes | {"TERM": term, "COLORTERM": colours, "SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22"}
        )
        # An installed program finds its modules compiled; from a source tree it may be forbidden to keep them.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = str(Path(tempfile.gettempdir()) / "logonscope-compiled")
        self.began = monotonic()
        self.run = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
        os.close(theirs)
        self._last = b""

    def has_seen(self, wanted: re.Pattern[bytes]) -> bool:
        """Whether something has been drawn lately."""
        return wanted.search(self._last) is not None

    def press(self, key: bytes) -> None:
        """Send a key."""
        os.write(self._us, key)

    def seconds_until(self, wanted: re.Pattern[bytes]) -> float:
        """Wait until something has been drawn.

        Raises:
            TimeoutError: It never is.
        """
        began, drawn = monotonic(), b""
        while monotonic() - began < PATIENCE_SECONDS:
            drawn += self.read(0.5)
            if wanted.search(drawn):
                return monotonic() - began
        raise TimeoutError(wanted.pattern)

    def bytes_in(self, seconds: float) -> int:
        """How many bytes are drawn in some time."""
        until, count = monotonic() + seconds, 0
        while (left := until - monotonic()) > 0:
            count += len(self.read(left))
        return count

    def read(self, seconds: float) -> bytes:
        """What is drawn, or nothing in so many seconds."""
        drawn = os.read(self._us, 1 << 16) if select.select([self._us], [], [], seconds)[0] else b""
        self._last = (self._last + drawn)[-_KEPT:]
        return drawn

    def quit(self) -> float:
        """Leave the program: seconds until it has ended."""
        began = monotonic()
        self.press(b"q")
        with suppress(OSError):  # the terminal's other end is closed
            while self.run.poll() is None:
                self.read(0.02)
        self.run.wait(PATIENCE_SECONDS)
        return monotonic() - began
