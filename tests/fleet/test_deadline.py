"""A process that hangs in a task is ended; one that is done in time goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

from logonscope.fleet.deadline import seconds_for

_WORK = """
import time
from logonscope.fleet.deadline import ended_after
with ended_after({}):
    time.sleep({})
print("done")
"""


@pytest.mark.parametrize(("limit", "work", "code", "out"), [(0.2, 600, 1, ""), (600, 0, 0, "done\n")])
def test_a_process_that_takes_too_long_ends(limit: float, work: float, code: int, out: str) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _WORK.format(limit, work)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (run.returncode, run.stdout, run.stderr) == (code, out, "")


def test_larger_files_have_longer() -> None:
    assert 300 <= seconds_for(0) < seconds_for(64_000_000) < 3600
