"""What is being typed at a place of a filter, and the names of fields and groups that it may become.

The text is read as far as it goes: it is usually not yet a filter that can be understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.errors import FilterError
from logonscope.filters.fields import FIELD_NAMES, FIELDS
from logonscope.filters.groups import groups
from logonscope.filters.quotes import read_escapes
from logonscope.filters.syntax import MOST_CHARACTERS, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STRING = r'"(?:[^"\\]|\\.)*+"?'
_PART = re.compile(
    rf"-(?=[\w(\"])|(?P<field>[A-Za-z]\w*):(?P<values>(?:{_STRING}|/(?:[^/\\\s]|\\.)++/|[^\s,()\"]|,)*+)|{_STRING}|[^\s()\"]+|[()]"
)
_VALUE = re.compile(rf"{_STRING}|[^,\"]+")
_NEGATION = re.compile(r"(?:-|\bnot)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """The word or value at the cursor."""

    start: int
    stop: int
    """What a choice would replace."""
    typed: str
    """What of it stands before the cursor, without quotes."""
    field: str = ""
    """Canonical name of the field whose value it is; empty for a word, which may become a field."""
    others: str = ""
    """The filter without the term of this value: what its values are counted under."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to choose."""

    text: str
    """What to put into the filter."""
    words: str
    """What it means."""
    count: int | None = None
    """How many rows it has under the rest of the filter; None where that is not counted."""


def spot_at(text: str, cursor: int) -> Spot | None:
    """Find what is being typed.

    Args:
        text: The filter being typed.
        cursor: Where the next character would go.

    Returns:
        The word or value that ends, or goes on, at the cursor; None where nothing can be offered.
    """
    if len(text) > MOST_CHARACTERS:
        return None
    for part in _PART.finditer(text):
        if part.start() < cursor <= part.end():
            return _spot_in(text, part, cursor)
        if part.start() >= cursor:
            break
    return Spot(cursor, cursor, "")


def _spot_in(text: str, part: re.Match[str], cursor: int) -> Spot | None:
    start = part.start()
    if part["field"] is None:
        if part[0] in ("-", "("):
            return Spot(cursor, cursor, "")
        if part[0][0] in '")':
            return None
        return Spot(start, part.end(), text[start:cursor])
    if cursor < part.start("values"):
        return Spot(start, part.start("values"), text[start:cursor])
    field = FIELD_NAMES.get(part["field"].lower())
    if field is None:
        return None
    begin, end = cursor, cursor
    for value in _VALUE.finditer(text, part.start("values"), part.end()):
        if value.start() <= cursor <= value.end():
            begin, end = value.span()
    return Spot(begin, end, _plain(text[begin:cursor]), field.name, _without(text, part))


def _plain(typed: str) -> str:
    """A value as far as it is typed, without its quotes."""
    if typed[:1] != '"':
        return typed
    inner = typed[1:-1] if len(typed) > 1 and typed[-1] == '"' else typed[1:]
    try:
        return read_escapes(inner, 0, in_quotes=True)
    except FilterError:
        return inner


def _without(text: str, part: re.Match[str]) -> str:
    """The rest of the filter; nothing where it cannot be understood without the term."""
    rest = f"{_NEGATION.sub('', text[: part.start()])} {text[part.end() :]}".strip()
    try:
        parse(rest)
    except FilterError:
        return ""
    return rest


def name_offers(typed: str) -> list[Offer]:
    """The fields, and from the first character on the groups, whose names begin so; then those that hold it.

    Args:
        typed: The beginning of a word.
    """
    wanted = typed.casefold()
    first = list(_names(lambda name: name.startswith(wanted), groups_too=bool(wanted)))
    if not wanted:
        return first
    known = {offer.text for offer in first}
    return first + [offer for offer in _names(lambda name: wanted in name, groups_too=True) if offer.text not in known]


def _names(fits: Callable[[str], bool], *, groups_too: bool) -> Iterator[Offer]:
    for field in FIELDS:
        if any(fits(name) for name in (field.name, *field.aliases)):
            yield Offer(f"{field.name}:", field.takes)
    for group in groups().values() if groups_too else ():
        if fits(group.name):
            yield Offer(f"is:{group.name}", group.sentence)
