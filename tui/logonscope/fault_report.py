"""What is kept of a fault of the program itself, for whoever mends it: where it was, and nothing that a log says."""

from __future__ import annotations

import logging
import platform
import signal
import sys
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from logonscope import __version__
from logonscope.error_trace import trace_lines
from logonscope.errors import OutputError
from logonscope.state_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable

FAULT = 70
"""The exit code (EX_SOFTWARE)."""
_log = logging.getLogger(__name__)


def keep_fault(error: BaseException) -> str:
    """Write down where an error came from; its message and all values are left out, as they may be a log's.

    Args:
        error: The error.

    Returns:
        What to tell the user, in one line.
    """
    _log.critical("logonscope failed", exc_info=error)
    return _kept(f"logonscope failed ({type(error).__name__})", trace_lines(error))


def keep_crash(number: int, trace: str) -> str:
    """Write down where the program was when a signal ended it; what it kept before is not lost.

    Args:
        number: The signal.
        trace: What ``faulthandler`` wrote; empty where it could not, or wrote elsewhere.

    Returns:
        What to tell the user, in one line.
    """
    said = f"logonscope was ended by {signal.Signals(number).name}"
    _log.critical("%s", said)
    if number == signal.SIGKILL:
        return f"{said}: by somebody, or because memory ran out. Start it again; --since and --event load only a part."
    if not trace:
        return f"{said}. Start it again with --debug for a log of what leads to it."
    return _kept(said, trace.splitlines())


def _kept(said: str, lines: Iterable[str]) -> str:
    path = user_state_path("logonscope") / "fault.txt"
    head = f"logonscope {__version__}, Python {platform.python_version()}, {sys.platform}"
    try:
        write_private(path, "\n".join([head, *lines]) + "\n")
    except OutputError as trouble:
        return f"{said}, and no report could be written: {trouble.message}."
    return f"{said}; please report {path} (it holds nothing from the logs)."
