"""``logonscope config``: the settings in force."""

from __future__ import annotations

import click

_DOES_NOT_HOLD = 1


@click.command()
def config() -> None:
    """Print the settings in force, where they are kept, and what in that file does not hold (exit code 1 then)."""
    from logonscope.ui.settings import load_settings, settings_text

    settings = load_settings()
    click.echo(settings_text(settings), nl=False)
    if settings.problems:
        raise click.exceptions.Exit(_DOES_NOT_HOLD)
