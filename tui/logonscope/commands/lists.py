"""The lists of the panes, and users and sources, printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from logonscope.commands.inputs import following_option, loading_options
from logonscope.commands.listing import print_list, scope_options
from logonscope.commands.outputs import (
    EVENT_FORMS,
    EXIT_CODES,
    FILTER_HELP,
    LIST_FORMS,
    PLAIN_FORMS,
    epilog,
    examples,
    list_options,
)

if TYPE_CHECKING:
    from logonscope.case.view import Scope
    from logonscope.commands.inputs import Inputs
    from logonscope.commands.outputs import Output


@click.command(
    epilog=epilog(
        examples(
            "logonscope sessions Logs 'is:admin since:-2d'",
            "logonscope sessions Logs user:alice --visits --evidence --json",
            "logonscope sessions Logs --format timesketch-jsonl -o sessions.jsonl",
        ),
        FILTER_HELP,
        EXIT_CODES,
    )
)
@loading_options
@list_options(*LIST_FORMS)
@scope_options
@click.option("--evidence", is_flag=True, help="Also the records that each rests on (not in the table).")
def sessions(inputs: Inputs, output: Output, scope: Scope, evidence: bool) -> None:
    """Print reconstructed sessions: people's stays, or what the filter asks for."""
    print_list("sessions", inputs, output, scope=scope, extras=("evidence",) if evidence else ())


@click.command(
    epilog=epilog(
        examples(
            "logonscope events Logs 'event:4625 ip:203.0.113.0/24' --json",
            "logonscope events Logs is:failure --format csv -o failures.csv",
            "logonscope events Logs 'session:WS1/0x5a1b2@1234' --format xml -o session.xml",
            "logonscope events Logs --follow 'is:remote'",
        ),
        FILTER_HELP,
        EXIT_CODES,
    )
)
@loading_options
@following_option
@list_options(*EVENT_FORMS)
def events(inputs: Inputs, follow: bool, output: Output) -> None:
    """Print events in the order of time; with --follow those that come, until Ctrl-C."""
    if not follow:
        print_list("events", inputs, output)
        return
    from logonscope.commands.follow import FORMS_TO_FOLLOW, follow_events

    if output.form not in FORMS_TO_FOLLOW:
        raise click.UsageError(f"{output.form} is written at once: follow as {', '.join(FORMS_TO_FOLLOW)}.")
    with output.growing() as out:
        follow_events(inputs, output.form, out)


@click.command(
    epilog=epilog(
        examples("logonscope users Logs", "logonscope users Logs is:failure since:-1d --format csv"),
        "A row is one user by all names and SIDs; `logonscope user NAME` tells more of one.",
        FILTER_HELP,
        EXIT_CODES,
    )
)
@loading_options
@list_options(*PLAIN_FORMS)
def users(inputs: Inputs, output: Output) -> None:
    """Print all users: stays, contacts, refused logons, machines and sources, first and last time seen."""
    print_list("users", inputs, output)


@click.command(
    epilog=epilog(
        examples("logonscope sources Logs", "logonscope sources Logs 'is:failure -ip:10.0.0.0/8' --json"),
        "`logonscope source ADDRESS` tells more of one.",
        FILTER_HELP,
        EXIT_CODES,
    )
)
@loading_options
@list_options(*PLAIN_FORMS)
def sources(inputs: Inputs, output: Output) -> None:
    """Print all addresses and workstations that somebody came from, with what came from there."""
    print_list("sources", inputs, output)


@click.command(
    epilog=epilog(
        examples("logonscope boots Logs", "logonscope boots Logs machine:WS01 --json"), FILTER_HELP, EXIT_CODES
    )
)
@loading_options
@list_options(*LIST_FORMS)
def boots(inputs: Inputs, output: Output) -> None:
    """Print when the machines ran, how that is known, and which logon IDs were used again."""
    print_list("boots", inputs, output)


@click.command(
    epilog=epilog(
        examples("logonscope coverage Logs", "logonscope coverage Logs machine:TS01 --json"), FILTER_HELP, EXIT_CODES
    )
)
@loading_options
@list_options(*LIST_FORMS)
def coverage(inputs: Inputs, output: Output) -> None:
    """Print what the logs cover, and what is missing, cleared, lost or not audited."""
    print_list("coverage", inputs, output)


@click.command(
    epilog=epilog(examples("logonscope types Logs", "logonscope types Logs user:alice --json"), FILTER_HELP, EXIT_CODES)
)
@loading_options
@list_options(*PLAIN_FORMS)
def types(inputs: Inputs, output: Output) -> None:
    """Print the logon types, with how often each was granted and refused."""
    print_list("types", inputs, output)
