"""Findings as a table, as CSV and as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import Column
from logonscope.display import sanitise, time_text
from logonscope.export.records import Field
from logonscope.facts.citation import file_name
from logonscope.facts.finding import severity_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from logonscope.case.case import Case
    from logonscope.findings.finding import Finding

FINDING_COLUMNS: tuple[Column[Finding], ...] = (
    Column("#", 4, 0, lambda finding: str(finding.finding_id), right=True),
    Column("Severity", 9, 0, severity_text),
    Column("Rule", 5, 0, lambda finding: finding.rule),
    Column("Machine", 15, 2, lambda finding: sanitise(finding.machine)),
    Column("When (UTC)", 19, 1, lambda finding: time_text(finding.since)),
    Column("Records", 7, 2, lambda finding: f"{finding.records:,}", right=True),
    Column("What was seen", 40, 0, lambda finding: finding.seen, takes_rest=True),
)
"""Columns of the list of findings."""


def finding_fields(case: Case) -> tuple[Field[Finding], ...]:
    """The fields of a finding; the records that it rests on are cited."""
    return (
        Field("finding", "number", lambda finding: finding.finding_id),
        Field("rule", "text", lambda finding: finding.rule),
        Field("title", "text", lambda finding: finding.title),
        Field("severity", "text", lambda finding: finding.severity),
        Field("machine", "text", lambda finding: finding.machine),
        Field("since", "time", lambda finding: finding.since),
        Field("until", "time", lambda finding: finding.until),
        Field("seen", "text", lambda finding: finding.seen),
        Field("why", "text", lambda finding: finding.why),
        Field("usual", "text", lambda finding: finding.usual),
        Field("next_step", "text", lambda finding: finding.next_step),
        Field("attack", "texts", lambda finding: finding.attack),
        Field("filter", "text", lambda finding: finding.filter),
        Field("records", "number", lambda finding: finding.records),
        Field("evidence", "fields", _cited(case)),
    )


def _cited(case: Case) -> Callable[[Finding], list[dict[str, Any]]]:
    sources = {source.number: source for source in case.sources}

    def cite(finding: Finding) -> list[dict[str, Any]]:
        return [
            {
                "file": file_name(event, sources),
                "channel": event.channel,
                "record_id": event.record_id,
                "event_id": event.event_id,
                "time": event.time.isoformat(timespec="microseconds") + "Z" if event.time else None,
            }
            for event in case.events(finding.rows)
        ]

    return cite
