"""How records were recovered, in words (``recovery.toml``)."""

from __future__ import annotations

from functools import cache

import msgspec

from logonscope.knowledge.toml_file import load

SYMBOL = "~"
"""Marks a recovered record in lists."""


class Recovery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to recover a record; the fields are explained at the head of ``recovery.toml``."""

    kind: str
    shown: str
    means: str
    caution: str


class _Recoveries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    recovery: list[Recovery]


@cache
def recoveries() -> dict[str, Recovery]:
    """All by their kind, in the order of their numbers, which begin with 1.

    Raises:
        KnowledgeError: The file is wrong.
    """
    return {entry.kind: entry for entry in load("recovery.toml", _Recoveries).recovery}


@cache
def recovery_number(kind: str) -> int:
    """The number that the store keeps for a kind; 0 for a live record."""
    return [*recoveries()].index(kind) + 1 if kind else 0


def recovery_kind(number: int | None) -> str:
    """The kind of a number that the store keeps; empty for a live record."""
    return [*recoveries()][number - 1] if number else ""


def recovery_mark(kind: str) -> str:
    """``~slack``; empty for a live record."""
    return SYMBOL + recoveries()[kind].shown if kind else ""
