"""A finding line by line, and in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.display import plural, sanitise, time_text
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.findings.finding import BrokenRule, Finding, Findings

_SYMBOLS = {"high": "!!", "medium": "! ", "low": "- ", "info": "i "}

SEVERITY_TONES = {"high": "alarm", "medium": "warn", "low": "", "info": "muted"}
"""How a list draws a finding."""


def severity_text(finding: Finding) -> str:
    """How grave it is, as a symbol and a word of one width."""
    return f"{_SYMBOLS[finding.severity]} {finding.severity:6}"


def finding_line(finding: Finding) -> str:
    """A finding in one line, sanitised."""
    return f"{severity_text(finding)} {finding.rule:4} {finding.seen}"


def broken_line(broken: BrokenRule) -> str:
    """A rule that could not be run."""
    return f"rule {broken.rule} could not be run, the others were: {sanitise(broken.reason)}"


def outcome_notes(outcome: Findings) -> Iterator[str]:
    """What else is to be told: rules that could not be run, silence that was asked for, entries that fit nothing."""
    yield from map(broken_line, outcome.broken)
    if outcome.muted:
        yield f"{plural(outcome.muted, 'finding')} not told, as the watchlist asks"
    yield from outcome.unused


def finding_facts(finding: Finding) -> tuple[Fact, ...]:
    """A finding: what was seen, why it may matter, what usually explains it and what to do next."""
    return (
        Fact(f"{finding.rule} {finding.title}", heading=True),
        Fact(finding.seen + "."),
        Fact(severity_text(finding), "Severity"),
        Fact(f"{time_text(finding.since)} to {time_text(finding.until)} UTC", "When"),
        Fact(finding.why, "Why it may matter"),
        Fact(finding.usual, "What usually explains it"),
        Fact(finding.next_step, "Next step"),
        Fact(plural(finding.records, "record"), "Rests on"),
        Fact(finding.filter, "Filter"),
        Fact(", ".join(finding.attack) or "none", "ATT&CK"),
    )
