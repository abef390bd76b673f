"""Runs the command line: in this process, or in one of its own where pipes and the interpreter's end matter."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from logonscope import cli
from logonscope.case.case import Case
from logonscope.commands import inputs as commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pytest

    from logonscope.commands.inputs import Inputs

_LOAD = commands.load
_STUCK_SECONDS = 120
"""A run that asks for this long waits for something that never comes."""


@dataclass(frozen=True)
class Finished:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def complaints(self) -> list[str]:
        return self.err.splitlines()


class CommandLine:
    """``logonscope`` without a terminal.

    Args:
        cache: Takes the place of the user's cache folder.
        case: A loaded case; runs in this process use it, whatever paths they name, and load nothing.
    """

    def __init__(self, cache: Path, case: Case | None = None) -> None:
        self.cache = cache
        self._case = case

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Finished:
        """Run it here."""
        out, err, typed = (io.TextIOWrapper(io.BytesIO(part), "utf-8", newline="") for part in (b"", b"", stdin))
        code: Any = 0
        with (
            patch.object(sys, "argv", ["logonscope", *map(str, arguments)]),
            patch.object(sys, "stdin", typed),
            patch.dict(
                os.environ,
                XDG_CACHE_HOME=str(self.cache),
                XDG_CONFIG_HOME=os.environ.get("XDG_CONFIG_HOME", str(self.cache / "config")),
            ),
            patch.object(cli, "load", self._load),
            patch.object(commands, "load", self._load),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            try:
                cli.main()
            except SystemExit as end:
                code = end.code
        return Finished(code or 0, _text(out), _text(err))

    def _load(self, inputs: Inputs) -> AbstractContextManager[Case]:
        return nullcontext(self._case) if self._case else _LOAD(inputs)

    def process(
        self,
        *arguments: object,
        stdin: Any = subprocess.DEVNULL,
        stdout: Any = subprocess.PIPE,
        encoding: str = "utf-8",
    ) -> Finished:
        """Run it in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "logonscope", *map(str, arguments)],
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, "XDG_CACHE_HOME": str(self.cache), "PYTHONIOENCODING": encoding},
            timeout=_STUCK_SECONDS,
            check=False,
        )
        return Finished(done.returncode, (done.stdout or b"").decode(encoding), done.stderr.decode(encoding))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


@contextmanager
def on_loaded_case(path: Path, folders: pytest.TempPathFactory) -> Iterator[CommandLine]:
    """A command line all of whose runs in this process use one loaded case."""
    with Case([path], work_parent=folders.mktemp("work")) as case:
        case.load()
        yield CommandLine(folders.mktemp("cache"), case)
