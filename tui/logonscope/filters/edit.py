"""Changing one term of a filter text and leaving the rest as the user typed it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from logonscope.errors import FilterError
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import clauses, parse
from logonscope.filters.terms import And, Not, Term, joined_terms

_LEADING_AND = re.compile(r'^(?:and(?![^\s()"])\s*)+', re.IGNORECASE)
_TRAILING_AND = re.compile(r'(?:(?<![^\s()"])and\s*)+$', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CellTerm:
    """What a cell of a list says, as a term of a filter."""

    field: str
    """Canonical name of the field."""
    value: str
    """Not yet quoted."""
    is_denied: bool = False
    """The cell says that this is not so."""


def with_cell(text: str, cell: CellTerm, *, exclude: bool) -> str:
    """Show the rows with a cell's value too, or leave them out; values of one field become a list.

    Args:
        text: The present filter; one that does not parse is replaced.
        cell: The value.
        exclude: Leave them out.
    """
    exclude ^= cell.is_denied
    try:
        parse(text)
    except FilterError:
        text = ""
    kept, is_added = [], False
    for part in clauses(text):
        node = parse(part)
        term = node.part if isinstance(node, Not) else node
        if not isinstance(term, Term) or term.field != cell.field:
            kept.append(part)
            continue
        others = [part[v.start : v.stop] for v in term.values if v.text.casefold() != cell.value.casefold()]
        if isinstance(node, Not) == exclude and not is_added:
            others.append(quoted(cell.value))
            is_added = True
        if others:
            kept.append(f"{'-' if isinstance(node, Not) else ''}{cell.field}:{','.join(others)}")
        # A value taken out of a list is left out by the rest of the list.
        is_added |= exclude and not isinstance(node, Not) and 0 < len(others) < len(term.values)
    if not is_added:
        kept.append(f"{'-' if exclude else ''}{cell.field}:{quoted(cell.value)}")
    return " ".join(kept)


def with_term(text: str, field: str, value: str) -> str:
    """Add ``field:value`` to a filter, in the place of a term of the same field.

    Args:
        text: The present filter.
        field: Canonical name of the field.
        value: The value; put in quotes where it must be.

    Returns:
        The new filter. One that does not parse is replaced; one with ``or`` at its top is put in brackets.
    """
    added = f"{field}:{quoted(value)}"
    try:
        node = parse(text)
    except FilterError:
        return added
    if not isinstance(node, And | Term) and text.strip():
        return f"({text.strip()}) {added}"
    kept = text
    for term in reversed(list(joined_terms(node))):
        if term.field == field:
            kept = _without(kept, term)
    return f"{kept.strip()} {added}".strip()


def without_field(text: str, field: str) -> tuple[str, tuple[str, ...]]:
    """Take the terms of a field out of a filter, where they must be true.

    Args:
        text: A filter.
        field: Canonical name of the field.

    Returns:
        The rest, and the terms as they were typed; all of a filter that does not parse is the rest.
    """
    try:
        terms = [term for term in joined_terms(parse(text)) if term.field == field]
    except FilterError:
        return text, ()
    rest = text
    for term in reversed(terms):
        rest = _without(rest, term)
    return rest.strip(), tuple(text[term.start : term.stop] for term in terms)


def _without(text: str, term: Term) -> str:
    """Cut a term out, with brackets around nothing else and an ``and`` that would join nothing."""
    before, after = text[: term.start].rstrip(), text[term.stop :].lstrip()
    while before.endswith("(") and after.startswith(")"):
        before, after = before[:-1].rstrip(), after[1:].lstrip()
    if before[-1:] in ("", "("):
        after = _LEADING_AND.sub("", after)
    else:
        before = _TRAILING_AND.sub("", before).rstrip()
    gap = "" if before[-1:] == "(" or after[:1] == ")" else " "
    return f"{before}{gap}{after}"
