"""What comes first in a report: the machines, what their logs cover, and what cannot be known from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.case.view import Scope, View
from logonscope.export.triage import notable_marks, unknown_lines
from logonscope.knowledge.coverage import mark_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from logonscope.case.case import Case
    from logonscope.filters.terms import Node
    from logonscope.model import Boot, CoverageMark
    from logonscope.report.asked import Most


_EVERY = 1_000_000
"""Machines; more than there are."""


@dataclass(frozen=True, slots=True)
class MachineLine:
    """One machine of the case."""

    name: str
    first: datetime | None
    """Of its Security log, or of all its logs where there is none."""
    last: datetime | None
    has_security: bool
    records: int
    """In all its channels."""
    stays: int
    """Stays of people under the filter."""
    refused: int
    """Refused logons, whatever the filter."""
    boots: int
    ends: str
    """How the boots ended: ``3 by shutdown, 1 by crash``."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the logs cover and lack."""

    machines: tuple[MachineLine, ...]
    machines_total: int
    covered: tuple[CoverageMark, ...]
    covered_total: int
    notable: tuple[tuple[CoverageMark, str], ...]
    """Marks that mean more than routine, in the order of time, each with its sentence."""
    notable_total: int
    unknown: tuple[str, ...]
    """What the logs cannot show, in sanitised lines."""


def coverage_of(case: Case, node: Node, refused: Mapping[str, int], most: Most) -> Coverage:
    """Gather what the logs of a case cover and lack.

    Args:
        case: The case.
        node: The filter of the stays.
        refused: Refused logons by machine.
        most: How many rows are wanted.
    """
    marks, boots = case.coverage(), case.boots()
    counts = case.value_counts("machine", View("session", node, scope=Scope.STAYS), limit=_EVERY)
    stays = {one.value: one.count for one in counts.values}
    names = sorted({mark.machine for mark in marks if mark.machine} | {boot.machine for boot in boots}, key=str.lower)
    covered = [mark for mark in marks if mark.kind == "covered"]
    notable = notable_marks(marks)
    return Coverage(
        tuple(
            _machine(name, covered, boots, stays.get(name, 0), refused.get(name, 0)) for name in names[: most.machines]
        ),
        len(names),
        tuple(covered[: most.marks]),
        len(covered),
        tuple((mark, mark_sentence(mark)) for mark in notable[: most.marks]),
        len(notable),
        tuple(unknown_lines(case, marks)),
    )


def _machine(
    name: str, covered: Sequence[CoverageMark], boots: Sequence[Boot], stays: int, refused: int
) -> MachineLine:
    own = [mark for mark in covered if mark.machine == name]
    security = [mark for mark in own if mark.channel == "Security"]
    told = security or own
    ends = Counter(boot.end_evidence for boot in boots if boot.machine == name)
    return MachineLine(
        name,
        min((mark.since for mark in told if mark.since), default=None),
        max((mark.until for mark in told if mark.until), default=None),
        bool(security),
        sum(mark.amount or 0 for mark in own),
        stays,
        refused,
        sum(ends.values()),
        ", ".join(f"{ends[kind]} by {kind}" for kind in ("shutdown", "crash", "reboot") if ends[kind]),
    )
