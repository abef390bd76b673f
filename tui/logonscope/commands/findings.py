"""``logonscope findings``: what the rules found, with the records that each finding rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from logonscope.commands import inputs as loading
from logonscope.commands.inputs import Inputs, loading_options
from logonscope.commands.outputs import list_options, write_rows
from logonscope.commands.questions import Questions, question_options
from logonscope.commands.triage import EXIT_CODES

if TYPE_CHECKING:
    from pathlib import Path


@click.command(epilog=EXIT_CODES)
@loading_options
@list_options("table", "csv", "jsonl")
@question_options
def findings(inputs: Inputs, form: str, file: Path | None, questions: Questions) -> None:
    """Print what to look at first: questions with their evidence, never verdicts."""
    from logonscope.export.findings import FINDING_COLUMNS, finding_fields
    from logonscope.facts.finding import outcome_notes

    if inputs.filter_text:
        raise click.UsageError(f"The rules look at all that is loaded, so no filter holds: {inputs.filter_text}")
    with loading.load(inputs) as case:
        outcome = questions.ask(case)
        write_rows(outcome.found, FINDING_COLUMNS, finding_fields(case), form, file)
    for line in outcome_notes(outcome):
        click.echo(f"logonscope: {line}", err=True)
    questions.exit(outcome)
