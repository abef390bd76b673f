"""What loads comes behind what answers keys, and the threads that ask questions keep their priority."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextvars import ContextVar

import pytest

from logonscope.ui.giving_way import giving_way

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux only")
PRIORITY = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"


def priority() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def test_the_work_and_its_processes_come_behind_who_waits_for_it() -> None:
    own, found = priority(), list[int]()

    def work() -> None:
        found.append(priority())
        found.append(int(subprocess.run([sys.executable, "-c", PRIORITY], capture_output=True, check=True).stdout))

    giving_way(work)
    assert priority() == own
    assert found[0] == found[1]
    assert found[0] > own or own == 19


def test_the_work_is_in_the_context_of_who_waits_for_it() -> None:
    asked: ContextVar[str] = ContextVar("asked", default="")
    asked.set("load")
    found: list[object] = []
    giving_way(lambda: found.extend([asked.get(), threading.current_thread()]))
    assert found[0] == "load"
    assert found[1] is not threading.current_thread()
