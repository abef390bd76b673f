"""Shells complete commands, options, forms and paths: bash, zsh and fish themselves, where they are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path

_COMPLETE = {
    "bash": """
        source <(logonscope completion bash)
        COMP_WORDS=({words}) COMP_CWORD={last}
        COMPREPLY=()
        compopt() {{ :; }}
        _logonscope_completion logonscope
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """,
    "zsh": """
        compdef() {{ : }}
        compadd() {{ print -l -- $completions }}
        _describe() {{ print -l -- ${{completions_with_descriptions%%:*}} }}
        source <(logonscope completion zsh)
        words=({words}) CURRENT=$(({last} + 1))
        _logonscope_completion
    """,
    "fish": """
        logonscope completion fish | source
        complete -C '{words}' | cut -f1
    """,
}
"""What a shell does when Tab is pressed."""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell: str, tmp_path: Path) -> None:
    finished = CommandLine(tmp_path)("completion", shell)
    assert (finished.code, finished.err) == (0, "")
    assert "_LOGONSCOPE_COMPLETE" in finished.out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("logonscope exp", ["explain", "export"]),
        ("logonscope export --what s", ["sessions", "sources"]),
        ("logonscope events x --format time", ["timesketch-csv", "timesketch-jsonl"]),
        ("logonscope events --fo", ["--follow", "--format", "--force"]),
    ],
)
@pytest.mark.parametrize("shell", _COMPLETE)
def test_a_shell_completes(shell: str, words: str, offered: list[str], tmp_path: Path) -> None:
    assert completed(shell, words, tmp_path) == sorted(offered)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_value_behind_its_option(shell: str, tmp_path: Path) -> None:
    """These shells replace the whole word."""
    offered = completed(shell, "logonscope events x --format=time", tmp_path)
    assert offered == ["--format=timesketch-csv", "--format=timesketch-jsonl"]


def completed(shell: str, words: str, tmp_path: Path) -> list[str]:
    """What a shell offers for the last of some words."""
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell}")
    program = tmp_path / "logonscope"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m logonscope "$@"\n')
    program.chmod(0o755)
    script = _COMPLETE[shell].format(words=words, last=words.count(" "))
    env = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}
    done = subprocess.run([shell, "-c", script], capture_output=True, text=True, env=env, timeout=120, check=True)
    return sorted(done.stdout.split())
