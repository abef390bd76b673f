"""``logonscope columns``: what every column of an export means."""

from __future__ import annotations

import json
import sys
from textwrap import wrap
from typing import TYPE_CHECKING, TextIO

import click

from logonscope import console
from logonscope.commands.export import WHAT
from logonscope.commands.outputs import epilog, examples, form_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OTHERS = ("timesketch", "ecs")
_PIPE_WIDTH = 100
_INDENT = 34
_MARKDOWN_HEAD = """# Columns

Written by `logonscope columns --format markdown`. Times are UTC. CSV and JSON lines have no column `tick`: their times
have its digit. Timesketch gets its own columns before those of a list; ECS documents leave out what a record lacks.
"""


@click.command(
    epilog=epilog(examples("logonscope columns sessions", "logonscope columns ecs", "logonscope columns --json"))
)
@click.argument("what", nargs=-1, type=click.Choice((*WHAT, *_OTHERS)))
@form_options("text", "jsonl", "markdown")
def columns(what: tuple[str, ...], form: str) -> None:
    """Explain the columns of what is exported: of one list, of Timesketch, of ECS, or of all."""
    write_columns(what or (*WHAT, *_OTHERS), form, sys.stdout, console.width() or _PIPE_WIDTH)


def write_columns(whats: Iterable[str], form: str, out: TextIO, width: int) -> None:
    """Write the explanation.

    Args:
        whats: Names of lists, ``timesketch`` or ``ecs``.
        form: ``text``, ``jsonl`` or ``markdown``.
        out: Where to write.
        width: Characters to a line of text.
    """
    if form == "markdown":
        out.write(_MARKDOWN_HEAD)
    for what in whats:
        rows = list(_columns(what))
        if form == "jsonl":
            keys = ("list", "column", "kind", "means")
            out.writelines(json.dumps(dict(zip(keys, (what, *row), strict=True))) + "\n" for row in rows)
        elif form == "markdown":
            out.write(f"\n## {what}\n\n| column | kind | what it says |\n|---|---|---|\n")
            out.writelines(f"| `{name}` | {kind} | {means.replace('|', '/')} |\n" for name, kind, means in rows)
        else:
            out.write(f"{what}\n")
            for name, kind, means in rows:
                head = f"  {name:<17} {kind:<13} "
                out.writelines(
                    f"{line}\n" for line in wrap(head + means, max(width, 60), subsequent_indent=" " * _INDENT)
                )  # fmt: skip


def _columns(what: str) -> Iterator[tuple[str, str, str]]:
    from logonscope.export.ecs import ecs_names
    from logonscope.export.fields import SHOWN
    from logonscope.export.lists import LISTS
    from logonscope.export.timesketch import FIELDS

    if what == "ecs":
        names = ecs_names()
        told = {name: f"The column {column}." for name, column in (*names.columns.items(), *names.numbers.items())}
        told |= {name: f"Made of the record: {made}." for name, made in names.made.items()}
        told |= {name: f"Always {text}." for name, text in names.constants.items()}
        yield from ((name, "ECS", means) for name, means in sorted(told.items()))
    else:
        fields = FIELDS if what == "timesketch" else LISTS[what].fields
        yield from ((field.name, SHOWN[field.kind], field.means) for field in fields)
