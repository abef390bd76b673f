"""Findings as a table, as CSV and as JSON lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.columns import Column
from logonscope.display import sanitise, time_text
from logonscope.export.citing import NOTHING_CITED, Citing
from logonscope.export.fields import Moment, RowField
from logonscope.facts.finding import severity_text

if TYPE_CHECKING:
    from collections.abc import Iterable
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


FINDING_MOMENTS = (Moment("since", "Finding", "{severity}: {seen}"),)
"""What of a finding makes a line of a timeline."""


def finding_fields(citing: Citing = NOTHING_CITED) -> tuple[RowField[Finding], ...]:
    """The fields of a finding; the records that it rests on are cited."""
    return (
        RowField(
            "finding",
            "number",
            "Its place in what to look at first; good for one run only.",
            lambda finding: finding.finding_id,
        ),
        RowField("rule", "text", "The rule that asks.", lambda finding: finding.rule),
        RowField("title", "text", "What the rule is about.", lambda finding: finding.title),
        RowField("severity", "text", "high, medium, low or info.", lambda finding: finding.severity),
        RowField("machine", "text", "The machine; empty where it is about several.", lambda finding: finding.machine),
        RowField("since", "time", "From when on.", lambda finding: finding.since),
        RowField("until", "time", "Until when.", lambda finding: finding.until),
        RowField("seen", "text", "What was seen, in one sentence.", lambda finding: finding.seen),
        RowField("why", "text", "Why it may matter.", lambda finding: finding.why),
        RowField("usual", "text", "What usually explains it.", lambda finding: finding.usual),
        RowField("next_step", "text", "What to do next.", lambda finding: finding.next_step),
        RowField("attack", "texts", "ATT&CK techniques.", lambda finding: finding.attack),
        RowField(
            "filter", "text", "A filter of the events that leads to the evidence.", lambda finding: finding.filter
        ),
        RowField("records", "number", "How many records it rests on.", lambda finding: finding.records),
        RowField(
            "evidence",
            "fields",
            "The first 500 of them, cited: file, its SHA-256, channel, EventRecordID, offsets, event and time.",
            lambda finding: _cited(citing, finding),
        ),
    )


def finding_citing(case: Case, findings: Iterable[Finding]) -> Citing:
    """What cites the records that findings rest on."""
    return Citing.of(case, (row for finding in findings for row in finding.rows))


def _cited(citing: Citing, finding: Finding) -> list[dict[str, Any]]:
    return [
        citing.cite(row)
        | {
            "event_id": record.event_id,
            "time": record.time.isoformat(timespec="microseconds") + "Z" if record.time else None,
        }
        for row in finding.rows
        if (record := citing.records.get(row))
    ]
