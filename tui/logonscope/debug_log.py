"""The debug log: what the program does, with counts and times, for the report of a fault.

Modules log by ``logging.getLogger(__name__)``, and nothing is kept of that until ``begin``. What is logged at DEBUG and
above holds no text of a record and nothing that was typed; what may do so is logged at ``RECORD_CONTENT``.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import resource
import secrets
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from logonscope import __version__
from logonscope.display import sanitise
from logonscope.error_trace import trace_lines
from logonscope.errors import OutputError
from logonscope.state_file import state_folder

RECORD_CONTENT = 5
"""The level of what may hold text of a record: below DEBUG, kept only where that is asked for."""
_MOST_KEPT = 10
"""Logs of earlier runs."""
_LIBRARIES = ("duckdb", "evtx", "pyarrow", "msgspec", "textual", "click")
_root = logging.getLogger("logonscope")
_log = logging.getLogger(__name__)


class _LogFile(logging.FileHandler):
    """A file that only the user can read."""

    def __init__(self, path: Path) -> None:
        # Made here, and never through a link: the handler itself would take what is there.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        super().__init__(path, encoding="utf-8", errors="backslashreplace")
        self.is_whole = True
        self._is_watching = False
        self.setFormatter(_SanitisedLines())

    def watch_native_code(self) -> None:
        """Let a crash there write down which places of ours had called it; no values."""
        if self.stream and not faulthandler.is_enabled():
            faulthandler.enable(self.stream.fileno(), all_threads=False)
            self._is_watching = True

    def close(self) -> None:
        """Close the file."""
        if self._is_watching:
            faulthandler.disable()
            self._is_watching = False
        try:
            super().close()
        except OSError:
            self.is_whole = False  # what was written last may not fit on the disk

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """A full disk is no reason to write on the user's screen."""
        self.is_whole = False


class _SanitisedLines(logging.Formatter):
    """One line for a record, more for an error, all of printable characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        lines = [f"{moment} {record.threadName} {record.name.removeprefix('logonscope.')}: {record.getMessage()}"]
        if record.exc_info and record.exc_info[1]:
            wanted = _root.isEnabledFor(RECORD_CONTENT)
            lines += [f"    {line}" for line in trace_lines(record.exc_info[1], messages=wanted)]
        return "\n".join(map(sanitise, lines))


def begin(*, records: bool) -> Path:
    """Begin to log, or go on with the log that was begun.

    Args:
        records: Whether text of records may be in it.

    Returns:
        The file.

    Raises:
        OutputError: It cannot be made.
    """
    log_file = _begun() or _new_file()
    _root.setLevel(RECORD_CONTENT if records else min(_root.level or logging.DEBUG, logging.DEBUG))
    return Path(log_file.baseFilename)


def _begun() -> _LogFile | None:
    return next((handler for handler in _root.handlers if isinstance(handler, _LogFile)), None)


def _new_file() -> _LogFile:
    folder = state_folder("debug")
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{os.getpid()}-{secrets.token_hex(2)}.log"
    try:
        _drop_old(folder)
        log_file = _LogFile(path)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}", "Set XDG_STATE_HOME to a folder of yours.") from error
    _root.addHandler(log_file)
    _root.setLevel(logging.DEBUG)
    log_file.watch_native_code()
    _log.debug("logonscope %s, Python %s, %s", __version__, platform.python_version(), platform.platform())
    _log.debug("%s; %d processors", ", ".join(map(_named, _LIBRARIES)), os.cpu_count() or 1)
    return log_file


def _drop_old(folder: Path) -> None:
    for path in sorted(folder.glob("*.log"))[: -_MOST_KEPT or None]:
        with suppress(OSError):
            path.unlink()


def _named(library: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # takes as long as all other imports here

    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return f"{library} unknown"


def end() -> str:
    """End the log.

    Returns:
        What to tell the user of it, not sanitised; empty where none was begun.
    """
    log_file = _begun()
    if log_file is None:
        return ""
    used = resource.getrusage(resource.RUSAGE_SELF)
    size = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    _log.debug("the end: %.2f s of CPU time, at most %d bytes of memory", time.process_time(), size)
    _root.removeHandler(log_file)
    _root.setLevel(logging.NOTSET)
    log_file.close()
    return f"debug log: {log_file.baseFilename}" + ("" if log_file.is_whole else " (not all could be written)")
