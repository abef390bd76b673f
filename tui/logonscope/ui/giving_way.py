"""A thread that gives way: who presses keys should not wait for what goes on beside."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from contextvars import copy_context
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_NICE = 10
"""A tenth of the time, where a thread that does not give way wants the same processor."""


def giving_way(work: Callable[[], None]) -> None:
    """Do something in a thread of its own, and wait for its end.

    On Linux that thread, and all threads and processes that it starts, come behind those of the program that answer
    keys: elsewhere a process has one priority for all of its threads, and it is left alone.

    Args:
        work: What to do; it finds the context of the calling thread, and must not raise.
    """
    context = copy_context()
    thread = Thread(target=context.run, args=(_behind_others, work), name="giving way")
    thread.start()
    thread.join()


def _behind_others(work: Callable[[], None]) -> None:
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0) + _NICE)
    work()
