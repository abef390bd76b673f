"""``logonscope check``: what each file is, and how much of it can be read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from logonscope import console
from logonscope.commands.outputs import epilog, examples, form_options
from logonscope.display import sanitise
from logonscope.errors import StoreError

if TYPE_CHECKING:
    from logonscope.errors import SourceError

_PARTLY, _NOTHING = 1, 2
_PIPE_WIDTH = 120
_CHECK_FILES = "Opening a lake checks its files; check the logs that it was made of."
_EPILOG = epilog(
    examples("logonscope check Security.evtx", "logonscope check collection.zip --json"),
    "Exit code 0: all was read; 1: not all; 2: nothing. Signs of tampering do not change it.",
)


@click.command(epilog=_EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATHS...")
@form_options("table", "jsonl")
def check(paths: tuple[str, ...], form: str) -> None:
    """Say of each file what it is and how much of it can be read, with the place of every fault.

    Of .evtx files also: chunks, header flags, checksums, stale and hidden records, and what tampering leaves behind.
    """
    from logonscope.case.checking import check_file
    from logonscope.export.facts import write_facts
    from logonscope.export.verdicts import error_json, verdict_json
    from logonscope.facts.verdict import verdict_facts
    from logonscope.lake.address import is_address
    from logonscope.lake.snapshot import is_lake
    from logonscope.readers.sources import find_sources

    for path in paths:
        if is_address(path) or is_lake(Path(path)):
            raise StoreError(f"{path}: only files and folders of logs are checked", _CHECK_FILES)
    errors: list[SourceError] = []
    verdicts: list[str] = []
    for file in find_sources(map(Path, paths), errors):
        verdict = check_file(file)
        if form == "jsonl":
            click.echo(verdict_json(verdict))
        else:
            if verdicts:
                click.echo()
            write_facts(verdict_facts(verdict), sys.stdout, console.width() or _PIPE_WIDTH)
        verdicts.append(verdict.verdict)
    for error in errors:
        if form == "jsonl":
            click.echo(error_json(error))
        else:
            click.echo(f"logonscope: {sanitise(error.message)}. {sanitise(error.advice)}".rstrip(), err=True)
    if not verdicts or set(verdicts) == {"nothing"}:
        raise click.exceptions.Exit(_NOTHING)
    if errors or set(verdicts) != {"complete"}:
        raise click.exceptions.Exit(_PARTLY)
