"""With little memory it works; with a disk that takes no more it says so in a line and leaves nothing behind."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.logs import two_boots, write_machine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    write_machine(two_boots(), tmp_path / "logs")
    return tmp_path / "logs"


def limited(home: Path, limit: int, size: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the program under a limit."""
    folders = {f"XDG_{name}_HOME": str(home / name) for name in ("CACHE", "STATE", "CONFIG")}
    return subprocess.run(
        [sys.executable, "-m", "logonscope", *map(str, arguments)],
        env=os.environ | folders,
        preexec_fn=lambda: resource.setrlimit(limit, (size, size)),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps this limit")
def test_two_gigabytes_of_addresses_are_enough(logs: Path, tmp_path: Path) -> None:
    done = limited(tmp_path, resource.RLIMIT_AS, 2_000_000_000, "triage", logs)
    assert (done.returncode, done.stderr) == (0, "")
    assert "alice" in done.stdout


def test_a_disk_that_takes_no_more(logs: Path, tmp_path: Path) -> None:
    done = limited(tmp_path, resource.RLIMIT_FSIZE, 10_000, "triage", logs)
    assert done.returncode == 2
    (told,) = done.stderr.splitlines()
    assert told.startswith("logonscope: ")
    assert "Free some space there, or set XDG_CACHE_HOME to a folder with more." in told
    assert [*(tmp_path / "CACHE" / "logonscope" / "cases").iterdir()] == []
