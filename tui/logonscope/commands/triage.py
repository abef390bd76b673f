"""``logonscope triage``: the summary that appears without a terminal, for people or as one JSON object."""

from __future__ import annotations

import click

from logonscope.commands import inputs as loading
from logonscope.commands.inputs import Inputs, loading_options, marking, parsed
from logonscope.commands.outputs import EXIT_CODES, FILTER_HELP, PIPE_WIDTH, Output, epilog, examples, list_options
from logonscope.commands.questions import Questions, load_questions, question_options

_PRINTED = Output("text")


@click.command(
    epilog=epilog(
        examples("logonscope triage Logs", "logonscope triage Logs user:alice --json -o alice.json"),
        FILTER_HELP,
        EXIT_CODES,
    )
)
@loading_options
@list_options("text", "json")
@question_options
def triage(inputs: Inputs, output: Output, questions: Questions) -> None:
    """Print a summary: findings, who was on, who got in, who was refused, and what cannot be known."""
    print_triage(inputs, questions, output)


def print_triage(inputs: Inputs, questions: Questions | None = None, output: Output = _PRINTED) -> None:
    """Load and print the summary; ends with the exit code that the findings ask for."""
    from logonscope.export.triage import write_triage
    from logonscope.export.triage_json import write_triage_json

    node = parsed(inputs.filter_text)
    questions = questions or load_questions()
    with loading.load(inputs) as case, marking(inputs.filter_text):
        outcome = questions.ask(case)
        with output.text() as out:
            if output.form == "json":
                write_triage_json(case, node, inputs.filter_text, outcome, out)
            else:
                write_triage(case, node, outcome, out, output.width or PIPE_WIDTH)
    questions.exit(outcome)
