"""``logonscope explain``: what an event, a logon type, a code, a SID, a right or a field means."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from logonscope import console
from logonscope.commands.outputs import form_options

if TYPE_CHECKING:
    from collections.abc import Iterable

    from logonscope.model import Fact

_EPILOG = """\b
Examples:
  logonscope explain 4634
  logonscope explain LocalSessionManager 24
  logonscope explain type 10
  logonscope explain 0xC000006A
  logonscope explain S-1-5-18
  logonscope explain SeDebugPrivilege
  logonscope explain TargetLogonId
  logonscope explain "Other Logon/Logoff"
  xclip -o | logonscope explain -    (events copied from Event Viewer)
"""
_PIPE_WIDTH = 100
_MOST_EVENTS = 50


@click.command(epilog=_EPILOG)
@click.argument("topic", nargs=-1, required=True, metavar="TOPIC...")
@form_options("text", "jsonl")
def explain(topic: tuple[str, ...], form: str) -> None:
    """Explain an event, a logon type, a code, a SID, a right, a field or an audit subcategory.

    With -, events on standard input are explained field by field, in any format that can be read.
    """
    from logonscope.facts.explain import explain_topic

    if topic == ("-",):
        _explain_input(form)
    else:
        _write(explain_topic(" ".join(topic)), form)


def _write(facts: Iterable[Fact], form: str) -> None:
    from logonscope.export.facts import write_facts, write_facts_jsonl

    if form == "jsonl":
        write_facts_jsonl(facts, sys.stdout)
    else:
        write_facts(facts, sys.stdout, console.width() or _PIPE_WIDTH)


def _explain_input(form: str) -> None:
    from logonscope.case.options import USUAL_OPTIONS
    from logonscope.case.view import View
    from logonscope.commands.inputs import Inputs, load
    from logonscope.display import plural
    from logonscope.facts.explain import explain_event

    with load(Inputs((), sys.stdin.buffer, "", USUAL_OPTIONS)) as case:
        window = case.window(View("event"))
        for number, event in enumerate(case.events(window.page(0, _MOST_EVENTS))):
            click.echo("\n" if number and form == "text" else "", nl=False)
            _write(explain_event(event), form)
        if window.count > _MOST_EVENTS and form == "text":
            click.echo(f"\n... and {plural(window.count - _MOST_EVENTS, 'event')} more")
