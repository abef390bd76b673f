"""Changing one term of a filter text and leaving the rest as the user typed it."""

from __future__ import annotations

from logonscope.errors import FilterError
from logonscope.filters.syntax import parse, quoted
from logonscope.filters.terms import And, Term


def with_term(text: str, field: str, value: str) -> str:
    """Add ``field:value`` to a filter, in the place of a term of the same field.

    Args:
        text: The present filter.
        field: Canonical name of the field.
        value: The value; put in quotes where it must be.

    Returns:
        The new filter. One that does not parse, or that has ``or`` at its top, is put in brackets or replaced.
    """
    added = f"{field}:{quoted(value)}"
    try:
        node = parse(text)
    except FilterError:
        return added
    parts = node.parts if isinstance(node, And) else (node,)
    if not isinstance(node, And | Term) and text.strip():
        return f"({text.strip()}) {added}"
    kept = text
    for part in reversed(parts):
        if isinstance(part, Term) and part.field == field:
            kept = kept[: part.start] + kept[part.stop :]
    return " ".join(f"{kept} {added}".split()) if '"' not in kept else f"{kept.strip()} {added}".strip()
