"""``logonscope triage``: the summary that appears without a terminal, for people or as one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from logonscope import console
from logonscope.commands import inputs as loading
from logonscope.commands.inputs import Inputs, loading_options, marking, parsed
from logonscope.commands.outputs import FILTER_HELP, PIPE_WIDTH, list_options, text_output
from logonscope.commands.questions import Questions, load_questions, question_options

if TYPE_CHECKING:
    from pathlib import Path

EXIT_CODES = """\b
Exit codes:
  0  printed
  1  printed; a rule could not be run, or the watchlist or a setting does not hold
  2  nothing could be read, or the command was not understood
  3  printed; a finding is as grave as --fail-on says
"""


@click.command(epilog=f"{FILTER_HELP}\n\n{EXIT_CODES}")
@loading_options
@list_options("text", "json")
@question_options
def triage(inputs: Inputs, form: str, file: Path | None, questions: Questions) -> None:
    """Print a summary: findings, who was on, who got in, who was refused, and what cannot be known."""
    print_triage(inputs, questions, form, file)


def print_triage(
    inputs: Inputs, questions: Questions | None = None, form: str = "text", file: Path | None = None
) -> None:
    """Load and print the summary; ends with the exit code that the findings ask for."""
    from logonscope.export.triage import write_triage
    from logonscope.export.triage_json import write_triage_json

    node = parsed(inputs.filter_text)
    questions = questions or load_questions()
    with loading.load(inputs) as case, marking(inputs.filter_text):
        outcome = questions.ask(case)
        with text_output(file) as out:
            if form == "json":
                write_triage_json(case, node, inputs.filter_text, outcome, out)
            else:
                write_triage(case, node, outcome, out, (not file and console.width()) or PIPE_WIDTH)
    questions.exit(outcome)
