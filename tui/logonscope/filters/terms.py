"""A filter as a tree of terms. Positions are characters in the text that the user typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a term, as typed."""

    text: str
    start: int
    stop: int
    quoted: bool = False
    """Typed in quotes: wildcards and ranges mean nothing in it."""


@dataclass(frozen=True, slots=True)
class Term:
    """``field:value,value``: true where the field has any of the values."""

    field: str
    """Canonical name of the field."""
    values: tuple[Value, ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Text:
    """A word or quoted text, searched in the whole record."""

    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a part."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """True where all parts are; with no parts, everywhere."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True where any part is."""

    parts: tuple[Node, ...]


Node = Term | Text | Not | And | Or

EVERYTHING = And(())
"""The empty filter."""


def joined_terms(node: Node) -> Iterator[Term]:
    """The terms of a filter that must all be true, in the order of the text."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, And):
        for part in node.parts:
            yield from joined_terms(part)
