"""The option that names the case file, and what is kept in it for a command that only reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from logonscope.display import sanitise
from logonscope.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.case_file import CaseFile

_SUFFIX = ".toml"


def case_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add the option, as ``case_path``."""
    option = click.option(
        "--case",
        "case_path",
        type=click.Path(path_type=Path),
        metavar="FILE",
        callback=_own_file,
        help="Keep bookmarks, notes and the view in this .toml file, wherever you like; else the settings say where.",
    )
    return option(command)


def _own_file(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse what may be somebody else's: the file is written anew with each note."""
    from logonscope.state_file import read_state

    if path is None:
        return None
    if path.suffix != _SUFFIX:
        raise click.BadParameter(f"{sanitise(str(path))}: a case file is named .toml.", context, option)
    if not path.parent.is_dir():
        raise click.BadParameter(f"{sanitise(str(path))}: there is no such folder.", context, option)
    try:
        held = read_state(path)
    except StoreError as error:
        raise click.BadParameter(f"{sanitise(error.message)}. Correct it, or name another.", context, option) from error
    if held is not None and not {"form", "evidence"} <= held.keys():
        raise click.BadParameter(f"{sanitise(str(path))} is no case file of logonscope.", context, option)
    return path


def case_file_of(paths: Sequence[Path], named: Path | None) -> CaseFile:
    """The file of a case: the one that was named, or the one where the settings say."""
    from logonscope.case.case_file import SECTION, CaseFile, chosen_folder
    from logonscope.config import config_file, read_config

    entries, _ = read_config(config_file())
    folder, _ = chosen_folder(entry for entry in entries if entry.section == SECTION)
    return CaseFile(paths, named, folder)
