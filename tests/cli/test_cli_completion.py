"""Shells complete commands, options, forms and paths; bash really does."""

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

_COMPLETE = """
source <(logonscope completion bash)
COMP_WORDS=({words}) COMP_CWORD={last}
COMPREPLY=()
compopt() {{ :; }}
_logonscope_completion logonscope
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(shell: str, tmp_path: Path) -> None:
    finished = CommandLine(tmp_path)("completion", shell)
    assert (finished.code, finished.err) == (0, "")
    assert "_LOGONSCOPE_COMPLETE" in finished.out


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["logonscope", "exp"], ["explain", "export"]),
        (["logonscope", "export", "--what", "s"], ["sessions", "sources"]),
        (["logonscope", "events", "x", "--format", "time"], ["timesketch-csv", "timesketch-jsonl"]),
        (["logonscope", "events", "--fo"], ["--follow", "--format", "--force"]),
    ],
)
def test_bash_completes(words: list[str], offered: list[str], tmp_path: Path) -> None:
    program = tmp_path / "logonscope"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m logonscope "$@"\n')
    program.chmod(0o755)
    script = _COMPLETE.format(words=" ".join(words), last=len(words) - 1)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, env=os.environ | {"PATH": path}, timeout=120, check=True
    )
    assert sorted(done.stdout.split()) == sorted(offered)
