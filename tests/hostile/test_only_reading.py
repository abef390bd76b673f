"""Whatever is asked, evidence is only read, nothing goes over the network, and no other program is started."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands import COMMANDS
from corpus import write_corpus

from logonscope.cli import cli
from logonscope.readers.evidence import open_evidence
from support.archived import zipped
from support.logs import two_boots, write_machine
from support.terminal_program import Program
from support.watched import BROKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).resolve().parents[1]
OLD = 1_700_000_000_000_000_000
"""Older than a day: a file system that keeps access times at all would note a reading now."""
KEYS = "1 r ESC x ESC 2 e ESC 4 5 6"


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Logs of a machine, hostile ones, some in an archive, and a file that is none."""
    folder = tmp_path / "evidence"
    write_machine(two_boots(), folder)
    write_corpus(folder / "hostile")
    (folder / "logs.zip").write_bytes(zipped({"a.evtx": next(folder.rglob("Security.evtx")).read_bytes()}))
    (folder / "image.bin").write_bytes(bytes(70_000))
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, ns=(OLD, OLD + 1))
    return folder


def seen(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that the file system shows of a folder; access times of files where they are not to be touched."""
    return {str(path): tuple(_looks(path)) for path in [folder, *sorted(folder.rglob("*"))]}


def _looks(path: Path) -> Iterator[object]:
    status = path.stat()
    yield from (status.st_mode, status.st_ino, status.st_nlink, status.st_uid, status.st_size)
    yield from (status.st_mtime_ns, status.st_ctime_ns)
    if path.is_file():
        if hasattr(os, "O_NOATIME"):
            yield status.st_atime_ns
        with open_evidence(path) as file:
            yield hashlib.sha256(file.read()).hexdigest()


def environment(home: Path) -> dict[str, str]:
    folders = {f"XDG_{name}_HOME": str(home / name) for name in ("CACHE", "STATE", "CONFIG")}
    path = os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])
    return os.environ | folders | {"PYTHONPATH": path}


def watched(evidence: Path, home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "support.watched", evidence, *arguments]
    return subprocess.run(
        list(map(str, command)), env=environment(home), capture_output=True, text=True, check=False, cwd=home
    )


@pytest.mark.parametrize("command", sorted(set(cli.commands) & set(COMMANDS)))
def test_commands(evidence: Path, tmp_path: Path, command: str) -> None:
    before = seen(evidence)
    done = watched(evidence, tmp_path, command, *COMMANDS[command], evidence)
    assert done.returncode != BROKEN, done.stderr
    assert "Traceback" not in done.stderr
    assert seen(evidence) == before


def test_salvage(evidence: Path, tmp_path: Path) -> None:
    before = seen(evidence)
    done = watched(evidence, tmp_path, "events", "--salvage", evidence)
    assert done.returncode == 0, done.stderr
    assert seen(evidence) == before


def test_the_browser(evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = seen(evidence)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    program = Program(evidence, evidence, home=tmp_path, module="support.watched")
    try:
        program.shows(b"loaded")
        for key in KEYS.split():
            program.press({"ESC": b"\x1b"}.get(key, key.encode()))
            program.settles(0.2)
        program.press(b"F")
        program.shows(b"Look here first")
        program.press(b"\x1b")
        program.settles()
        program.press(b"p")
        program.shows(b"What is wrong")
        program.press(b"S")
        program.shows(b"recovered")
        program.press(b"\x1b")
        program.settles(0.2)
        program.press(b"q")
        program.rest()
        program.ends()
        assert program.run.returncode == 0
    finally:
        program.run.kill()
        program.run.wait()
    assert seen(evidence) == before


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import pickle; pickle.loads(pickle.dumps(open))",
        "open(EVIDENCE + '/new', 'w')",
        "import os; os.utime(EVIDENCE)",
    ],
)
def test_the_watch_sees_what_must_not_be(evidence: Path, tmp_path: Path, deed: str) -> None:
    code = f"from support.watched import watch; EVIDENCE = {str(evidence)!r}; watch(EVIDENCE); {deed}"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == BROKEN
    assert "never to be done" in done.stderr
