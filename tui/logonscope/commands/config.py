"""``logonscope config``: the settings in force, what each does, and where it was set."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from logonscope.commands.outputs import epilog, examples, form_options
from logonscope.display import sanitise

if TYPE_CHECKING:
    from logonscope.config import ConfigProblem
    from logonscope.ui.setting_list import Setting

_DOES_NOT_HOLD, _UNKNOWN = 1, 2


@click.command(
    epilog=epilog(
        examples(
            "logonscope config",
            "logonscope config keys.export theme.name findings.D1.attempts",
            "logonscope config > ~/.config/logonscope/config.toml    # a file to begin with",
            "logonscope config --json",
        ),
        "Exit code 0: all holds; 1: something in the file does not hold; 2: there is no such setting.",
    )
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@form_options("text", "jsonl")
def config(names: tuple[str, ...], form: str) -> None:
    """Print the settings in force, where they are kept, and what in that file does not hold.

    With names, explain these settings: value, usual value, and the line of the file that sets it.
    """
    from logonscope.config import config_file, read_config
    from logonscope.filters.names import nearest
    from logonscope.ui.setting_list import setting_list
    from logonscope.ui.settings import settings_from, settings_text

    entries, problems = read_config(config_file())
    settings = settings_from(entries, problems)
    known = {setting.name: setting for setting in setting_list(settings, entries)}
    unknown = [name for name in names if name not in known]
    chosen = [known[name] for name in names or known if name in known]
    if form == "jsonl":
        _print_jsonl(chosen, settings.problems)
    elif names:
        for setting in chosen:
            click.echo(_explained(setting))
    else:
        click.echo(settings_text(settings), nl=False)
    for name in unknown:
        click.echo(f"logonscope: there is no setting {sanitise(name)}. {nearest(name, known)}".rstrip(), err=True)
    if unknown:
        raise click.exceptions.Exit(_UNKNOWN)
    if settings.problems:
        raise click.exceptions.Exit(_DOES_NOT_HOLD)


def _print_jsonl(settings: list[Setting], problems: tuple[ConfigProblem, ...]) -> None:
    for setting in settings:
        click.echo(json.dumps(asdict(setting)))
    for problem in problems:
        click.echo(json.dumps({"problem": sanitise(problem.text), "line": problem.line}))


def _explained(setting: Setting) -> str:
    from logonscope.config import config_file

    where = f"{config_file()}, line {setting.line}" if setting.line else "not set: the usual value holds"
    value, usual = (json.dumps(part, ensure_ascii=False) for part in (setting.value, setting.usual))
    return f"{setting.name} = {value}\n  {setting.means}\n  usual: {usual}\n  {sanitise(where)}"
