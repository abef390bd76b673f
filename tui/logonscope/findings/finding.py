"""What a rule found, with the records that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

Severity = Literal["high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low", "info")
"""The gravest first."""
MOST_ROWS = 500
"""So many of a finding's records are named; ``terms.sql`` gives no more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth a look. Texts of the log in it are sanitised."""

    finding_id: int
    """Its place in the order of what to look at first, counted from 1; only good for one run."""
    rule: str
    """``D1``."""
    title: str
    severity: Severity
    machine: str
    """Empty where it is about several machines."""
    since: datetime | None
    """Naive UTC."""
    until: datetime | None
    seen: str
    """What was seen, in one sentence."""
    why: str
    """Why it may matter."""
    usual: str
    """What usually explains it."""
    next_step: str
    attack: tuple[str, ...]
    """ATT&CK techniques."""
    filter: str
    """A filter of the events that leads to the evidence."""
    rows: tuple[int, ...]
    """Row numbers of the records that it rests on, in order of time: the first ones of many."""
    records: int
    """How many records it rests on."""
    sources: tuple[str, ...] = ()
    """The addresses and workstations that it names, as the log has them: not sanitised."""


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that could not be run; the others were."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome of all rules."""

    found: tuple[Finding, ...]
    """What to look at first comes first."""
    broken: tuple[BrokenRule, ...]
    muted: int = 0
    """How many findings the watchlist asks to be silent on."""
    unused: tuple[str, ...] = ()
    """Entries of the watchlist that fit nothing, in words."""
