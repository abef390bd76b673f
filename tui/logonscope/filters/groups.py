"""The named groups of ``is:`` (``groups.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from logonscope.errors import KnowledgeError


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One named group; the fields are explained at the head of ``groups.toml``."""

    name: str
    sentence: str
    event: str = ""
    session: str = ""


class _Groups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: list[Group]


@cache
def groups() -> dict[str, Group]:
    """All groups by name.

    Raises:
        KnowledgeError: The file is wrong.
    """
    text = files("logonscope.filters").joinpath("groups.toml").read_text("utf-8")
    try:
        loaded = msgspec.convert(tomllib.loads(text), _Groups)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise KnowledgeError(f"filters/groups.toml: {error}") from error
    return {group.name: group for group in loaded.group}
