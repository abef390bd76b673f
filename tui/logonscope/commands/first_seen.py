"""``logonscope first-seen``: who came from where, how and to which machine for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from logonscope.commands import inputs as loading
from logonscope.commands.inputs import Inputs, loading_options, marking, parsed
from logonscope.commands.outputs import FILTER_HELP, list_options, write_rows

if TYPE_CHECKING:
    from pathlib import Path


@click.command("first-seen", epilog=FILTER_HELP)
@loading_options
@list_options("table", "csv", "jsonl")
def first_seen(inputs: Inputs, form: str, file: Path | None) -> None:
    """Print users, sources, logon types and machines that came together for the first time, the latest first.

    A filter chooses among the first logons: since:-7d shows what was new in the last week. Earlier says how far the
    machine's Security log reaches back before that: what was never seen in two hours may be no news.
    """
    from logonscope.case.first_seen import first_seen_in
    from logonscope.export.card import FIRST_SEEN_FIELDS
    from logonscope.facts.first_seen import FIRST_SEEN_COLUMNS

    node = parsed(inputs.filter_text)
    with loading.load(inputs) as case, marking(inputs.filter_text):
        write_rows(first_seen_in(case, node), FIRST_SEEN_COLUMNS, FIRST_SEEN_FIELDS, form, file)
