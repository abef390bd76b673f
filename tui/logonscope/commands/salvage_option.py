"""``--salvage``, for every command that loads a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from collections.abc import Callable

SalvageWanted = Literal["", "apart", "sessions"]
_KEY = "logonscope.salvage"
_HELP = "Also search slack, gaps and all other files for records that were not read; they come marked (is:recovered)."
_INTO_HELP = "The same, and let what is recovered take part in sessions and coverage."


def salvage_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options; ``salvage_wanted`` tells what was chosen."""
    for name, how, words in (("--salvage-into-sessions", "sessions", _INTO_HELP), ("--salvage", "apart", _HELP)):
        command = click.option(
            name, flag_value=how, default=None, type=str, callback=_note, expose_value=False, help=words
        )(command)
    return command


def salvage_wanted() -> SalvageWanted:
    """What the command was asked for; empty for no salvage."""
    context = click.get_current_context(silent=True)
    wanted: SalvageWanted = context.meta.get(_KEY, "") if context else ""
    return wanted


def _note(context: click.Context, _: click.Parameter, value: SalvageWanted | None) -> None:
    if value and context.meta.get(_KEY) != "sessions":
        context.meta[_KEY] = value
