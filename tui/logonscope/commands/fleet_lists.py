"""``logonscope fleet overview`` and ``origins``: what only all machines of a lake together tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from logonscope.commands.listing import check_form, write_found
from logonscope.commands.outputs import EXIT_CODES, PLAIN_FORMS, epilog, examples, list_options
from logonscope.errors import StoreError
from logonscope.lake.address import case_path, lake_place

if TYPE_CHECKING:
    from logonscope.commands.outputs import Output
    from logonscope.lake.address import LakePlace


def lake_place_of(context: click.Context, parameter: click.Parameter, text: str) -> LakePlace:
    """The place that the user means."""
    return lake_place(text)


_LAKE = click.option("--lake", required=True, callback=lake_place_of, metavar="LAKE", help="Its folder or address.")


@click.command(
    epilog=epilog(examples("logonscope fleet overview --lake lake --format csv -o machines.csv"), EXIT_CODES)
)
@_LAKE
@list_options(*PLAIN_FORMS)
def overview(lake: LakePlace, output: Output) -> None:
    """Print the machines of a lake, what to look at first before the others: the rows of V in the app."""
    _print("overview", lake, output)


@click.command(epilog=epilog(examples("logonscope fleet origins --lake lake --json"), EXIT_CODES))
@_LAKE
@list_options(*PLAIN_FORMS)
def origins(lake: LakePlace, output: Output) -> None:
    """Print which machine of the lake each remote session came from, and which session of that machine asked for it.

    These are people's Remote Desktop sessions, and their visits over the network. A row is one session and one machine
    that it may have come from: where several fit, the logs do not decide between them.
    """
    _print("origins", lake, output)


def _print(name: str, lake: LakePlace, output: Output) -> None:
    from logonscope.case.case import Case
    from logonscope.export.fleet_lists import FLEET_LISTS
    from logonscope.export.lists import Asked
    from logonscope.lake.snapshot import read_snapshot

    kind = FLEET_LISTS[name]
    check_form(kind, output)
    held = read_snapshot(lake).tables
    if name == "origins" and "origin" not in held:
        error = f"{lake}: where its sessions came from has not been looked for"
        raise StoreError(error, f"Do that: logonscope fleet sessions --lake {lake}.")
    with Case([case_path(str(lake))]) as case:
        case.load()
        write_found(case, kind, kind.find(case, Asked()), output)
