"""The end of the program when its terminal is lost, or when it is told to end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from typing import TYPE_CHECKING

from logonscope.ui.terminal import is_gone
from logonscope.ui.terminal_guard import BY_SIGNAL, has_lost_guard

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0
_CLEAN_END_SECONDS = 2.5
"""How long the usual end may take before the program ends without its help."""


class LostTerminal:
    """Watches the terminal in a thread: the event loop itself hangs when nobody takes what it writes.

    Args:
        leave: Ends the app as usual, with an exit code; called on the event loop.
        tidy: Closes the case; called in a thread, at most once.
    """

    def __init__(self, leave: Callable[[int], None], tidy: Callable[[], None]) -> None:
        self._leave = leave
        self._tidy = tidy
        self._thread = threading.Thread(target=self._look, name="lost terminal", daemon=True)
        self._over = threading.Event()
        self._loop: asyncio.AbstractEventLoop

    def watch(self) -> None:
        """Begin to watch; to be called on the event loop."""
        loop = self._loop = asyncio.get_running_loop()
        self._thread.start()
        for number in (signal.SIGHUP, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._end, BY_SIGNAL + number)

    def stop(self) -> None:
        """Watch no longer, and keep nothing of the app alive; to be called when it has ended."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(_LOOK_SECONDS)

    def _look(self) -> None:
        while not is_gone():
            if has_lost_guard():
                self._loop.call_soon_threadsafe(self._end, BY_SIGNAL + signal.SIGKILL)
                return
            if self._over.wait(_LOOK_SECONDS):
                return
        self._abandon(BY_SIGNAL + signal.SIGHUP)

    def _end(self, code: int) -> None:
        backup = threading.Timer(_CLEAN_END_SECONDS, self._abandon, (code,))
        backup.daemon = True
        backup.start()
        self._leave(code)

    def _abandon(self, code: int) -> None:
        """End without the event loop. What cannot be tidied up in time is swept at the next start."""
        _log.warning("the terminal is lost, or the usual end took too long: exit code %d", code)
        deadline = threading.Timer(_CLEAN_END_SECONDS, os._exit, (code,))
        deadline.daemon = True
        deadline.start()
        try:
            self._tidy()
        finally:
            os._exit(code)
