"""A case is shown as it was left: pane, filter, orders, zone, the row of the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import starting

from logonscope.case.case_file import CaseFile
from logonscope.case.remembered import Remembered, recall, remember
from logonscope.ui.app import LogonscopeApp

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_view_comes_back(week: Path, tmp_path: Path) -> None:
    async with starting(week, store=tmp_path) as browsing:
        await browsing.until(lambda: browsing.is_loaded, "the end of loading")
        await browsing.show_pane("sessions")
        await browsing.press("O", "h")
        await browsing.until(lambda: "alice" in browsing.cursor_row, "the rows")
        await browsing.press("at")
        await browsing.shows("machine's zone")
        await browsing.press("at")
        await browsing.shows("Time zone beside UTC")
        await browsing.type("Asia/Tokyo")
        await browsing.press("enter")
        await browsing.shows("Asia/Tokyo")
        await browsing.press("home", "down")
        await browsing.until(lambda: browsing.table.cursor == 1 and "+09:00" in browsing.cursor_row, "the second row")
        row = browsing.cursor_row
        await browsing.answers()
        await browsing.press("q")
    async with starting(week, store=tmp_path) as browsing:
        await browsing.until(lambda: browsing.is_loaded, "the end of loading")
        await browsing.until(lambda: browsing.main.beside.zone_name == "Asia/Tokyo", "the zone")
        await browsing.until(lambda: browsing.cursor_row == row, row)
        assert browsing.main.shown.pane == "sessions"
        assert browsing.main.shown.scope.value == "stays and visits"
        assert browsing.main.shown.orders["sessions"].descending


@pytest.mark.parametrize(
    "odd",
    [
        Remembered(pane="none", scope="some", around=7, order={"events": "size", "x": "time"}, beside="x"),
        Remembered(beside="zone", zone="Nowhere/At all", cursor=("event", "too", "few")),
        Remembered(cursor=("x", "y"), filter="usr:"),
    ],
)
async def test_a_view_that_makes_no_sense_is_harmless(odd: Remembered, week: Path, tmp_path: Path) -> None:
    remember(CaseFile([week]), odd)
    async with starting(week, store=tmp_path) as browsing:
        await browsing.until(lambda: browsing.is_loaded, "the end of loading")
        await browsing.answers()
        assert browsing.main.shown.pane == "events"
        assert not browsing.main.shown.filter_text


async def test_a_case_file_that_is_named_is_used(week: Path, tmp_path: Path) -> None:
    named = tmp_path / "case.toml"
    app = LogonscopeApp([week], work_parent=tmp_path / "work", case_file=named)
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("2")
        await pilot.pause(0.1)
        await app.workers.wait_for_complete()
        await pilot.press("q")
    assert recall(CaseFile([], named), []).pane == "sessions"
    assert not CaseFile([week]).path.exists()
