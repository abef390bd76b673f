"""A parent that outlives the browser: it puts the terminal right when native code, or a kill, ended the browser.

The program forks before anything heavy is imported. The child is the browser; the parent waits, stops and goes on with
it, and hands it the signals that are sent to the program.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import termios
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Any

_HANDED_ON = {signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP, signal.SIGCONT}
_FROM_THE_KEYBOARD = {signal.SIGINT, signal.SIGQUIT, signal.SIGTTIN, signal.SIGTTOU}
"""The child gets these by itself."""
BY_SIGNAL = 128
"""Added to a signal's number in the exit code, as shells do."""
_RIGHT_AGAIN = (
    "\x1b[?2026l"  # no picture is under way
    "\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # no mouse
    "\x1b[?2004l\x1b[?2048l\x1b[?1004l"  # no bracketed paste, no reports of size and focus
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"  # lines wrap, usual keys, usual screen, cursor, no colours
)


_guard: list[int] = []
"""The process that guards this one, where there is one."""


def has_lost_guard() -> bool:
    """Whether the parent was killed: the shell takes the terminal, and no key comes any more."""
    return bool(_guard) and os.getppid() != _guard[0]


def go_on_guarded() -> None:
    """Go on in a child process; the parent never returns from here and ends with the child's exit code.

    Where there is no terminal, or no process can be made, this one goes on by itself.

    Raises:
        SystemExit: In the parent, when the child died of a signal; the terminal is right, and the user was told.
    """
    keyboard, screen = sys.__stdin__, sys.__stderr__
    if keyboard is None or screen is None:
        return
    try:
        modes = termios.tcgetattr(keyboard.fileno())
        trace = TemporaryFile()  # noqa: SIM115 # the child writes into it when it crashes
    except (termios.error, OSError):
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, *_HANDED_ON, *_FROM_THE_KEYBOARD})
    parent, child = os.getpid(), 0
    with suppress(OSError):
        child = os.fork()
    if not child:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        if os.getpid() != parent:
            _guard.append(parent)
        if faulthandler.is_enabled():
            trace.close()  # the debug log gets it
        else:
            # Looking at threads that run on can crash Python a second time, and the cause would be lost.
            faulthandler.enable(trace, all_threads=False)
        return
    code = _wait_for(child)
    if code < 0 or _modes(keyboard.fileno()) not in (None, modes):
        _put_right(keyboard.fileno(), screen.fileno(), modes)
    if code >= 0:
        os._exit(code)  # the child has said everything, and has written all that it had
    sys.exit(_tell_death(-code, trace))


def _wait_for(child: int) -> int:
    """The exit code of the child; less than 0 for the signal that it died of."""
    signal.signal(signal.SIGCHLD, lambda *_: None)  # what is ignored might not be waited for
    while True:
        number = signal.sigwait({signal.SIGCHLD, *_HANDED_ON})
        if number != signal.SIGCHLD:
            os.kill(child, number)
            continue
        ended, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
        if ended and os.WIFSTOPPED(status):
            os.kill(os.getpid(), signal.SIGSTOP)
        elif ended:
            return os.waitstatus_to_exitcode(status)


def _modes(keyboard: int) -> list[Any] | None:
    """How the terminal is set; None where it is gone."""
    try:
        return termios.tcgetattr(keyboard)
    except termios.error:
        return None


def _put_right(keyboard: int, screen: int, modes: list[Any]) -> None:
    """As it was, unless somebody else has the terminal now."""
    with suppress(OSError, termios.error):
        if os.tcgetpgrp(keyboard) == os.getpgrp():
            os.write(screen, _RIGHT_AGAIN.encode("ascii"))
            termios.tcsetattr(keyboard, termios.TCSAFLUSH, modes)


def _tell_death(number: int, trace: IO[bytes]) -> int:
    import click

    from logonscope.display import sanitise
    from logonscope.fault_report import keep_crash

    trace.seek(0)
    click.echo(sanitise(keep_crash(number, trace.read().decode("utf-8", "replace"))), err=True)
    return BY_SIGNAL + number
