"""The options that all commands which print share: in which form, and where to."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

import click

from logonscope import console
from logonscope.display import sanitise
from logonscope.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from logonscope.commands.inputs import Inputs

FILTER_HELP = "Filters are the same everywhere: user:alice type:10,rdp event:4624 ip:10.0.0.0/8 is:person since:-2h"
"""The last words of the help of a command that takes a filter."""
EXIT_CODES = """\b
Exit codes:
  0  printed
  1  printed, but not all: something could not be read or run, or a setting does not hold
  2  nothing could be read or written, or the command was not understood
  3  printed; a finding is as grave as --fail-on says
"""
"""The exit codes of all commands, for their help."""
LIST_FORMS = ("table", "csv", "jsonl", "parquet", "timesketch-csv", "timesketch-jsonl")
EVENT_FORMS = (*LIST_FORMS, "ecs", "xml")
PLAIN_FORMS = LIST_FORMS[:4]
"""Of rows that have no place in a timeline."""
PIPE_WIDTH = 160
"""Characters to a line of prose where the output goes to no terminal."""


def examples(*lines: str) -> str:
    """Command lines for the end of a help text, each as it is typed."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def epilog(*parts: str) -> str:
    """Paragraphs for the end of a help text."""
    return "\n\n".join(parts)


@dataclass(frozen=True, slots=True)
class Output:
    """How a command prints, and where to."""

    form: str
    file: Path | None = None
    """A file to be made; standard output if None."""
    force: bool = False
    """Whether a file that is there is written over."""
    evidence: tuple[Path, ...] = ()
    """What nothing is written to."""

    @property
    def width(self) -> int | None:
        """Characters to a line of the terminal; None where the output goes elsewhere."""
        return None if self.file else console.width()

    def text(self) -> AbstractContextManager[TextIO]:
        """Where to print lines.

        Raises:
            OutputError: The file cannot be made.
        """
        from logonscope.export.target_file import open_text_target

        if self.file is None:
            return nullcontext(sys.stdout)
        return open_text_target(self.file, self.evidence, self.force)

    def binary(self, *, is_text: bool = True) -> AbstractContextManager[BinaryIO]:
        """Where to write bytes.

        Args:
            is_text: Whether they are lines of UTF-8, to be written in the encoding of the terminal.

        Raises:
            OutputError: The file cannot be made.
        """
        from logonscope.export.target_file import open_target

        if self.file is None:
            return nullcontext(as_bytes(sys.stdout) if is_text else sys.stdout.buffer)
        return open_target(self.file, self.evidence, self.force)

    @contextmanager
    def growing(self) -> Iterator[TextIO]:
        """Where to print lines that others read as they come: the file has its name from the beginning.

        Raises:
            OutputError: The file cannot be made.
        """
        if self.file is None:
            yield sys.stdout
            return
        try:
            out = self.file.open("x", encoding="utf-8", newline="\n", errors="backslashreplace")
        except OSError as error:
            raise OutputError(f"{self.file}: {error.strerror or error}", "Name another file.") from error
        with out:
            yield out


def list_options(*formats: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Add the options, and hand them to the command as ``output``; the first form is the usual one."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*, form: str, as_json: bool, file: Path | None, force: bool, **named: Any) -> None:
            inputs: Inputs | None = named.get("inputs")
            evidence = inputs.paths if inputs else ()
            chosen = json_form if as_json else form
            command(output=Output(chosen, file, may_write(file, evidence, force), evidence), **named)

        json_form = _json_form(formats)
        listed: Callable[..., None] = run
        for option in (
            click.option("--force", is_flag=True, help="Write over a file that is there."),
            click.option("-o", "--output", "file", type=click.Path(path_type=Path), help="Write to this file."),
            _json_option(json_form),
            _form_option(formats),
        ):
            listed = option(listed)
        return listed

    return add


def form_options(*formats: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The same for a command that prints only: hands it the form as ``form``."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*, form: str, as_json: bool, **named: Any) -> None:
            command(form=json_form if as_json else form, **named)

        json_form = _json_form(formats)
        return _form_option(formats)(_json_option(json_form)(run))

    return add


def _json_form(formats: tuple[str, ...]) -> str:
    return next((name for name in formats if name.startswith("json")), formats[0])


def _json_option(json_form: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option("--json", "as_json", is_flag=True, help=f"The same as --format {json_form}.")


def _form_option(formats: tuple[str, ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option("--format", "form", type=click.Choice(formats), default=formats[0], help="How to print.")


def may_write(file: Path | None, evidence: tuple[Path, ...], force: bool) -> bool:
    """See whether a file may be made, before the work that fills it; at a terminal, ask before one is written over.

    Returns:
        Whether to write over it.

    Raises:
        OutputError: It may not.
    """
    if file is None:
        return force
    from logonscope.export.target_file import check_target

    if not force and file.is_file() and sys.stdin.isatty() and sys.stderr.isatty():
        check_target(file, evidence, force=True)
        return click.confirm(f"{sanitise(str(file))} is there already. Write over it?", abort=True, err=True)
    check_target(file, evidence, force)
    return force


def as_bytes(lines: TextIO) -> BinaryIO:
    """A text stream that takes lines of UTF-8 as bytes, in whatever encoding it writes."""
    lines.flush()
    if (lines.encoding or "").lower().replace("-", "") == "utf8":
        return lines.buffer
    return cast("BinaryIO", _Recoded(lines))


class _Recoded(io.RawIOBase):
    def __init__(self, lines: TextIO) -> None:
        self._lines = lines

    def write(self, part: Any, /) -> int:
        self._lines.write(bytes(part).decode())
        return len(part)

    def fileno(self) -> int:
        return self._lines.fileno()
