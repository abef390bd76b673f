"""``logonscope formats``: what can be read, who writes it, and what it cannot carry."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, TextIO

import click

from logonscope import console
from logonscope.commands.outputs import form_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.readers.formats import Format

_PIPE_WIDTH = 100
_NAME_WIDTH = 9


@click.command()
@form_options("table", "jsonl")
def formats(form: str) -> None:
    """List the formats that can be read, and what each of them cannot carry."""
    from logonscope.readers.formats import formats as listed

    write_formats(list(listed().values()), form, sys.stdout, console.width() or _PIPE_WIDTH)


def write_formats(entries: list[Format], form: str, out: TextIO, width: int) -> None:
    """Write the list.

    Args:
        entries: The formats.
        form: ``table`` or ``jsonl``.
        out: Where to write.
        width: Characters to a line of the table.
    """
    from logonscope.readers.formats import variants

    for entry in entries:
        if form == "jsonl":
            shapes = [shape._asdict() for shape in variants(entry)]
            keys = ("name", "words", "made_by", "lacks", "lacks_columns")
            out.write(json.dumps({key: getattr(entry, key) for key in keys} | {"shapes": shapes}) + "\n")
        else:
            out.writelines(f"{line}\n" for line in _lines(entry, width))
    if form != "jsonl":
        out.writelines(f"{line}\n" for line in _archives(width))


def _archives(width: int) -> Iterator[str]:
    from logonscope.readers.archives.limits import USUAL
    from logonscope.readers.archives.search import KINDS

    words = f"All of them also in archives ({', '.join(KINDS)}), and in archives in those, {USUAL.depth} levels deep."
    yield from _wrapped(words, width, 0)


def _lines(entry: Format, width: int) -> Iterator[str]:
    from logonscope.readers.formats import variants

    yield from _wrapped(f"{entry.name:<{_NAME_WIDTH}} {entry.words}", width, _NAME_WIDTH + 1)
    inside = " " * (_NAME_WIDTH + 1)
    yield from _wrapped(f"{inside}made by  {entry.made_by}", width, _NAME_WIDTH + 10)
    yield from _wrapped(f"{inside}lacks    {entry.lacks or 'nothing'}", width, _NAME_WIDTH + 10)
    for shape in variants(entry):
        yield from _wrapped(f"{inside}  {shape.words}: {shape.lacks}", width, _NAME_WIDTH + 5)


def _wrapped(text: str, width: int, indent: int) -> list[str]:
    return textwrap.wrap(text, max(width, indent + 20), subsequent_indent=" " * indent, break_on_hyphens=False)
