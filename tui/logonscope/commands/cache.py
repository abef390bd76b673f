"""``logonscope cache``: the cases that are kept for the next start."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from logonscope.commands.outputs import form_options
from logonscope.display import bytes_text, plural, sanitise

if TYPE_CHECKING:
    from logonscope.cache.kept_cases import Listed


@click.group()
def cache() -> None:
    """List or delete what was kept of loaded cases, so that the same evidence opens at once the next time."""


@cache.command("list")
@form_options("table", "jsonl")
def list_kept(form: str) -> None:
    """Print what is kept: when it was used last (UTC), its size on disk, its records and the evidence."""
    from logonscope.cache.kept_cases import user_cases

    cases = user_cases()
    found = cases.listed()
    if form == "jsonl":
        for kept in found:
            click.echo(json.dumps(_object(kept)))
        return
    for kept in found:
        click.echo(_line(kept))
    click.echo(f"{plural(len(found), 'case')}, {bytes_text(sum(kept.size for kept in found))}, in {cases.base}")


@cache.command()
def clear() -> None:
    """Delete all that is kept, but what another logonscope has open."""
    from logonscope.cache.kept_cases import user_cases

    cases = user_cases()
    gone = cases.clear()
    left = len(cases.listed())
    more = f"; {plural(left, 'case is', 'cases are')} open elsewhere and left" if left else ""
    click.echo(f"{plural(len(gone), 'case')} deleted, {bytes_text(sum(kept.size for kept in gone))}{more}")


def _object(kept: Listed) -> dict[str, Any]:
    state = kept.state
    return {
        "folder": str(kept.folder),
        "used": datetime.fromtimestamp(kept.used_at, UTC).isoformat(),
        "bytes": kept.size,
        "open": kept.is_used,
        "records": state and state.records,
        "paths": state and state.paths,
    }


def _line(kept: Listed) -> str:
    used = datetime.fromtimestamp(kept.used_at, UTC)
    state = kept.state
    said = "cannot be read" if state is None else f"{plural(state.records, 'record')} of {', '.join(state.paths)}"
    now = " (open now)" if kept.is_used else ""
    return f"{used:%Y-%m-%d %H:%M}  {bytes_text(kept.size):>9}  {sanitise(said)}{now}"
