"""The screen in every size: one pane on 80x24, wider columns from 120, list and detail side by side from 160."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import SIZES, SMALL, WIDE, Browsing

from logonscope.columns import EVENT_COLUMNS
from logonscope.ui.app import LogonscopeApp
from logonscope.ui.column_layout import arranged
from logonscope.ui.themes import THEMES
from logonscope.ui.widgets.table_columns import TableColumns

if TYPE_CHECKING:
    from collections.abc import Callable

    from browsing import Browse
    from conftest import LoadedCase
    from textual.pilot import Pilot

WIDTHS = [(80, False), (119, False), (120, False), (159, False), (160, True), (240, True)]


@pytest.mark.parametrize(("width", "has_detail"), WIDTHS)
async def test_the_detail_stands_beside_the_list_where_there_is_room(
    browse: Browse, week: Path, width: int, has_detail: bool
) -> None:
    async with browse(week, size=(width, 30)) as browsing:
        await browsing.shows("3 stays")
        assert browsing.main.detail.display == has_detail
        await browsing.press("d")
        assert browsing.main.detail.display != has_detail
        table, detail = browsing.table.region, browsing.main.detail.region
        if not has_detail:
            await browsing.until(lambda: browsing.main.detail.region.area > 0, "the detail")
            detail = browsing.main.detail.region
            assert (detail.x > table.x) == (width >= 120), "beside the list, or below it"


async def test_the_detail_follows_the_cursor(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE) as browsing:
        await browsing.shows(r"ALDER\alice on WS01")
        await browsing.press("down")
        await browsing.shows(r"ALDER\bob on WS01")


async def test_what_the_user_chose_outlasts_a_resize(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE) as browsing:
        await browsing.pilot.resize_terminal(*SMALL)
        await browsing.until(lambda: not browsing.main.detail.display, "no detail on a small terminal")
        await browsing.pilot.resize_terminal(*WIDE)
        await browsing.until(lambda: browsing.main.detail.display, "the detail again")
        await browsing.press("d")
        await browsing.pilot.resize_terminal(*SMALL)
        await browsing.pilot.resize_terminal(*WIDE)
        assert not browsing.main.detail.display


@pytest.mark.parametrize("room", [56, 77, 117, 157, 237])
def test_columns_share_the_room(room: int) -> None:
    columns = TableColumns.fit(arranged(EVENT_COLUMNS, ()), room)
    assert sum(columns.widths) + len(columns.widths) - 1 == room
    for placed, width in zip(columns.placed, columns.widths, strict=True):
        column = placed.column
        assert column.takes_rest or column.width <= width <= max(column.width, column.most)


def test_columns_are_wider_where_there_is_room() -> None:
    narrow, wide = (TableColumns.fit(arranged(EVENT_COLUMNS, ()), room) for room in (77, 157))
    user = [dict(zip([p.column.name for p in c.placed], c.widths, strict=True))["user"] for c in (narrow, wide)]
    assert user[0] < user[1]
    assert len(narrow.placed) < len(wide.placed) == len(EVENT_COLUMNS)


@pytest.mark.parametrize("pane", ["events", "sessions", "types", "boots", "coverage"])
async def test_a_tiny_terminal_and_back(browse: Browse, week: Path, pane: str) -> None:
    async with browse(week, size=WIDE, pane=pane) as browsing:
        await browsing.until(lambda: browsing.main.detail.facts, "the detail")
        await browsing.press("down", "up")
        await browsing.pilot.pause(0.5)
        await browsing.answers()
        before = browsing.text
        for size in ((20, 5), (10, 3), (1, 1), (20, 5)):
            await browsing.pilot.resize_terminal(*size)
            await browsing.until(
                lambda size=size: [len(line) for line in browsing.lines] == [size[0]] * size[1],  # type: ignore[misc]
                f"lines of {size}",
            )
        assert browsing.rows, "a row is left to be seen"
        await browsing.press("down", "up", "question_mark", "escape", "v", "escape", "slash", "escape")
        await browsing.pilot.resize_terminal(*WIDE)
        await browsing.until(lambda: len(browsing.lines) == WIDE[1], "the whole screen")
        await browsing.answers()
        await browsing.pilot.pause(0.5)
        assert browsing.text.splitlines() == before.splitlines()


@SIZES
@pytest.mark.parametrize("theme", ["dark", "16-colours"])
@pytest.mark.parametrize("pane", ["events", "sessions"])
def test_the_looks(
    snap_compare: Callable[..., bool],
    case_of: Callable[[Path], LoadedCase],
    week: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pane: str,
    theme: str,
    size: tuple[int, int],
) -> None:
    monkeypatch.chdir(week.parent)
    case = case_of(Path(week.name))  # a path that is the same in every run: the detail shows it
    monkeypatch.setattr("logonscope.case.case.Case", lambda *_: case)
    monkeypatch.setattr(case, "_progress", [replace(case._progress[-1], seconds=1.0)])
    monkeypatch.setattr("logonscope.ui.app.theme_for", lambda *_: THEMES[theme].many)

    async def show(pilot: Pilot[Any]) -> None:
        browsing = Browsing(pilot.app, pilot)  # type: ignore[arg-type]
        await browsing.until(lambda: browsing.is_loaded, "the end of loading")
        await browsing.show_pane(pane)
        await browsing.press("space", "down")
        await browsing.answers()
        await browsing.until(lambda: browsing.main.detail.facts or size == SMALL, "the detail")
        await browsing.pilot.pause(0.3)
        await browsing.answers()

    app = LogonscopeApp([week], work_parent=tmp_path)
    assert snap_compare(app, terminal_size=size, run_before=show)
