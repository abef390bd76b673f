"""``logonscope export``: any list in any form, to a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from logonscope.commands.inputs import loading_options
from logonscope.commands.listing import print_list, scope_options
from logonscope.commands.outputs import EVENT_FORMS, EXIT_CODES, FILTER_HELP, epilog, examples, list_options

if TYPE_CHECKING:
    from logonscope.case.view import Scope
    from logonscope.commands.inputs import Inputs
    from logonscope.commands.outputs import Output

WHAT = ("events", "sessions", "users", "sources", "boots", "coverage", "findings", "types", "first-seen")
_BY_ENDING = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".xml": "xml"}
_AUTO = "by ending"


@click.command(
    epilog=epilog(
        examples(
            "logonscope export Logs --what sessions -o sessions.parquet",
            "logonscope export Logs is:failure -o failures.csv",
            "logonscope export Logs --what sessions --format timesketch-csv -o timeline.csv",
            "logonscope export Logs 'user:alice event:4624' --format ecs -o alice.jsonl",
            "logonscope export Logs 'record:5816..5844 machine:TS01' --format xml -o records.xml",
        ),
        "Without --format, the file's ending decides; `logonscope columns` explains every column. The file appears when"
        " it is whole; nothing is written within the evidence.",
        FILTER_HELP,
        EXIT_CODES,
    )
)
@loading_options
@click.option("--what", type=click.Choice(WHAT), default="events", help="Which list.")
@list_options(_AUTO, *EVENT_FORMS[1:])
@scope_options
def export(inputs: Inputs, what: str, output: Output, scope: Scope) -> None:
    """Write a list to a file: events, sessions, users, sources, boots, coverage, findings, types; rows cite records.

    CSV, JSON lines, Parquet, Timesketch (CSV or JSON lines), ECS documents by winlogbeat's names, and the XML of
    records as Windows wrote it.
    """
    if named := next((path.name for path in inputs.paths if str(path) in WHAT and not path.exists()), None):
        raise click.UsageError(f"{named} is a list, not a file: --what {named}")
    if output.form == _AUTO:
        ending = output.file.suffix.lower() if output.file else ""
        output = replace(output, form=_BY_ENDING.get(ending, "csv"))
    print_list(what, inputs, output, scope=scope if what == "sessions" else None)
