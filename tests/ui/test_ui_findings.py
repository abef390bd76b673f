"""Findings and explanations in the browser."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from browsing import SIZES, Browsing
from textual.widgets import Input, Static

from logonscope.case.case import Case
from logonscope.demo.evtx_writer import write_log
from logonscope.ui.screens.findings import FindingsScreen
from logonscope.ui.screens.text import TextScreen
from logonscope.ui.widgets.row_table import RowTable
from support.logs import hostile_logons, logon

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse

    from logonscope.findings.finding import Findings


@pytest.fixture
def internet(tmp_path: Path) -> Path:
    """A log in which alice comes from a public address, and once in the clear."""
    records = [
        logon(1, LogonType=10, IpAddress="203.0.113.7", TargetLogonId=0x51),
        logon(2, LogonType=8, IpAddress="10.0.0.9", TargetLogonId=0x52),
    ]
    write_log(tmp_path / "Security.evtx", records)
    return tmp_path / "Security.evtx"


async def open_findings(browsing: Browsing) -> None:
    await browsing.press("F")
    await browsing.until(
        lambda: isinstance(browsing.app.screen, FindingsScreen) and browsing.app.screen.query(RowTable), "the findings"
    )


def rows(browsing: Browsing) -> list[tuple[str, ...]]:
    table = browsing.app.screen.query_one(RowTable)
    return [row.cells for position in range(table.row_count) if (row := table.row_at(position))]


def whole(browsing: Browsing) -> str:
    return str(browsing.app.screen.query_one(".list-whole", Static).render())


@SIZES
async def test_findings_are_listed_with_what_usually_explains_them(
    browse: Browse, internet: Path, size: tuple[int, int]
) -> None:
    async with browse(internet, size=size) as browsing:
        await open_findings(browsing)
        await browsing.until(lambda: len(rows(browsing)) >= 2, "the rows")
        assert [cells[:2] for cells in rows(browsing)][:2] == [("high", "D9"), ("low", "D13")]
        await browsing.until(lambda: "Usually:" in whole(browsing), "the finding in full")
        assert "203.0.113.7" in whole(browsing)


async def test_enter_goes_to_the_records(browse: Browse, internet: Path) -> None:
    async with browse(internet) as browsing:
        await open_findings(browsing)
        await browsing.until(lambda: rows(browsing), "the rows")
        await browsing.press("enter")
        await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser")
        shown = browsing.main.shown
        assert shown.pane == "events"
        assert shown.filter_text == "is:logon user:ALDER\\alice source:203.0.113.7 machine:WS01"


async def test_a_dismissed_finding_stays_dismissed_and_can_be_taken_up(browse: Browse, internet: Path) -> None:
    for _ in range(2):
        async with browse(internet) as browsing:
            await open_findings(browsing)
            await browsing.until(lambda: rows(browsing), "the rows")
            if rows(browsing)[0][0] == "high":
                await browsing.press("d")
                await browsing.until(lambda: bool(browsing.app.screen.query(Input)), "the question")
                await browsing.type("our jump host")
                await browsing.press("enter")
                await browsing.until(lambda: isinstance(browsing.app.screen, FindingsScreen), "the findings")
            await browsing.until(lambda: "dismissed" in [cells[0] for cells in rows(browsing)], "the mark")
            place = [cells[0] for cells in rows(browsing)].index("dismissed")
            assert place == len(rows(browsing)) - 1
            await browsing.press("end")
            await browsing.until(lambda: "Dismissed: our jump host" in whole(browsing), "the reason")
    async with browse(internet) as browsing:
        await open_findings(browsing)
        await browsing.until(lambda: rows(browsing), "the rows")
        await browsing.press("end", "d")
        await browsing.until(lambda: rows(browsing)[0][0] == "high", "the finding again")


async def test_an_event_is_explained(browse: Browse, internet: Path) -> None:
    async with browse(internet) as browsing:
        await browsing.press("1")
        await browsing.until(lambda: browsing.main.shown.pane == "events" and browsing.main.current_id is not None)
        await browsing.press("x")
        await browsing.until(lambda: isinstance(browsing.app.screen, TextScreen), "the explanation")
        await browsing.shows("Event 4624 explained", "Does not prove", "Security 4624 Logon")
        await browsing.press("pagedown")
        await browsing.shows("In this case", "Security 4624: 2 times")


async def test_the_logon_type_of_a_cell_is_explained(browse: Browse, internet: Path) -> None:
    async with browse(internet) as browsing:
        await browsing.show_pane("sessions")
        await browsing.press("right", "x")
        await browsing.until(lambda: isinstance(browsing.app.screen, TextScreen), "the explanation")
        await browsing.shows("Logon type explained", "Logon type 10")
        await browsing.press("end")
        await browsing.shows("In this case", "Logons: 1 time", "How they ended")


async def test_a_mark_of_coverage_and_a_boot_are_explained(browse: Browse, internet: Path) -> None:
    async with browse(internet, filter_text="channel:Security") as browsing:
        await browsing.show_pane("coverage")
        await browsing.press("end", "x")
        await browsing.until(lambda: isinstance(browsing.app.screen, TextScreen), "the explanation")
        await browsing.shows("Mark of coverage explained", "never seen")
        await browsing.press("end")
        await browsing.shows("auditpol /set", "gpupdate")
        await browsing.press("escape")
        await browsing.show_pane("boots")
        await browsing.press("x")
        await browsing.shows("Boot explained", "before the first start")


async def test_a_session_and_a_logon_type_are_explained(browse: Browse, internet: Path) -> None:
    async with browse(internet) as browsing:
        await browsing.press("2")
        await browsing.until(lambda: browsing.main.current_id is not None, "a session")
        await browsing.press("x")
        await browsing.until(lambda: isinstance(browsing.app.screen, TextScreen), "the explanation")
        await browsing.shows("Session explained")
        await browsing.press("escape", "3")
        await browsing.until(lambda: browsing.main.shown.pane == "types" and browsing.main.current_type is not None)
        await browsing.press("x")
        await browsing.until(lambda: isinstance(browsing.app.screen, TextScreen), "the explanation")
        await browsing.shows("Logon type 0 System")


async def test_hostile_names_are_inert(browse: Browse, tmp_path: Path) -> None:
    write_log(tmp_path / "Security.evtx", hostile_logons())
    async with browse(tmp_path / "Security.evtx") as browsing:
        await browsing.press("x")
        await browsing.until(lambda: isinstance(browsing.app.screen, TextScreen), "the explanation")
        await browsing.shows("\\x1b")


async def test_the_rules_are_run_again_only_for_other_rows(
    browse: Browse, internet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[int] = []
    run = Case.findings

    def counted(case: Case, *asked: Any) -> Findings:
        runs.append(1)
        return run(case, *asked)

    monkeypatch.setattr(Case, "findings", counted)
    async with browse(internet) as browsing:
        for _ in range(2):
            await open_findings(browsing)
            await browsing.until(lambda: len(rows(browsing)) >= 2, "the rows")
            await browsing.press("escape")
            await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser")
        assert len(runs) == 1
        browsing.main.rows_are_stale()
        await open_findings(browsing)
        assert len(runs) == 2


async def test_escape_gives_up_findings_that_have_not_come(
    browse: Browse, internet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, run = threading.Event(), Case.findings

    def held(case: Case, *asked: Any) -> Findings:
        go_on.wait(60)
        return run(case, *asked)

    monkeypatch.setattr(Case, "findings", held)
    async with browse(internet) as browsing:
        await browsing.press("F", "escape")
        await browsing.shows("Given up.")
        go_on.set()
        await browsing.answers()
        assert not isinstance(browsing.app.screen, FindingsScreen)
