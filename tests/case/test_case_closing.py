"""A case closes whatever still runs, and leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING

import duckdb
import pytest

from logonscope.case.case import Case

if TYPE_CHECKING:
    from pathlib import Path

ENDLESS = "SELECT count(*) FROM range(100000000) a, range(100000) b"
MEET_FOR_THE_FIRST_TIME = """
import sys, threading
sys.setswitchinterval(1e-6)
from logonscope.knowledge.logon_types import logon_types
barrier = threading.Barrier(4)
threads = [threading.Thread(target=lambda: (barrier.wait(), logon_types())) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


def test_a_running_query_is_interrupted_and_the_folder_goes(tmp_path: Path) -> None:
    case = Case([], work_parent=tmp_path)
    cursor = case.cursor()
    asked, ended = Event(), Event()

    def ask() -> None:
        asked.set()
        with pytest.raises(duckdb.Error):
            cursor.execute(ENDLESS).fetchall()
        ended.set()

    thread = Thread(target=ask)
    thread.start()
    asked.wait()
    case.close()
    thread.join()
    assert ended.is_set()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_case_answers_nothing(tmp_path: Path) -> None:
    case = Case([], work_parent=tmp_path)
    case.close()
    with pytest.raises(duckdb.Error):
        case.cursor()


def test_threads_that_meet_the_knowledge_at_once(tmp_path: Path) -> None:
    """They crash the whole process unless they take turns."""
    ends = [
        subprocess.run([sys.executable, "-c", MEET_FOR_THE_FIRST_TIME], cwd=tmp_path, check=False).returncode
        for _ in range(5)
    ]
    assert ends == [0] * 5
