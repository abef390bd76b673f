"""The options that all commands which load share: what to load, how much of it, and what to show of that."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from logonscope.display import bytes_text, plural, sanitise
from logonscope.errors import FilterError, LogonscopeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from logonscope.case.case import Case
    from logonscope.filters.terms import Node
    from logonscope.model import LoadProgress

NOTHING_READ = 2


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a command loads."""

    paths: tuple[Path, ...]
    stdin: BinaryIO | None
    """Standard input, where the user asked for it."""
    filter_text: str


def loading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options, and hand them to the command as ``inputs``."""

    @wraps(command)
    def run(*, arguments: tuple[str, ...], filter_text: str, **named: Any) -> None:
        paths, stdin, text = _split(arguments, filter_text)
        command(inputs=Inputs(tuple(paths), stdin, text), **named)

    run = click.option(
        "-f", "--filter", "filter_text", default="", metavar="FILTER", help="Show only what fits this filter."
    )(run)
    return click.argument("arguments", nargs=-1, required=True, metavar="PATH... [FILTER]")(run)


def _split(arguments: Sequence[str], filter_text: str) -> tuple[list[Path], BinaryIO | None, str]:
    """Tell paths from filter words: the first argument is a path, the others where such a path exists."""
    paths: list[Path] = []
    words: list[str] = [filter_text] if filter_text else []
    stdin: BinaryIO | None = None
    for position, argument in enumerate(arguments):
        if argument == "-":
            stdin = sys.stdin.buffer
        elif position == 0 or exists(Path(argument)) or _looks_like_path(argument):
            paths.append(Path(argument))
        else:
            words.append(argument)
    return paths, stdin, " ".join(words)


def exists(path: Path) -> bool:
    """Whether a path is there, as far as we may know."""
    try:
        return path.exists()
    except PermissionError:
        return True
    except OSError:
        return False  # e.g. a filter that is longer than a file name may be


def _looks_like_path(argument: str) -> bool:
    return argument.startswith(("/", "./", "../", "~")) or argument.lower().endswith((".evtx", ".evt"))


def parsed(text: str) -> Node:
    """Parse a filter.

    Raises:
        FilterError: It is none; the error knows the whole text.
    """
    from logonscope.filters.syntax import parse

    with marking(text):
        return parse(text)


@contextmanager
def marking(text: str) -> Iterator[None]:
    """Let an error in a filter know the whole of it, to mark the place."""
    try:
        yield
    except FilterError as error:
        error.text = text
        raise


def load(inputs: Inputs) -> Case:
    """Load without a screen; complain of what cannot be read, and give up where nothing can."""
    from logonscope.case.case import Case

    case = Case(inputs.paths, inputs.stdin)
    try:
        case.load(report=_show_progress if sys.stderr.isatty() else lambda progress: None)
        for error in case.unreadable:
            complain(error)
        if not case.sources:
            raise click.exceptions.Exit(NOTHING_READ)
    except BaseException:
        case.close()
        raise
    return case


def complain(error: LogonscopeError) -> None:
    """Say what went wrong, on standard error."""
    click.echo(f"logonscope: {sanitise(error.message)}. {sanitise(error.advice)}".rstrip(), err=True)


def _show_progress(progress: LoadProgress) -> None:
    line = (
        f"{plural(progress.records, 'record')}, {bytes_text(progress.bytes_done)} of {bytes_text(progress.bytes_total)}"
        if progress.stage == "reading"
        else "rebuilding sessions"
    )
    sys.stderr.write(f"\r\x1b[K{line}" if progress.stage not in ("done", "stopped") else "\r\x1b[K")
    sys.stderr.flush()
