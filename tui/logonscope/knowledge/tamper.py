"""Signs of tampering, in words (``tamper.toml``)."""

from __future__ import annotations

from functools import cache

import msgspec

from logonscope.knowledge.toml_file import load


class SignKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of sign; the fields are explained at the head of ``tamper.toml``."""

    kind: str
    shown: str
    means: str
    innocent: str


class _Signs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sign: list[SignKind]


@cache
def sign_kinds() -> dict[str, SignKind]:
    """The kinds of signs by their name, in order.

    Raises:
        KnowledgeError: The file is wrong.
    """
    return {entry.kind: entry for entry in load("tamper.toml", _Signs).sign}
