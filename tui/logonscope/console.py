"""The terminal or the pipes that the command line runs between."""

from __future__ import annotations

import os
import shutil
import sys
from typing import BinaryIO


def has_terminal() -> bool:
    """Whether somebody at a terminal can use the browser."""
    return sys.stdout.isatty() and (sys.stdin.isatty() or _tty() is not None) and sys.stderr.isatty()


def _tty() -> int | None:
    """The terminal itself, where standard input is a log."""
    if sys.stdin.isatty() or "-" not in sys.argv[1:]:
        return None
    try:
        return os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return None


def keyboard_beside(stdin: BinaryIO | None) -> BinaryIO | None:
    """Keep the log that comes on standard input, and give the app the terminal to read keys from.

    Args:
        stdin: Standard input where a log comes on it, else None.

    Returns:
        The log's stream under another number.
    """
    if stdin is None:
        return None
    log = os.fdopen(os.dup(stdin.fileno()), "rb")
    tty = _tty()
    if tty is not None:
        os.dup2(tty, 0)
        sys.stdin = os.fdopen(0, "r", closefd=False)
    return log


def width() -> int | None:
    """Characters to a line of the terminal; None where the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
