"""``logonscope findings``: what the rules found, with the records that each finding rests on."""

from __future__ import annotations

import click

from logonscope.commands import inputs as loading
from logonscope.commands.inputs import Inputs, loading_options
from logonscope.commands.listing import check_form, write_found
from logonscope.commands.outputs import EXIT_CODES, LIST_FORMS, Output, epilog, examples, list_options
from logonscope.commands.questions import Questions, question_options


@click.command(
    epilog=epilog(
        examples("logonscope findings Logs --fail-on high", "logonscope findings Logs --watchlist own.toml --json"),
        EXIT_CODES,
    )
)
@loading_options
@list_options(*LIST_FORMS)
@question_options
def findings(inputs: Inputs, output: Output, questions: Questions) -> None:
    """Print what to look at first: questions with their evidence, never verdicts."""
    from logonscope.export.lists import LISTS, found_findings
    from logonscope.facts.finding import outcome_notes

    if inputs.filter_text:
        raise click.UsageError(f"The rules look at all that is loaded, so no filter holds: {inputs.filter_text}")
    check_form(LISTS["findings"], output)
    with loading.load(inputs) as case:
        outcome = questions.ask(case)
        write_found(case, LISTS["findings"], found_findings(case, outcome.found), output)
    for line in outcome_notes(outcome):
        click.echo(f"logonscope: {line}", err=True)
    questions.exit(outcome)
