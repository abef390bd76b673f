"""``--debug``, for every command and for the program itself."""

from __future__ import annotations

import logging
import sys
from typing import TypeVar

import click

from logonscope import debug_log
from logonscope.display import sanitise

Command = TypeVar("Command", bound=click.Command)
_RECORDS = "--debug-records"
DEBUG_FLAGS = frozenset(("--debug", _RECORDS))
_HELP = (
    "Write a log of what the program does to a private file in your state folder, debug/*.log, which is named at the"
    " start and the end: files, counts and times, no text of records."
)
_RECORDS_HELP = "The same with texts of records, filters and messages in it."
_log = logging.getLogger(__name__)


def with_debug(command: Command) -> Command:
    """Give a command the options; the log begins as soon as one of them is read."""
    for flag, words in (("--debug", _HELP), (_RECORDS, _RECORDS_HELP)):
        command.params.append(
            click.Option([flag], is_flag=True, is_eager=True, expose_value=False, callback=_begin, help=words)
        )
    return command


def _begin(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        path = debug_log.begin(records=_RECORDS in option.opts)
        click.echo(f"logonscope: debug log: {sanitise(str(path))}", err=True)
        _log.debug("command: %s", context.command_path)
        _log.log(debug_log.RECORD_CONTENT, "arguments: %s", sys.argv[1:])
