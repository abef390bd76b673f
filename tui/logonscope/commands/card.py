"""``logonscope user``, ``source`` and ``machine``: the card of one of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from logonscope import console
from logonscope.commands import inputs as loading
from logonscope.commands.inputs import Inputs, loading_options, marking, parsed
from logonscope.commands.outputs import FILTER_HELP, PIPE_WIDTH, list_options, text_output
from logonscope.commands.questions import Questions, question_options

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.case.card import Subject


@click.command(epilog=FILTER_HELP)
@click.argument("name")
@loading_options
@list_options("text", "jsonl")
@question_options
def user(**asked: Any) -> None:
    r"""Print all about one user: alice, ALDER\alice, a SID, svc_*."""
    _print_card("user", **asked)


@click.command(epilog=FILTER_HELP)
@click.argument("name", metavar="ADDRESS")
@loading_options
@list_options("text", "jsonl")
@question_options
def source(**asked: Any) -> None:
    """Print all about where somebody came from: an address, a range, or a workstation."""
    _print_card("source", **asked)


@click.command(epilog=FILTER_HELP)
@click.argument("name")
@loading_options
@list_options("text", "jsonl")
@question_options
def machine(**asked: Any) -> None:
    """Print all about one machine whose logs are loaded."""
    _print_card("machine", **asked)


def _print_card(kind: Subject, name: str, inputs: Inputs, form: str, file: Path | None, questions: Questions) -> None:
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
        with text_output(file) as out:
            if form == "jsonl":
                write_card_jsonl(case, card, out)
            else:
                blocks = fits_encoding("utf-8" if file else sys.stdout.encoding)
                write_facts(card_facts(card, blocks=blocks), out, (not file and console.width()) or PIPE_WIDTH)
    questions.exit(outcome)
