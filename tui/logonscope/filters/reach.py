"""How a filter reaches a list whose rows lack what it asks for: through sessions, or through their records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.filters.fields import FIELD_NAMES
from logonscope.filters.groups import groups
from logonscope.filters.terms import And, Node, Not, Or, Term, Text

if TYPE_CHECKING:
    from logonscope.filters.compile import Target
    from logonscope.filters.fields import FieldKind

_ALL: tuple[Target, ...] = ("event", "session", "boot", "coverage")
_SIDES: dict[FieldKind, tuple[Target, ...]] = {
    "account": ("event", "session"),
    "text": ("event",),
    "source": ("event", "session"),
    "address": ("event", "session"),
    "machine": _ALL,
    "logon_type": ("event", "session"),
    "number": ("event",),
    "logon_id": ("event", "session"),
    "status": ("event",),
    "within": _ALL,
    "since": _ALL,
    "until": _ALL,
    "at": ("session", "boot", "coverage"),
    "duration": ("session",),
    "session": ("session",),
    "end": ("session",),
    "grade": ("session",),
}
"""Which lists a kind of field speaks of directly."""
_SIDES_OF_FIELD: dict[str, tuple[Target, ...]] = {"boot": ("session", "boot"), "channel": ("event", "coverage")}

_THROUGH: dict[Target, str] = {
    "event": "events of such sessions",
    "session": "sessions with such a record",
    "boot": "boots with such a session",
    "coverage": "marks of machines with such a session",
}


def reach(node: Node, target: Target) -> str:
    """Say what a list shows where some of its filter speaks of other things.

    Args:
        node: The filter.
        target: What the list lists.

    Returns:
        ``boots with such a session``, or an empty text where the filter speaks of the rows themselves.
    """
    return "" if _is_direct(node, target) else _THROUGH[target]


def _is_direct(node: Node, target: Target) -> bool:
    match node:
        case And(parts) | Or(parts):
            return all(_is_direct(part, target) for part in parts)
        case Not(part):
            return _is_direct(part, target)
        case Text():
            return target == "event"
        case Term(name, values):
            if name == "is":
                known = [groups().get(value.text.casefold()) for value in values]
                return all(group is not None and bool(getattr(group, target, "")) for group in known)
            return target in _SIDES_OF_FIELD.get(name, _SIDES[FIELD_NAMES[name].kind])
