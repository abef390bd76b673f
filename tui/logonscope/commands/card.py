"""``logonscope user``, ``source`` and ``machine``: the card of one of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from logonscope.commands import inputs as loading
from logonscope.commands.inputs import Inputs, loading_options, marking, parsed
from logonscope.commands.outputs import EXIT_CODES, FILTER_HELP, PIPE_WIDTH, Output, epilog, examples, list_options
from logonscope.commands.questions import Questions, question_options

if TYPE_CHECKING:
    from logonscope.case.card import Subject


def _epilog(*lines: str) -> str:
    return epilog(examples(*lines), FILTER_HELP, EXIT_CODES)


@click.command(epilog=_epilog("logonscope user alice Logs", r"logonscope user 'ALDER\svc_*' Logs since:-7d --json"))
@click.argument("name")
@loading_options
@list_options("text", "jsonl")
@question_options
def user(**asked: Any) -> None:
    r"""Print all about one user: alice, ALDER\alice, a SID, svc_*."""
    _print_card("user", **asked)


@click.command(epilog=_epilog("logonscope source 203.0.113.77 Logs", "logonscope source 10.20.0.0/16 Logs --json"))
@click.argument("name", metavar="ADDRESS")
@loading_options
@list_options("text", "jsonl")
@question_options
def source(**asked: Any) -> None:
    """Print all about where somebody came from: an address, a range, or a workstation."""
    _print_card("source", **asked)


@click.command(epilog=_epilog("logonscope machine TS01 Logs", "logonscope machine 'WS*' Logs --json"))
@click.argument("name")
@loading_options
@list_options("text", "jsonl")
@question_options
def machine(**asked: Any) -> None:
    """Print all about one machine whose logs are loaded."""
    _print_card("machine", **asked)


def _print_card(kind: Subject, name: str, inputs: Inputs, output: Output, questions: Questions) -> None:
    from logonscope.case.card import subject_card
    from logonscope.export.card import write_card_jsonl
    from logonscope.export.facts import write_facts
    from logonscope.facts.card import card_facts
    from logonscope.facts.heatmap import fits_encoding

    node = parsed(inputs.filter_text)
    with loading.load(inputs) as case, marking(inputs.filter_text):
        con = case.cursor()
        outcome = questions.ask(case, con)
        card = subject_card(case, kind, name, node, outcome, con)
        with output.text() as out:
            if output.form == "jsonl":
                write_card_jsonl(case, card, out)
            else:
                blocks = fits_encoding("utf-8" if output.file else sys.stdout.encoding)
                write_facts(card_facts(card, blocks=blocks), out, output.width or PIPE_WIDTH)
    questions.exit(outcome)
