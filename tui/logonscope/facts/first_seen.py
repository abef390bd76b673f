"""Combinations of user, source, logon type and machine seen for the first time, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from logonscope.columns import Column
from logonscope.display import duration_text, plural, sanitise, time_text
from logonscope.filters.edit import with_term
from logonscope.knowledge.logon_types import logon_type_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.case.first_seen import FirstSeen


def earlier_text(first: FirstSeen) -> str:
    """How much earlier time the logs could have shown it in."""
    if first.earlier is None:
        return "unknown"
    holes = f", {plural(first.holes, 'hole')}" if first.holes else ""
    return f"{duration_text(first.earlier)}{holes}"


def new_text(first: FirstSeen) -> str:
    """What of it was not seen before on the machine."""
    return ", ".join(first.new) or "the combination"


def first_seen_words(first: FirstSeen) -> str:
    """One combination without its time, sanitised."""
    earlier = (
        "how far its Security log reaches back is not known"
        if first.earlier is None
        else f"its Security log reaches back {earlier_text(first)} before that"
    )
    return (
        f"{sanitise(first.account.label) or '(no name)'} on {sanitise(first.machine)}"
        f" from {sanitise(first.source) or 'an unnamed source'} by {logon_type_text(first.logon_type) or 'no type'},"
        f" {plural(first.times, 'time')}; new: {new_text(first)}; {earlier}"
    )


def first_seen_line(first: FirstSeen) -> str:
    """One combination in one line, sanitised."""
    return f"{time_text(first.first)} {first_seen_words(first)}"


def first_seen_filter(first: FirstSeen) -> str:
    """The filter that shows the logons of a combination, as far as its parts are named."""
    told = (
        ("machine", first.machine),
        ("user", first.account.label),
        ("from", first.source),
        ("type", "" if first.logon_type is None else str(first.logon_type)),
    )
    text = "is:logon"
    for field, value in told:
        text = with_term(text, field, value) if value else text
    return text


FIRST_SEEN_COLUMNS: tuple[Column[FirstSeen], ...] = (
    Column("First (UTC)", 19, 0, lambda first: time_text(first.first), "first"),
    Column("Machine", 12, 3, lambda first: sanitise(first.machine), "machine"),
    Column("User", 16, 0, lambda first: sanitise(first.account.short) or "-", "user"),
    Column("Type", 9, 2, lambda first: logon_type_text(first.logon_type) or "-", "type"),
    Column("Source", 15, 1, lambda first: sanitise(first.source) or "-", "source"),
    Column("Times", 6, 5, lambda first: f"{first.times:,}", "times", right=True),
    Column("Earlier", 8, 0, earlier_text, "earlier"),
    Column("New", 20, 0, new_text, "new", takes_rest=True),
)
"""Columns of the list; ``Earlier`` is how far the machine's Security log reaches back before the first logon."""

FIRST_SEEN_SORTS: dict[str, Callable[[FirstSeen], Any]] = {
    "first": lambda first: (first.first, first.row),
    "machine": lambda first: first.machine.casefold(),
    "user": lambda first: first.account.label.casefold(),
    "type": lambda first: -1 if first.logon_type is None else first.logon_type,
    "source": lambda first: first.source.casefold(),
    "times": lambda first: first.times,
    "earlier": lambda first: -1 if first.earlier is None else first.earlier,
    "new": lambda first: (len(first.new), first.new),
}
"""What each order of the columns sorts by."""
