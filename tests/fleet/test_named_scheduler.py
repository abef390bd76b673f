"""Schedulers that somebody else started: over TLS, and one that dies in the middle of the work."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from logonscope.lake.snapshot import read_snapshot
from support.command_line import CommandLine
from support.fleet_work import told_by_case, told_by_lake, write_machines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CERTIFICATES = (
    "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority",
    "req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj /CN=127.0.0.1",
    "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem -days 2",
)


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "cache")


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl to make certificates")
    folder = tmp_path / "tls"
    folder.mkdir()
    for command in _CERTIFICATES:
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    return folder


@contextmanager
def scheduler_and_workers(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler and two workers, as README has them started by hand; gives the first, and its address."""
    listed = folder / "scheduler.json"
    common = [f"--scheduler-file={listed}", "--no-dashboard", *options]
    scheduler = ["scheduler", "--host=127.0.0.1", "--port=0", *common]
    worker = ["worker", "--host=127.0.0.1", "--nthreads=1", *common]
    with ExitStack() as stack:
        started = []
        for command in (scheduler, worker, worker):
            process = subprocess.Popen([sys.executable, "-m", "dask", *command], stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.kill)
            started.append(process)
            while not listed.exists():
                assert process.poll() is None
                time.sleep(0.1)
        yield started[0], json.loads(listed.read_text())["address"]


def test_workers_over_tls_tell_the_same(run: CommandLine, tmp_path: Path, certificates: Path) -> None:
    logs, lake = write_machines(tmp_path / "logs", 4), tmp_path / "lake"
    files = {"ca": certificates / "ca.pem", "cert": certificates / "cert.pem", "key": certificates / "key.pem"}
    own = [f"--tls-{name}={path}" for name, path in files.items()]
    theirs = [f"--tls-ca-file={files['ca']}", *own[1:]]
    with scheduler_and_workers(tmp_path, "--protocol=tls", *theirs) as (_, address):
        assert address.startswith("tls://")
        done = run.process("fleet", "ingest", logs, "--lake", lake, "--scheduler", address, *own)
        assert done.code == 0, done.err
        done = run.process("fleet", "sessions", "--lake", lake, "--scheduler", address, *own, "--task-records", "300")
        assert done.code == 0, done.err
        assert len(read_snapshot(lake).tables["full_session"]) > 1, "no machine was cut"
        done = run.process("fleet", "sessions", "--lake", lake, "--scheduler", address.replace("tls", "tcp"))
        assert done.code == 2
        assert "no workers" in done.err
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")


def test_a_scheduler_that_dies_is_told_of_and_the_next_run_goes_on(run: CommandLine, tmp_path: Path) -> None:
    logs, lake = write_machines(tmp_path / "logs", 3), tmp_path / "lake"
    with scheduler_and_workers(tmp_path) as (scheduler, address):
        command = [sys.executable, "-m", "logonscope", "fleet", "ingest", str(logs), "--lake", str(lake)]
        driver = subprocess.Popen([*command, "--scheduler", address], stderr=subprocess.PIPE, text=True)
        assert driver.stderr is not None
        said = ""
        for line in driver.stderr:
            said += line
            if "hashing" in line:
                scheduler.send_signal(signal.SIGKILL)
        driver.stderr.close()
        assert driver.wait() == 2
    assert "the scheduler is gone. Start the same command again: it goes on where it was." in said
    assert "Traceback" not in said
    assert run.process("fleet", "ingest", logs, "--lake", lake, "--workers", "1").code == 0
    assert run.process("fleet", "sessions", "--lake", lake, "--workers", "1").code == 0
    assert told_by_lake(lake) == told_by_case(logs, tmp_path / "work")
