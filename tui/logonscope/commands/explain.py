"""``logonscope explain``: what an event, a logon type, a code, a SID, a right or a field means."""

from __future__ import annotations

import sys

import click

from logonscope import console

_EPILOG = """\b
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
def explain(topic: tuple[str, ...]) -> None:
    """Explain an event, a logon type, a code, a SID, a right, a field or an audit subcategory.

    With -, events on standard input are explained field by field, in any format that can be read.
    """
    from logonscope.export.facts import write_facts
    from logonscope.facts.explain import explain_topic

    width = console.width() or _PIPE_WIDTH
    if topic == ("-",):
        _explain_input(width)
    else:
        write_facts(explain_topic(" ".join(topic)), sys.stdout, width)


def _explain_input(width: int) -> None:
    from logonscope.case.options import USUAL_OPTIONS
    from logonscope.case.view import View
    from logonscope.commands.inputs import Inputs, load
    from logonscope.display import plural
    from logonscope.export.facts import write_facts
    from logonscope.facts.explain import explain_event

    with load(Inputs((), sys.stdin.buffer, "", USUAL_OPTIONS)) as case:
        window = case.window(View("event"))
        for number, event in enumerate(case.events(window.page(0, _MOST_EVENTS))):
            click.echo("\n" if number else "", nl=False)
            write_facts(explain_event(event), sys.stdout, width)
        if window.count > _MOST_EVENTS:
            click.echo(f"\n... and {plural(window.count - _MOST_EVENTS, 'event')} more")
