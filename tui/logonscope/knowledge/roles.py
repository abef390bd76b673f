"""What the records of a session's evidence show, in words (``roles.toml``)."""

from __future__ import annotations

from functools import cache

import msgspec

from logonscope.knowledge.toml_file import load


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one kind of evidence shows; the fields are explained at the head of ``roles.toml``."""

    role: str
    shown: str
    sentence: str


class _Roles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: list[Role]
    source: dict[str, str]


@cache
def _roles() -> _Roles:
    return load("roles.toml", _Roles)


@cache
def roles() -> dict[str, Role]:
    """The roles of evidence by their name."""
    return {role.role: role for role in _roles().role}


def source_words(evidence: str) -> str:
    """Which record names a session's source address; empty where none does."""
    return _roles().source.get(evidence, evidence)
