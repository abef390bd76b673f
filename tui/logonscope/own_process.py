"""Processes of the program's own, which may die: they never hear of a Ctrl-C and never write on the user's screen."""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import contextmanager, redirect_stderr, suppress
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE_SECONDS = 0.5


class OwnProcess:
    """A process that runs one function, with a pipe to it.

    Args:
        target: The function; it gets its end of the pipe first, and should call ``fall_silent``.
        arguments: What else it gets; handed over by pickle, from here to there only.
        name: What the process is for.

    Raises:
        OSError, ValueError: It cannot be made.
    """

    def __init__(self, target: Callable[..., None], *arguments: Any, name: str) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=target, args=(theirs, *arguments), name=name, daemon=True)
        try:
            # What is started inherits the stderr that has a descriptor: in the browser it has none.
            with _interrupts_held(), _without_main(), redirect_stderr(sys.__stderr__):
                self._process.start()
        finally:
            theirs.close()

    @property
    def pid(self) -> int | None:
        """Its number."""
        return self._process.pid

    def end(self) -> int:
        """End it, whatever it is at.

        Returns:
            Its exit code: less than 0 for the signal that it died of.
        """
        self.connection.close()
        self._process.join(0.01)  # one that has died by itself tells why
        self._process.terminate()
        self._process.join(_PATIENCE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code = self._process.exitcode or 0
        self._process.close()
        return code


def fall_silent() -> None:
    """Leave Ctrl-C to the parent, and its outputs: native code would write on the user's screen, or into a pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.devnull).open("wb") as nowhere:
        for output in (1, 2):
            os.dup2(nowhere.fileno(), output)


def limit_memory(most: int) -> None:
    """Let this process have so many bytes at most, and leave no picture of them when it dies."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_seconds(more: int) -> None:
    """Let this process have so many seconds of processor time from now on; it dies of SIGPROF then.

    A limit of all that it may ever have would not do: the system reckons that by another clock, and after minutes the
    two differ by seconds.
    """
    signal.setitimer(signal.ITIMER_PROF, more)


@contextmanager
def within_seconds(more: int) -> Iterator[None]:
    """Let this process die if what it does meanwhile takes more than so many seconds of processor time."""
    limit_seconds(more)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def cause_of_death(code: int, seconds: int) -> str:
    """What is said of what a process died of.

    Args:
        code: Its exit code.
        seconds: Of processor time, that it had.
    """
    return f"reading it took more than {seconds} s" if code == -signal.SIGPROF else "reading it crashed"


@contextmanager
def _without_main() -> Iterator[None]:
    """A process that is started meanwhile does not import the script that runs here, which may begin a load itself."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C is meant for this process: one that is started meanwhile never hears of it."""
    if os.name != "posix":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
