"""What the rules find in real logs: findings_fired.py FOLDER..., as the tables of RESULTS.md.

Each folder is loaded as one case. Every finding of severity high is told in a line of its own, with what usually
explains it.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from logonscope.case.case import Case
from logonscope.findings.finding import SEVERITIES, Finding, Findings

SHOWN = 220


def judge(folder: Path) -> tuple[int, Findings, dict[int, str]]:
    """How many records a folder holds, what the rules find in them, and in which file the first record of each lies."""
    with tempfile.TemporaryDirectory() as work, Case([folder], work_parent=Path(work)) as case:
        case.load()
        outcome = case.findings()
        names = {source.number: source.path.name for source in case.sources}
        files = {
            finding.finding_id: names[event.source]
            for finding in outcome.found
            for event in case.events(finding.rows[:1])
        }
        return sum(source.records for source in case.sources), outcome, files


def fired(found: tuple[Finding, ...]) -> str:
    """The rules that fire, the gravest first, and how often."""
    counts = Counter((SEVERITIES.index(finding.severity), finding.rule) for finding in found)
    return ", ".join(
        f"{rule} {SEVERITIES[severity]}{f' x{times}' if times > 1 else ''}"
        for (severity, rule), times in sorted(counts.items())
    )


def high_line(name: str, file: str, finding: Finding) -> str:
    """A grave finding: what was seen, and what usually explains it."""
    seen = finding.seen if len(finding.seen) <= SHOWN else finding.seen[:SHOWN] + "..."
    return f"- {name}/{file}, **{finding.rule}**: {seen}. Usual: {finding.usual}"


def main() -> None:
    """Judge the folders that were named."""
    print("| folder | records | findings | fires |\n|---|---|---|---|")
    grave: list[str] = []
    for folder in map(Path, sys.argv[1:]):
        records, outcome, files = judge(folder)
        name = "/".join(folder.parts[-2:])
        print(f"| {name} | {records:,} | {len(outcome.found):,} | {fired(outcome.found) or 'nothing'} |", flush=True)
        grave += [
            high_line(name, files.get(finding.finding_id, ""), finding)
            for finding in outcome.found
            if finding.severity == "high"
        ]
        grave += [f"- {name}: {broken.rule} is broken: {broken.reason}" for broken in outcome.broken]
    print("", *grave, sep="\n")


if __name__ == "__main__":
    main()
