"""The panes of boots and of coverage: under the same filter and order keys, with ways to sessions and records."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from browsing import SIZES, WIDE

from logonscope.ui.screens.row_actions import time_filter

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [
        (datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 9, 0, 0, 5), "2026-03-02T07:59:00..2026-03-02T09:01:00"),
        (datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59), "0001-01-01T00:00:00..9999-12-31T23:59:59"),
    ],
)
def test_a_range_with_a_margin(since: datetime, until: datetime, text: str) -> None:
    assert time_filter(since, until, timedelta(minutes=1)) == text


@SIZES
async def test_boots_and_how_they_ended(browse: Browse, office: Path, size: tuple[int, int]) -> None:
    async with browse(office, pane="boots", size=size) as browsing:
        await browsing.shows("4 boots", "Ended (UTC)", "Reused")
        crashed = next(row for row in browsing.rows if "crash" in row)
        assert crashed.startswith("FS02")
        assert "..16:00" in crashed
        assert [row.split()[0] for row in browsing.rows] == ["FS02", "FS02", "LAP9", "PC7"]
        await browsing.press("O")
        await browsing.until(lambda: browsing.rows[0].startswith("PC7"), "the other order")
        await browsing.press("O", "o")
        await browsing.shows("Sorted by Boot", "Boo▲")
        await browsing.press("o")
        await browsing.shows("Sorted by Started", "Started (UTC)▲")
        await browsing.hold("machine:LAP9")
        await browsing.shows("1 boot ", "4 Boots 1")


async def test_the_detail_of_a_boot_lists_ids_used_again(browse: Browse, week: Path) -> None:
    async with browse(week, pane="boots", size=(190, 48)) as browsing:
        await browsing.shows("WS01, boot 1", "Logon IDs used again", "unique only within one")
        reused = browsing.cursor_row.rsplit(": ", 1)[1].split(", ")
        assert all(logon_id.startswith("0x") for logon_id in reused)
        await browsing.shows(f"({len(reused)})", reused[0])


async def test_enter_on_a_boot_lists_its_sessions(browse: Browse, week: Path) -> None:
    async with browse(week, pane="boots") as browsing:
        await browsing.press("down", "enter")
        await browsing.shows("machine:WS01 boot:2", "1 stay")
        assert browsing.main.shown.pane == "sessions"
        await browsing.press("u")
        await browsing.shows("2 boots")


@SIZES
async def test_coverage_and_its_detail(browse: Browse, office: Path, size: tuple[int, int]) -> None:
    async with browse(office, pane="coverage", size=size) as browsing:
        await browsing.shows(" marks", "covered", "file: Security.e")
        await browsing.hold("machine:FS02 channel:Security")
        await browsing.shows("  11 marks", "log cleared: ")
        await browsing.answers()
        place = next(index for index, row in enumerate(browsing.rows) if "log cleared" in row)
        await browsing.press(*["down"] * place)
        if size != WIDE:
            await browsing.press("d")
        await browsing.shows("FS02: log cleared", "The Security log was cleared at")


async def test_enter_on_a_mark_with_a_record_goes_to_it(browse: Browse, office: Path) -> None:
    async with browse(office, pane="coverage", filter_text="machine:FS02 channel:Security") as browsing:
        await browsing.shows("log cleared")
        place = next(index for index, row in enumerate(browsing.rows) if "log cleared" in row)
        await browsing.press(*["down"] * place, "enter")
        await browsing.shows("/ machine:FS02 ")
        await browsing.until(lambda: " 1102 bob " in browsing.cursor_row, "the record of the clearing")
        assert browsing.main.shown.pane == "events"


async def test_enter_on_a_mark_without_a_record_shows_the_events_around_it(browse: Browse, office: Path) -> None:
    async with browse(office, pane="coverage", filter_text="machine:PC7 channel:Security") as browsing:
        await browsing.shows("covered")
        await browsing.press("enter")
        await browsing.shows("/ machine:PC7 channel:Security time:2026-03-02T06:59:")
        await browsing.until(lambda: browsing.table.row_count > 5, "its events")


async def test_enter_on_a_mark_that_says_what_was_never_seen(browse: Browse, office: Path) -> None:
    async with browse(office, pane="coverage", filter_text="machine:PC7 channel:Security") as browsing:
        await browsing.shows("never seen")
        await browsing.press("end", "enter")
        await browsing.shows("/ machine:PC7 channel:Security ", " events")
