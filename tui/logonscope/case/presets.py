"""Filters with a name: the program's, the user's own (``filters.toml`` in the config folder), and those of a case.

A filter that is saved is kept in both places: it is at hand in every case, and whoever gets the case file has it too.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from platformdirs import user_config_path

from logonscope.errors import FilterError, OutputError
from logonscope.filters.quotes import typeable
from logonscope.filters.syntax import parse
from logonscope.knowledge.toml_file import fitted, load
from logonscope.state_file import write_private
from logonscope.toml_text import toml_string

if TYPE_CHECKING:
    from logonscope.case.case_file import CaseFile

_SECTION = "filter"
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


def presets(file: CaseFile) -> Presets:
    """Read them anew; a broken file of the user's is told and left alone.

    Args:
        file: The file of the case.

    Raises:
        StoreError: The case file cannot be read.
        KnowledgeError: The program's own file is wrong.
    """
    known = load("presets.toml", _File, "logonscope.filters").filter
    try:
        own, fault = _own(), ""
    except OutputError as error:
        own, fault = {}, error.message
    own = _of_case(file.section(_SECTION)) | own
    return Presets((*_listed(own, is_own=True), *_listed(known, is_own=False)), fault)


def save_preset(name: str, text: str, file: CaseFile) -> None:
    """Save a filter of the user's under a name, in the place of one of that name.

    Raises:
        OutputError: A file is broken or cannot be written.
    """
    name = typeable(name.strip())
    _write({**_own(), name: text})
    file.change(_SECTION, lambda held: _of_case(held) | {name: text})


def delete_preset(name: str, file: CaseFile) -> None:
    """Delete a filter of the user's.

    Raises:
        OutputError: A file is broken or cannot be written.
    """
    _write({key: text for key, text in _own().items() if key != name})
    file.change(_SECTION, lambda held: {key: text for key, text in _of_case(held).items() if key != name})


def _of_case(held: Any) -> dict[str, str]:
    """The filters in a case file; entries that make no sense are left out."""
    return {key: text for key, text in held.items() if isinstance(text, str)} if isinstance(held, dict) else {}


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
