"""``logonscope fleet`` on the command line."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from logonscope.commands.fleet import _Progress
from logonscope.fleet.progress import FleetProgress
from logonscope.lake.snapshot import read_snapshot
from support.command_line import CommandLine
from support.fleet_work import ingest, write_machines

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


def test_without_dask_one_line_says_what_to_install(
    run: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = run("fleet", "ingest", tmp_path, "--lake", tmp_path / "lake")
    assert done.code == 2
    assert done.complaints == [
        "logonscope: logonscope fleet needs Dask, which is not installed."
        " Install what it needs: pip install 'logonscope[fleet]'"
    ]
    assert not (tmp_path / "lake").exists()


def test_a_stage_without_tasks_ends_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    _Progress()(FleetProgress("hashing", 0, 2))
    assert screen.getvalue() == "\r\x1b[Khashing the files, 2 workers\n"


@pytest.mark.parametrize(
    "options",
    [
        ("--tls-ca", "ca.pem"),
        ("--scheduler", "tls://127.0.0.1:1", "--tls-key", "k"),
        ("--scheduler", "x", "--workers", "2"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    run: CommandLine, tmp_path: Path, options: tuple[str, ...]
) -> None:
    assert run("fleet", "ingest", tmp_path, "--lake", tmp_path / "lake", *options).code == 2
    assert not (tmp_path / "lake").exists()


def test_a_driver_that_is_killed_leaves_the_old_lake(run: CommandLine, tmp_path: Path) -> None:
    logs = write_machines(tmp_path / "logs", 12)
    first, *others = sorted(logs.iterdir())
    lake = tmp_path / "lake"
    ingest(lake, first)
    before = read_snapshot(lake)
    command = [sys.executable, "-m", "logonscope", "fleet", "ingest", *map(str, others), "--lake", str(lake)]
    folders = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    driver = subprocess.Popen([*command, "--workers", "2"], stderr=subprocess.PIPE, text=True, env=folders)
    assert driver.stderr is not None
    said = []
    for line in driver.stderr:
        said.append(line)
        if "reading" in line:
            driver.send_signal(signal.SIGKILL)
            break
    driver.stderr.close()
    assert driver.wait() == -signal.SIGKILL, said
    assert read_snapshot(lake) == before
    done = run.process("fleet", "ingest", logs, "--lake", lake, "--workers", "2")
    assert done.code == 0, done.err
    assert "Dask dashboard: http://127.0.0.1:" in done.err
    assert read_snapshot(lake).generation == before.generation + 1
