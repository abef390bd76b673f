"""Filters with a name: those that come with the program, and the user's own (``filters.toml`` in the config folder)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

import msgspec
from platformdirs import user_config_path

from logonscope.errors import FilterError, OutputError
from logonscope.filters.quotes import typeable
from logonscope.filters.syntax import parse
from logonscope.knowledge.toml_file import fitted, load
from logonscope.state_file import write_private
from logonscope.toml_text import toml_string

_MOST_BYTES = 1_000_000
_HEAD = "# Filters of logonscope, by name. Written by its list of presets (P); may be edited by hand.\n\n[filter]\n"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    filter: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Preset:
    """A filter with a name."""

    name: str
    text: str
    is_own: bool
    """The user's, not the program's."""
    fault: str = ""
    """Why the filter cannot be used, if it cannot."""


@dataclass(frozen=True, slots=True)
class Presets:
    """All of them, the user's own first."""

    presets: tuple[Preset, ...]
    fault: str = ""
    """What is wrong with the user's file, which is then left as it is."""


def presets() -> Presets:
    """Read them anew; a broken file of the user's is told and left alone.

    Raises:
        KnowledgeError: The program's own file is wrong.
    """
    known = load("presets.toml", _File, "logonscope.filters").filter
    try:
        own, fault = _own(), ""
    except OutputError as error:
        own, fault = {}, error.message
    return Presets((*_listed(own, is_own=True), *_listed(known, is_own=False)), fault)


def save_preset(name: str, text: str) -> None:
    """Save a filter of the user's under a name, in the place of one of that name.

    Raises:
        OutputError: The file is broken or cannot be written.
    """
    _write({**_own(), typeable(name.strip()): text})


def delete_preset(name: str) -> None:
    """Delete a filter of the user's.

    Raises:
        OutputError: The file is broken or cannot be written.
    """
    _write({key: text for key, text in _own().items() if key != name})


def _own() -> dict[str, str]:
    path = user_config_path("logonscope") / "filters.toml"
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise ValueError("it is longer than a megabyte")
        return fitted(tomllib.loads(content.decode()), _File).filter
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from error
    except (ValueError, msgspec.ValidationError) as error:
        raise OutputError(f"{path}: {error}", "Correct it or move it away.") from error


def _write(own: dict[str, str]) -> None:
    lines = (f"{toml_string(name)} = {toml_string(text)}\n" for name, text in own.items())
    path = user_config_path("logonscope") / "filters.toml"
    try:
        write_private(path, _HEAD + "".join(lines))
    except OutputError as error:
        raise OutputError(error.message, "The filter was not saved.") from error


def _listed(filters: dict[str, str], *, is_own: bool) -> list[Preset]:
    return [Preset(name, typeable(text), is_own, _fault(text)) for name, text in filters.items()]


def _fault(text: str) -> str:
    try:
        parse(text)
    except FilterError as error:
        return error.message
    return ""
