"""Every example in a help text runs, on the logs of the demo."""

from __future__ import annotations

import shlex
import shutil
from typing import TYPE_CHECKING

import click
import pytest

from logonscope.case.demo_case import demo_logs
from logonscope.cli import cli
from support.command_line import CommandLine, on_loaded_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ELSEWHERE = ("logonscope fleet", "logonscope lake", "--follow", "|", "@")
"""Examples that need a cluster or another program, or that never end."""


def examples(command: click.Command) -> Iterator[str]:
    """The command lines in the help of a command and of those within it."""
    for line in (command.epilog or "").splitlines():
        if line.startswith("  logonscope "):
            yield line.strip()
    if isinstance(command, click.Group):
        for within in command.commands.values():
            yield from examples(within)


def in_the_demo(line: str) -> str:
    """An example with a user of the demo, whose logs lie in the present folder."""
    return line.replace("/mnt/evidence/winevt/", "").replace("alice", "jonas.weiss")


EXAMPLES = [line for line in examples(cli) if not any(part in line for part in ELSEWHERE)]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has what the examples name."""
    folder = tmp_path_factory.mktemp("examples")
    demo_logs(folder / "Logs")
    shutil.make_archive(str(folder / "collection"), "zip", folder / "Logs")
    shutil.copy(next((folder / "Logs").rglob("Security.evtx")), folder)
    (folder / "own.toml").write_text("", "utf-8")
    return folder


@pytest.fixture(scope="module")
def logonscope(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(logs / "Logs", tmp_path_factory) as command_line:
        yield command_line


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 40


@pytest.mark.parametrize("line", EXAMPLES)
def test_an_example_runs(
    line: str, logs: Path, logonscope: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for named in ("Logs", "collection.zip", "Security.evtx", "own.toml"):
        (tmp_path / named).symlink_to(logs / named)
    words = shlex.split(in_the_demo(line.partition(" > ")[0]), comments=True)[1:]
    finished = logonscope(*words)
    assert finished.code == (3 if "--fail-on" in words else 0), finished.err
    assert finished.err == ""
    if "-o" in words:
        assert (tmp_path / words[words.index("-o") + 1]).stat().st_size
    else:
        assert finished.out
