"""The options that all commands which print share: in which form, and where to."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, TypeVar

import click

from logonscope import console
from logonscope.commands.inputs import exists
from logonscope.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from logonscope.columns import Column
    from logonscope.export.records import Field

Output = TypeVar("Output")
FILTER_HELP = "Filters are the same everywhere: user:alice type:10,rdp event:4624 ip:10.0.0.0/8 is:person since:-2h"
"""The last words of the help of a command that takes a filter."""
PIPE_WIDTH = 160
"""Characters to a line of prose where the output goes to no terminal."""


def _new_file(context: click.Context, option: click.Parameter, file: Path | None) -> Path | None:
    """Refuse a file that is there: it may be evidence, and nothing is written over."""
    if file is not None and exists(file):
        raise click.BadParameter(f"{file} is there already, and no file is written over.", context, option)
    return file


def list_options(*formats: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """How to print, and where to; the first form is the usual one."""
    path = click.Path(path_type=Path)
    to_file = click.option("-o", "--output", "file", type=path, callback=_new_file, help="Write to this new file.")
    usual = formats[0]
    format_option = click.option("--format", "form", type=click.Choice(formats), default=usual, help="How to print.")
    return lambda command: format_option(to_file(command))


def write_rows(
    rows: Iterable[Any], columns: tuple[Column[Any], ...], fields: tuple[Field[Any], ...], form: str, file: Path | None
) -> None:
    """Write rows as the user asked for."""
    from logonscope.export.writers import write_csv, write_jsonl, write_table

    if form == "parquet":
        from logonscope.export.parquet import write_parquet

        with binary_output(file) as out:
            write_parquet(rows, fields, out)
        return
    with text_output(file) as lines:
        if form == "table":
            write_table(rows, columns, lines, None if file else console.width())
        elif form == "csv":
            write_csv(rows, fields, lines)
        else:
            write_jsonl(rows, fields, lines)


def text_output(file: Path | None) -> AbstractContextManager[TextIO]:
    """Standard output, or a new file.

    Raises:
        OutputError: The file cannot be made.
    """
    if file is None:
        return nullcontext(sys.stdout)
    return _created(file, lambda: file.open("x", encoding="utf-8", newline="\n", errors="backslashreplace"))


def binary_output(file: Path | None) -> AbstractContextManager[BinaryIO]:
    """Standard output, or a new file, for bytes.

    Raises:
        OutputError: The file cannot be made.
    """
    return nullcontext(sys.stdout.buffer) if file is None else _created(file, lambda: file.open("xb"))


def _created(file: Path, create: Callable[[], Output]) -> Output:
    try:
        return create()
    except OSError as error:
        raise OutputError(f"{file}: {error.strerror or error}", "Name another file.") from error
