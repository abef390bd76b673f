"""A report has the numbers of the panes and of the exports, cites its records, and says what it leaves out."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING

import lxml.html
import pytest

from logonscope.case.view import Scope, View
from logonscope.errors import QueryCancelledError
from logonscope.facts.beside import Beside, find_zone
from logonscope.filters.syntax import parse
from logonscope.report.asked import MOST, Asked, Watch
from logonscope.report.contents import gather
from logonscope.report.method import grades, method_rules
from logonscope.report.rendering import STAY_COLUMNS, render
from support.command_line import CommandLine
from support.report_case import REASON, incident_case, report_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.case import Case
    from logonscope.report.contents import Report

PARTS = ["summary", "coverage", "when", "stays", "failures", "findings", "bookmarks", "dismissed", "method", "sources"]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with incident_case(tmp_path_factory.mktemp("case")) as case:
        yield case


@pytest.fixture(scope="module")
def run(case: Case, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("cache"), case)


@pytest.fixture(scope="module")
def report(case: Case) -> Report:
    return report_of(case)


def page(report: Report) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring("".join(render(report, "html")))


def table(page: lxml.html.HtmlElement, part: str, number: int = 0) -> list[list[str]]:
    """The rows of a table in a part of the page."""
    found = page.xpath(f"//section[@id='{part}']//table")[number]
    return [[cell.text_content().strip() for cell in row.xpath("./td")] for row in found.xpath("./tbody/tr")]


def test_coverage_and_its_limits_come_first(report: Report) -> None:
    found = page(report)
    assert [section.get("id") for section in found.xpath("//section")] == PARTS
    assert [link.get("href") for link in found.xpath("//nav//a")] == [f"#{part}" for part in PARTS]
    text = found.xpath("string(//section[@id='coverage'])")
    assert "no refused logon was recorded: there were none, or they are not audited" in text
    assert "what happened before the first record and after the last" in text


def test_the_same_stays_in_report_csv_and_pane(report: Report, case: Case, run: CommandLine) -> None:
    window = case.window(View("session", scope=Scope.STAYS))
    pane = case.sessions(window.page(0, window.count))
    listed = list(csv.DictReader(io.StringIO(run("sessions", "LOGS", "--format", "csv").out)))
    rows = table(page(report), "stays")
    assert report.stays_total == window.count == len(listed) == len(rows) > 20
    assert [row[-1] for row in rows] == [stay.key for stay in pane] == [row["session"] for row in listed]
    assert [row[:-1] for row in rows] == [[column.text(stay) for column in STAY_COLUMNS] for stay in pane]
    assert [stay.grade for stay in report.stays] == [row["grade"] for row in listed]
    seconds = [(stay.duration_least or 0) // 1_000_000 for stay in report.stays]
    values = [int(cell.get("data-v")) for cell in page(report).xpath("//section[@id='stays']//td[@data-v][3]")]
    assert values == seconds


def test_the_same_refusals_in_report_pane_and_triage(report: Report, case: Case, run: CommandLine) -> None:
    refused = case.count(View("event", parse("event:4625")))
    rows = table(page(report), "failures")
    assert report.attempts == refused == sum(int(row[0].replace(",", "")) for row in rows)
    assert sum(machine.refused for machine in report.coverage.machines) == refused
    assert f'"refused_logons": {report.coverage.machines[1].refused}' in run("triage", "LOGS", "--format", "json").out
    assert sum(machine.stays for machine in report.coverage.machines) == report.stays_total


def test_findings_cite_their_records(report: Report, case: Case) -> None:
    assert [shown.finding for shown in (*report.dismissed, *report.standing)] == list(case.findings().found)
    found = page(report)
    assert len(found.xpath("//section[@id='findings']/article")) == len(report.standing)
    shown = report.standing[0]
    (article,) = found.xpath(f"//article[@id='f{shown.finding.finding_id}']")
    rows = [[cell.text_content() for cell in row.xpath("./td")] for row in article.xpath(".//tbody/tr")]
    events = case.events(shown.finding.rows[: MOST.cited])
    assert [(row[2], row[3], row[4]) for row in rows] == [
        (event.channel, str(event.record_id), str(event.event_id)) for event in events
    ]
    for link in article.xpath(".//tbody//a/@href"):
        assert found.xpath(f"//tr[@id='{link[1:]}']"), link


def test_what_was_kept_and_dismissed(report: Report) -> None:
    found = page(report)
    event, stay = table(found, "bookmarks")
    assert event[:4] == ["event", "an event", "look here", "exfil"]
    assert re.search(r"\.evtx, .+, EventRecordID \d+, 2026-", event[4])
    assert stay[3:] == ["-", report.stays[0].key]
    ((rule, severity, seen, reason),) = table(found, "dismissed")
    assert (rule, severity, seen) == (
        report.dismissed[0].finding.rule,
        report.dismissed[0].finding.severity,
        report.dismissed[0].finding.seen,
    )
    assert reason == REASON


def test_sources_have_their_hashes(report: Report, case: Case) -> None:
    for row, source in zip(table(page(report), "sources"), case.sources, strict=True):
        assert row[1].startswith(str(source.path))
        assert row[7] == f"{hashlib.sha256(source.path.read_bytes()).hexdigest()} of the file"


def test_method_and_command_are_told(report: Report) -> None:
    text = page(report).xpath("string(//section[@id='method'])")
    assert all(rule.sentence in text for rule in method_rules())
    assert all(grade.means in text for grade in grades())
    assert [grade.letter for grade in grades()] == ["A", "B", "C", "D", "-", "T"]
    assert "logonscope report LOGS -o report.html" in page(report).xpath("string(//section[@id='sources'])")


def test_lanes_are_drawn_and_told_in_words(report: Report) -> None:
    machines, users = report.charts
    assert [lane.name for lane in machines.lanes] == [machine.name for machine in report.coverage.machines]
    found = page(report)
    drawings = found.xpath("//section[@id='when']//svg[@role='img']")
    assert len(drawings) == len(machines.lanes) + len(users.lanes)
    assert all(drawing.get("aria-label") for drawing in drawings)
    links = found.xpath("//svg[@role='img']//a")
    assert {link.get("tabindex") for link in links} == {"-1"}, "a picture has nothing to stop at by keyboard"
    assert all(found.xpath(f"//tr[@id='{link.get('href')[1:]}']") for link in links)
    told = [item.text_content() for item in found.xpath("//section[@id='when']//details//li")]
    assert told == [f"{lane.name}: {lane.words}" for lane in (*machines.lanes, *users.lanes)]
    anna = next(lane for lane in users.lanes if lane.name == "anna.berg")
    stays = sum(stay.account.name == "anna.berg" for stay in report.stays)
    assert anna.words.startswith(f"{stays} stays")
    assert {stretch.session for stretch in anna.stretches if stretch.session} == {
        stay.session_id for stay in report.stays if stay.account.name == "anna.berg"
    }
    assert all(one.first >= 0 and one.first + one.width <= 1000 for one in anna.stretches)


def test_a_filter_holds_for_stays_and_drawings_and_that_is_said(case: Case) -> None:
    found = gather(case, Asked(parse("user:anna.berg"), "user:anna.berg"))
    assert {stay.account.name for stay in found.stays} == {"anna.berg"}
    assert [lane.name for lane in found.charts[1].lanes if lane.name[0] != "("] == ["anna.berg"]
    assert found.attempts == case.count(View("event", parse("event:4625")))
    assert "all else is of everything that is loaded" in "".join(render(found, "html"))


@pytest.mark.parametrize("form", ["html", "md"])
def test_sessions_that_are_no_stays_are_not_called_so(case: Case, form: str) -> None:
    found = gather(case, Asked(parse("type:3 user:anna.berg"), "type:3 user:anna.berg"))
    text = "".join(render(found, form))
    assert f"{found.stays_total} sessions" in text
    assert "Sessions of the kind that the filter names" in text
    assert "Stays of people" not in text


@pytest.mark.parametrize("form", ["html", "md"])
def test_what_is_left_out_is_counted_with_the_command_that_gives_all(case: Case, form: str) -> None:
    few = MOST._replace(stays=3, findings=2, cited=1, refusals=2, sources=1, lanes=1)
    found = gather(case, Asked(paths="LOGS"), most=few)
    text = re.sub(r"<[^>]+>|[*`]", "", "".join(render(found, form)))
    left = found.stays_total - 3
    assert f"{left} more stays are left out here. All of them: logonscope sessions LOGS --format csv" in text
    assert f"{len(found.outcome.found) - 2} more findings are left out here" in text
    assert f"{found.refusals_total - 2} more rows are left out here" in text
    assert f"{found.read.sources_total - 1} more files are left out here. All of them: logonscope check LOGS" in text


def test_the_zone_stands_beside_utc(case: Case) -> None:
    name, zone = find_zone("Asia/Tokyo")
    found = gather(case, Asked(beside=Beside("zone", zone=zone, zone_name=name)))
    rows = table(page(found), "stays")
    assert re.fullmatch(r"\w{3} \d\d:\d\d \+09:00", rows[0][-2])
    assert "beside them: Asia/Tokyo" in "".join(render(found, "md"))


def test_it_can_be_given_up(case: Case) -> None:
    steps: list[str] = []
    with pytest.raises(QueryCancelledError):
        gather(case, Asked(), Watch(steps.append, lambda: len(steps) == 2))
    assert steps == ["stays", "coverage"]


def test_markdown_says_the_same(report: Report) -> None:
    text = "".join(render(report, "md"))
    assert f"- Stays of people: {report.stays_total}" in text
    rows = text.partition("## Stays of people")[2].partition("###")[0].splitlines()
    assert sum(row.startswith("| ") for row in rows) == report.stays_total + 1
    cells = {row.count(" | ") for row in rows if row.startswith("| ")}
    assert cells == {len(STAY_COLUMNS)}
    assert "Tags: exfil" in text
