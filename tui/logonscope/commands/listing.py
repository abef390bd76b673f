"""What the commands that print one list share: load, find the rows, write them."""

from __future__ import annotations

import sys
from functools import wraps
from time import monotonic
from typing import TYPE_CHECKING, Any

import click

from logonscope.commands import inputs as loading
from logonscope.commands.inputs import complain, marking, parsed

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.case import Case
    from logonscope.case.view import Scope
    from logonscope.commands.inputs import Inputs
    from logonscope.commands.outputs import Output
    from logonscope.export.lists import Found, ListKind

NOT_ALL = 1
"""The exit code that says: written, but not all of it."""
_TELL_SECONDS = 0.25


def scope_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say which sessions are meant, and hand them to the command as ``scope``."""

    @wraps(command)
    def run(*, visits: bool, people: bool, everything: bool, **named: Any) -> None:
        from logonscope.case.view import Scope

        scope = Scope.ALL if everything else Scope.PEOPLE if people else Scope.VISITS if visits else Scope.STAYS
        command(scope=scope, **named)

    for option in (
        click.option("--all", "everything", is_flag=True, help="Also the system's own sessions."),
        click.option("--people", is_flag=True, help="Also contacts, tasks, services and what belongs to a stay."),
        click.option("--visits", is_flag=True, help="Also what people did over the network, a row for each visit."),
    ):
        run = option(run)
    return run


def print_list(
    name: str, inputs: Inputs, output: Output, *, scope: Scope | None = None, extras: tuple[str, ...] = ()
) -> None:
    """Load a case and print one of its lists.

    Args:
        name: Of the list.
        inputs: What to load, and the filter.
        output: How to print, and where to.
        scope: Which sessions, for sessions.
        extras: Columns that are asked for besides the usual ones.
    """
    from logonscope.case.view import Scope
    from logonscope.commands.questions import load_questions
    from logonscope.export.lists import LISTS, Asked
    from logonscope.findings.user_rules import NOTHING_SAID

    kind = LISTS[name]
    check_form(kind, output)
    own = load_questions().own if name == "findings" else NOTHING_SAID
    asked = Asked(parsed(inputs.filter_text), scope or Scope.ALL, extras, own)
    with loading.load(inputs) as case, marking(inputs.filter_text):
        if output.file is not None:
            case.hashes.compute()  # rows in a file that goes elsewhere cite what they were read from
        is_whole = write_found(case, kind, kind.find(case, asked), output)
    if not is_whole:
        raise click.exceptions.Exit(NOT_ALL)


def check_form(kind: ListKind, output: Output) -> None:
    """See whether a list can be written as it was asked for, before anything is loaded.

    Raises:
        OutputError: It cannot.
    """
    from logonscope.export.forms import form_of

    if output.form != "table" and form_of(output.form, kind).is_binary and not output.file and sys.stdout.isatty():
        raise click.UsageError("Parquet is not for terminals: write it to a file with -o, or into a pipe.")


def write_found(case: Case, kind: ListKind, found: Found, output: Output) -> bool:
    """Write a list.

    Returns:
        Whether all of it could be written; what could not has been told.
    """
    from logonscope.export.forms import FORMS, write_list
    from logonscope.export.table import write_table

    if output.form == "table":
        with output.text() as lines:
            write_table(found.items(), kind.columns, lines, output.width)
        return True
    form = FORMS[output.form]
    with output.binary(is_text=not form.is_binary) as out:
        missing = write_list(case, found, form, out, _Progress(kind.noun) if output.file else _go_on)
    for error in missing:
        complain(error)
    return not missing


def _go_on(done: int, count: int) -> bool:
    return True


class _Progress:
    """Tells on a terminal how far the writing is."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._told = monotonic()

    def __call__(self, done: int, count: int) -> bool:
        is_over = done >= count
        if sys.stderr.isatty() and (is_over or monotonic() - self._told > _TELL_SECONDS):
            self._told = monotonic()
            sys.stderr.write("\r\x1b[K" if is_over else f"\r\x1b[K{done:,} of {count:,} {self._noun}s written")
            sys.stderr.flush()
        return True
