"""What is kept of a fault of the program itself, for whoever mends it: where it was, and nothing that a log says."""

from __future__ import annotations

import logging
import platform
import sys
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from logonscope import __version__
from logonscope.error_trace import trace_lines
from logonscope.errors import OutputError
from logonscope.state_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    path = user_state_path("logonscope") / "fault.txt"
    try:
        write_private(path, "\n".join(_lines(error)) + "\n")
    except OutputError as trouble:
        return f"logonscope failed ({type(error).__name__}), and no report could be written: {trouble.message}."
    return f"logonscope failed ({type(error).__name__}); please report {path} (it holds nothing from the logs)."


def _lines(error: BaseException) -> Iterator[str]:
    yield f"logonscope {__version__}, Python {platform.python_version()}, {sys.platform}"
    yield from trace_lines(error)
