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
"""
_PIPE_WIDTH = 100


@click.command(epilog=_EPILOG)
@click.argument("topic", nargs=-1, required=True, metavar="TOPIC...")
def explain(topic: tuple[str, ...]) -> None:
    """Explain an event, a logon type, a code, a SID, a right, a field or an audit subcategory."""
    from logonscope.export.facts import write_facts
    from logonscope.facts.explain import explain_topic

    write_facts(explain_topic(" ".join(topic)), sys.stdout, console.width() or _PIPE_WIDTH)
