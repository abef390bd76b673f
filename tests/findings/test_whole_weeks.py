"""The rules over whole weeks: an ordinary one has nothing grave in it, the incident's first screen tells its story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.case.case import Case
from logonscope.case.demo_case import demo_logs
from logonscope.demo.incident_cast import LOG_END, new_network
from logonscope.demo.incident_office import office
from logonscope.demo.stage import play
from logonscope.facts.finding import finding_facts, finding_line
from support.logs import write_machine

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.findings.finding import Finding


def findings(logs: Path, work: Path) -> tuple[Finding, ...]:
    with Case([logs], work_parent=work) as case:
        case.load()
        outcome = case.findings()
        assert outcome.broken == ()
        return outcome.found


def test_nothing_in_an_ordinary_office_week_is_grave(tmp_path: Path) -> None:
    network = new_network()
    play(office(network))
    for machine in network.machines:
        machine.wait_until(LOG_END)
        write_machine(machine, tmp_path / "logs")
    found = findings(tmp_path / "logs", tmp_path)
    assert [finding_line(finding) for finding in found if finding.severity == "high"] == []


def test_the_incident_is_told_by_the_first_findings(tmp_path: Path) -> None:
    found = findings(demo_logs(tmp_path / "demo"), tmp_path)
    assert {finding.rule for finding in found[:4]} == {"D1", "D4", "D9", "D15"}
    assert all("support" in finding.seen for finding in found[:3])
    assert {"D6", "D14", "D16", "D21", "D10", "D22", "D30"} <= {finding.rule for finding in found}


def test_a_finding_says_why_and_what_else_it_may_be(tmp_path: Path) -> None:
    for finding in findings(demo_logs(tmp_path / "demo"), tmp_path):
        facts = {fact.name: fact.text for fact in finding_facts(finding)}
        assert all(facts[name] for name in ("Why it may matter", "What usually explains it", "Next step", "Filter"))
        assert all(fact.text.isprintable() for fact in finding_facts(finding))
