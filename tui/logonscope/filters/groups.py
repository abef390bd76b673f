"""The named groups of ``is:`` (``groups.toml``)."""

from __future__ import annotations

from functools import cache

import msgspec

from logonscope.knowledge.toml_file import load


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One named group; the fields are explained at the head of ``groups.toml``."""

    name: str
    sentence: str
    event: str = ""
    session: str = ""
    by_number: bool = False
    or_from_others: tuple[str, ...] = ()


class _Groups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    group: list[Group]


@cache
def groups() -> dict[str, Group]:
    """All groups by name.

    Raises:
        KnowledgeError: The file is wrong.
    """
    loaded = load("groups.toml", _Groups, "logonscope.filters")
    return {group.name: group for group in loaded.group}
