"""``logonscope first-seen``: who came from where, how and to which machine for the first time."""

from __future__ import annotations

import click

from logonscope.commands.inputs import Inputs, loading_options
from logonscope.commands.listing import print_list
from logonscope.commands.outputs import (
    EXIT_CODES,
    FILTER_HELP,
    PLAIN_FORMS,
    Output,
    epilog,
    examples,
    list_options,
)


@click.command(
    "first-seen", epilog=epilog(examples("logonscope first-seen Logs since:-7d --json"), FILTER_HELP, EXIT_CODES)
)
@loading_options
@list_options(*PLAIN_FORMS)
def first_seen(inputs: Inputs, output: Output) -> None:
    """Print users, sources, logon types and machines that came together for the first time, the latest first.

    A filter chooses among the first logons: since:-7d shows what was new in the last week. Earlier says how far the
    machine's Security log reaches back before that: what was never seen in two hours may be no news.
    """
    print_list("first-seen", inputs, output)
