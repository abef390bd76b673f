"""Combinations of user, source, logon type and machine seen for the first time, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import Column
from logonscope.display import duration_text, plural, sanitise, time_text
from logonscope.knowledge.logon_types import logon_type_text

if TYPE_CHECKING:
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


def first_seen_line(first: FirstSeen) -> str:
    """One combination in one line, sanitised."""
    earlier = (
        "how far its Security log reaches back is not known"
        if first.earlier is None
        else f"its Security log reaches back {earlier_text(first)} before that"
    )
    return (
        f"{time_text(first.first)} {sanitise(first.account.label) or '(no name)'} on {sanitise(first.machine)}"
        f" from {sanitise(first.source) or 'an unnamed source'} by {logon_type_text(first.logon_type) or 'no type'},"
        f" {plural(first.times, 'time')}; new: {new_text(first)}; {earlier}"
    )


FIRST_SEEN_COLUMNS: tuple[Column[FirstSeen], ...] = (
    Column("First (UTC)", 19, 0, lambda first: time_text(first.first)),
    Column("Machine", 12, 0, lambda first: sanitise(first.machine)),
    Column("User", 16, 0, lambda first: sanitise(first.account.short) or "-"),
    Column("Type", 9, 0, lambda first: logon_type_text(first.logon_type) or "-"),
    Column("Source", 15, 0, lambda first: sanitise(first.source) or "-"),
    Column("Times", 6, 0, lambda first: f"{first.times:,}", right=True),
    Column("Earlier", 8, 0, earlier_text),
    Column("New", 20, 0, new_text, takes_rest=True),
)
"""Columns of the list; ``Earlier`` is how far the machine's Security log reaches back before the first logon."""
