"""The formats that can be read, as ``formats.toml`` has them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from collections.abc import Mapping


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One format."""

    name: str
    """Its short name, as in the list of sources."""
    words: str
    """What it is, in words."""
    reader: str
    """``module:Class``; imported only when such a file is read."""
    suffixes: tuple[str, ...]
    """How its files are commonly named; this only decides which files of a folder deserve a word of complaint."""
    made_by: str
    """What writes such files."""
    lacks: str
    """What it cannot carry, empty for nothing."""
    lacks_columns: tuple[str, ...] = ()
    """The columns of an event that are empty or less exact for that reason."""
    variants: str = ""
    """``module:function`` that lists the shapes in which tools write it; empty where there is one."""


class Variant(NamedTuple):
    """One shape of a format."""

    words: str
    """Which tool writes it."""
    lacks: str
    """What it cannot carry."""


class _Formats(msgspec.Struct, forbid_unknown_fields=True):
    format: list[Format]


@cache
def formats() -> Mapping[str, Format]:
    """All formats by name, in the order of the file."""
    return {entry.name: entry for entry in load("formats.toml", _Formats, "logonscope.readers").format}


def variants(entry: Format) -> tuple[Variant, ...]:
    """The shapes of a format."""
    if not entry.variants:
        return ()
    module, _, name = entry.variants.partition(":")
    listed: tuple[Variant, ...] = getattr(import_module(module), name)()
    return listed


def supported() -> str:
    """The formats in one line, for messages."""
    return ", ".join(entry.words for entry in formats().values())
