"""Logon types: all of them with how often each occurs, and one of them line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import LogonTypeCount
from logonscope.display import plural
from logonscope.knowledge.logon_types import logon_types
from logonscope.model import Fact

if TYPE_CHECKING:
    from logonscope.knowledge.logon_types import LogonType


def logon_type_lines(
    counts: dict[int, tuple[int, int]], order: str = "type", *, descending: bool = False
) -> list[LogonTypeCount]:
    """All logon types in order.

    Args:
        counts: Logons and refusals by type.
        order: An order of ``LOGON_TYPE_COLUMNS``.
        descending: Whether to turn it round.
    """
    lines = [LogonTypeCount(number, logon_types().get(number), *counted) for number, counted in counts.items()]
    return sorted(lines, key=lambda line: line.sort_key(order), reverse=descending)


def logon_type_facts(entry: LogonType, logons: int, refusals: int) -> tuple[Fact, ...]:
    """A logon type explained, with how often it occurs.

    Args:
        entry: The logon type.
        logons: Logons (4624) of this type under the present filter.
        refusals: Refusals (4625) of this type under the present filter.
    """
    return (
        Fact(f"{entry.type} {entry.name}", heading=True),
        Fact(entry.title + "."),
        Fact(f"{plural(logons, 'logon')}, {plural(refusals, 'refusal')} under this filter"),
        Fact(entry.creates, "What creates it"),
        Fact(entry.leaves, "Credentials left on this machine"),
        Fact(entry.proves_not, "What it does not prove"),
        Fact(entry.expect, "What to expect with it"),
        Fact(entry.benign, "Benign"),
        Fact(entry.hostile, "Hostile"),
    )
