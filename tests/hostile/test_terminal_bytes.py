"""What really reaches a terminal: the bytes of a pty while all screens are looked at, and what every command prints."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from commands import COMMANDS, IN_STEPS, WITHOUT_LOGS
from corpus import CANARY, write_corpus

from logonscope.cli import cli
from logonscope.display import sanitise
from support.command_line import CommandLine
from support.terminal_program import running

if TYPE_CHECKING:
    from pathlib import Path

OWN = re.compile(
    r"\x1b\[[0-9;?<>=$]*[ -/]*[A-Za-z~]|\x1b[()][AB0]|\x1b[78=>M]"
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*(?:\x07|\x1b\\)|\x1b\]22;[a-z-]*\x07"
)
"""What the program itself tells the terminal: sequences without text, what it copies as base64, the pointer's shape."""
MARKS = set("\u0301")
"""Two of them may sit on a letter."""
KEYS = "1 ENTER r ESC x ESC f ESC y 2 ENTER e ESC t ESC 3 4 5 6 F ESC w ENTER ESC p ESC A ESC W ESC ? ESC / u TAB ESC a"
NAMED = {"ENTER": b"\r", "ESC": b"\x1b", "TAB": b"\t"}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def test_every_command_is_looked_at() -> None:
    assert set(cli.commands) <= set(COMMANDS) | WITHOUT_LOGS | IN_STEPS


def test_all_screens(corpus: Path, tmp_path: Path) -> None:
    with running(corpus, tmp_path) as program:
        drawn = program.settles()
        for key in KEYS.split():
            program.press(NAMED.get(key, key.encode()))
            drawn += program.settles(0.3)
        assert program.run.poll() is None, "it is still there"
    text = drawn.decode("utf-8")
    assert CANARY in text
    assert acting(OWN.sub("", text)) == set()


def acting(text: str) -> set[str]:
    """Characters that could do something to what shows them."""
    return {character for character in text if sanitise(f"a{character}") != f"a{character}"} - MARKS - set("\r\n\b")


def forms(command: str) -> list[str]:
    """The forms of text that a command prints; its usual one where it has no choice."""
    types = [option.type for option in cli.commands[command].params if option.name == "form"]
    choices = [str(form) for kind in types if isinstance(kind, click.Choice) for form in kind.choices]
    return [form for form in choices if form not in ("auto", "parquet")] or [""]


PRINTED = [(command, form) for command in sorted(set(cli.commands) & set(COMMANDS)) for form in forms(command)]


@pytest.mark.parametrize(("command", "form"), PRINTED)
def test_what_commands_print(corpus: Path, tmp_path: Path, command: str, form: str) -> None:
    arguments = [command, *COMMANDS[command], corpus, *(["--format", form] if form else [])]
    done = CommandLine(tmp_path / "cache")(*arguments)
    assert done.code in (0, 1, 3), done.err
    for text in (done.out, done.err):
        assert acting(text) == set()


def test_what_a_fleet_prints(corpus: Path, tmp_path: Path) -> None:
    """A file of a hostile name is read beside one that cannot be."""
    gone = tmp_path / f"gone{CANARY}\x1b]0;owned\x07.evtx"
    gone.symlink_to("nowhere")
    for step in (["ingest", corpus, gone], ["sessions"]):
        command = [sys.executable, "-m", "logonscope", "fleet", *step, "--lake", tmp_path / "lake", "--workers", "1"]
        done = subprocess.run(command, capture_output=True, timeout=120, check=False)
        assert done.returncode in (0, 1), done.stderr
        assert acting(done.stdout.decode() + done.stderr.decode()) == set()
    printed = CommandLine(tmp_path / "cache")("sessions", tmp_path / "lake")
    assert printed.code == 0, printed.err
    assert acting(printed.out + printed.err) == set()
