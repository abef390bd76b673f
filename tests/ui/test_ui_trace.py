"""From a remote session to the machine that it came from: one, several, or none that is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES, WIDE

from logonscope.ui.screens.sources import SourcesScreen
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


@SIZES
async def test_one_machine(browse: Browse, office: Path, size: tuple[int, int]) -> None:
    async with browse(office, filter_text="user:bob machine:FS02", size=size) as browsing:
        await browsing.shows("1 stay")
        await browsing.press("t")
        await browsing.shows("/ machine:LAP9 time:2026-03-02T09:21:0")
        await browsing.until(lambda: " 4648 " in browsing.cursor_row, "the record that points there")
        assert "..2026-03-02T09:41:0" in browsing.main.shown.filter_text
        await browsing.shows("LAP9: this machine recorded")


@SIZES
async def test_several_machines_are_left_to_choose_from(browse: Browse, office: Path, size: tuple[int, int]) -> None:
    async with browse(office, filter_text="user:carol machine:FS02", size=size) as browsing:
        await browsing.shows("1 stay")
        await browsing.press("t")
        await browsing.shows("Where did ALDER\\carol come from?", "Several machines fit", "10.0.0.77", "THIN")
        await browsing.shows("LAP9: this machine recorded that credentials were used")
        table = browsing.app.screen.query_one(RowTable)
        # The explanation needs no row; the rows come with the first drawing.
        await browsing.until(lambda: all(map(table.row_at, range(table.row_count))), "the rows")
        rows = [table.row_at(position) for position in range(table.row_count)]
        assert [row.cells[0] for row in rows if row] == ["LAP9", "PC7"]
        await browsing.press("down", "enter")
        await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser again")
        await browsing.shows("/ machine:PC7 time:2026-03-02T12:51:0")


async def test_choosing_none(browse: Browse, office: Path) -> None:
    async with browse(office, filter_text="user:carol machine:FS02") as browsing:
        await browsing.shows("1 stay")
        await browsing.press("t")
        await browsing.until(lambda: isinstance(browsing.app.screen, SourcesScreen), "the choice")
        await browsing.press("t")
        await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser again")
        assert browsing.main.shown.filter_text == "user:carol machine:FS02"


async def test_no_machine(browse: Browse, office: Path) -> None:
    async with browse(office, filter_text="user:dave machine:FS02", size=WIDE) as browsing:
        await browsing.shows("1 stay")
        await browsing.press("t")
        await browsing.shows("None of the loaded machines", "203.0.113.7", "KALI")
        assert browsing.main.shown.pane == "sessions"
