"""The panes show what was loaded, on a small terminal and on a wide one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from browsing import SIZES, SMALL, WIDE, starting

from logonscope.case.case import Case

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse

    from logonscope.store.row_window import RowWindow


@SIZES
async def test_each_pane_shows_its_rows(week: Path, records: int, tmp_path: Path, size: tuple[int, int]) -> None:
    async with starting(week, store=tmp_path, size=size) as browsing:
        await browsing.shows(f"{records} events", "the machine started", f"loaded {records} records", "WS01")
        assert len(browsing.rows) == browsing.table.size.height - 1
        await browsing.press("2")
        await browsing.shows("3 stays", f"1 Events {records}" if size == WIDE else "1 Events", "2 Sessions 3")
        assert [row.split()[0] for row in browsing.rows] == ["alice", "bob", "alice"]
        assert "10 RDP" in browsing.rows[1]
        assert "still on" in browsing.rows[2]
        assert browsing.main.facets.display == browsing.main.detail.display == (size == WIDE)
        await browsing.press("3")
        await browsing.shows("RemoteInteractive", "NetworkCleartext")
        assert next(row for row in browsing.rows if "Network " in row).split()[:4] == ["3", "Network", "3", "12"]
        await browsing.press("4")
        await browsing.shows("2 boots", "4 Boots 2")
        assert [row.split()[1] for row in browsing.rows] == ["1", "2"]
        assert "shutdown" in browsing.rows[0]
        assert "running" in browsing.rows[1]
        await browsing.press("5")
        await browsing.shows(" marks", "covered", "never seen")
        assert f"5 Coverage {browsing.table.row_count}" in browsing.text
        await browsing.press("1")
        await browsing.shows(f"{records} events", "the machine started")


async def test_a_terminal_that_changes_its_size(browse: Browse, week: Path, records: int) -> None:
    async with browse(week, pane="events", size=WIDE) as browsing:
        await browsing.press("end")
        assert browsing.table.cursor == records - 1
        await browsing.until(lambda: "2026-03-03 08:00" in "".join(browsing.rows[-1:]), "the last row")
        for width, height in ((40, 10), (30, 8), SMALL, WIDE):
            await browsing.pilot.resize_terminal(width, height)
            await browsing.until(lambda width=width: {len(line) for line in browsing.lines} == {width})  # type: ignore[misc]
            assert browsing.table.cursor == records - 1
            await browsing.until(lambda: "2026-03-03 08:00" in "".join(browsing.rows[-1:]), "the last row")


async def test_a_very_narrow_terminal(browse: Browse, week: Path) -> None:
    async with browse(week, size=(40, 10)) as browsing:
        await browsing.shows("alice", "bob")
        await browsing.press("1", "end", "d", "question_mark", "escape", "p", "escape", "slash", "escape", "3", "enter")
        await browsing.shows("type:0")
        assert all(len(line) == 40 for line in browsing.lines)


async def test_the_other_lists_are_counted_when_the_present_one_has_come(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, asked, window, count = threading.Event(), [], Case.window, Case.count

    def held(case: Case, *view: Any) -> RowWindow:
        go_on.wait(60)
        return window(case, *view)

    def noted(case: Case, *view: Any) -> int:
        asked.append(go_on.is_set())
        return count(case, *view)

    async with browse(week, pane="events") as browsing:
        await browsing.answers()
        monkeypatch.setattr(Case, "window", held)
        monkeypatch.setattr(Case, "count", noted)
        await browsing.press("T")
        await browsing.until(lambda: browsing.main.shown.filter_text, "a filter")
        await browsing.pilot.pause(0.1)
        go_on.set()
        await browsing.until(lambda: asked, "the counts")
        assert all(asked)
