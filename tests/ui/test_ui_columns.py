"""The columns of each pane can be chosen, moved, widened and sorted by, and are the same in the next run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from browsing import SMALL, WIDE

from logonscope.columns import SESSION_COLUMNS
from logonscope.state_file import state_folder
from logonscope.ui.column_layout import (
    ColumnChoice,
    arranged,
    completed,
    from_state,
    moved,
    to_state,
    toggled,
    widened,
)
from logonscope.ui.panes import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Browsing

USUAL = completed(SESSION_COLUMNS, ())


def drawn(browsing: Browsing) -> list[str]:
    return [placed.column.name for placed in browsing.table.drawn_columns]


def test_the_usual_columns() -> None:
    assert [placed.column for placed in arranged(SESSION_COLUMNS, ())] == list(SESSION_COLUMNS)
    assert [placed.cell for placed in arranged(SESSION_COLUMNS, USUAL)] == list(range(len(SESSION_COLUMNS)))


def test_edits() -> None:
    hidden = toggled(USUAL, 0, is_drawn=True)
    assert arranged(SESSION_COLUMNS, hidden)[0].column.name == "type"
    shown = toggled(USUAL, 12, is_drawn=False)
    assert next(placed.column.rank for placed in arranged(SESSION_COLUMNS, shown) if placed.cell == 12) == 0
    wider = widened(USUAL, 0, SESSION_COLUMNS, 4)
    assert arranged(SESSION_COLUMNS, wider)[0].column.width == SESSION_COLUMNS[0].width + 4
    assert arranged(SESSION_COLUMNS, widened(USUAL, 0, SESSION_COLUMNS, -99))[0].column.width == 1
    assert [choice.name for choice in moved(USUAL, 0, 1)[0]][:2] == ["type", "user"]
    assert moved(USUAL, 0, -1) == (USUAL, 0)
    assert moved(USUAL, len(USUAL) - 1, 5)[0] == USUAL


def test_layouts_go_through_a_file() -> None:
    layouts = {"sessions": toggled(widened(USUAL, 2, SESSION_COLUMNS, 3), 1, is_drawn=True)}
    assert from_state(json.loads(json.dumps(to_state(layouts)))) == layouts


@pytest.mark.parametrize(
    "state",
    [None, 5, {"events": 5}, {"events": [5, {}, {"column": 5}]}],
)
def test_a_file_of_another_form_chooses_nothing(state: object) -> None:
    assert all(layout == () for layout in from_state(state).values())


def test_a_layout_of_another_version() -> None:
    layout = (ColumnChoice("no such column"), ColumnChoice("grade"), ColumnChoice("g", width=True))
    assert arranged(SESSION_COLUMNS, layout)[0].column.name == "g"
    assert len(arranged(SESSION_COLUMNS, layout)) == len(SESSION_COLUMNS)
    (choice,) = from_state({"x": [{"column": "g", "shown": "yes", "width": 10**9}]})["x"]
    assert choice == ColumnChoice("g")


async def test_columns_are_chosen_moved_and_widened(browse: Browse, week: Path) -> None:
    async with browse(week, size=SMALL) as browsing:
        await browsing.shows("3 stays")
        before = drawn(browsing)
        await browsing.press("v")
        await browsing.shows("Columns of Sessions", "+ shown", "~ no room")
        await browsing.press("space")
        assert drawn(browsing)[0] == "type"
        await browsing.shows("- hidden")
        await browsing.press("space")
        await browsing.press("J")
        assert drawn(browsing)[:2] == ["type", "user"]
        await browsing.press("shift+down", "K", "shift+up")
        assert drawn(browsing)[:2] == before[:2]
        await browsing.press("right", "right", "right", "left")
        assert browsing.table.drawn_columns[0].column.width == SESSION_COLUMNS[0].width + 2
        await browsing.press("end", "space")
        assert "source" in drawn(browsing)
        await browsing.press("r")
        assert drawn(browsing) == before
        await browsing.press("v")
        await browsing.hides("Columns of Sessions")


async def test_columns_are_the_same_in_the_next_run(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("v", "space", "escape")
        await browsing.answers()
        assert drawn(browsing)[0] == "type"
        await browsing.show_pane("events")
        assert drawn(browsing)[0] == "time"
    assert (state_folder() / "columns.json").stat().st_mode & 0o777 == 0o600
    async with browse(week) as browsing:
        await browsing.until(lambda: drawn(browsing)[0] == "type", "the columns of the run before")
        await browsing.press("v", "r", "escape")
        await browsing.answers()
    assert json.loads((state_folder() / "columns.json").read_text()) == {}


async def test_the_chooser_sorts_by_any_column(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.press("v", "down", "down", "down", "o", "escape")
        await browsing.shows("User▲")
        await browsing.answers()
        await browsing.press("end")
        await browsing.until(lambda: all(" WS01$ " in row for row in browsing.rows[-3:]), "the last user last")


@pytest.mark.parametrize("pane", TABLES)
async def test_each_pane_is_sorted_by_each_column_that_is_drawn(browse: Browse, week: Path, pane: str) -> None:
    async with browse(week, pane=pane, size=WIDE) as browsing:
        columns = [placed.column for placed in browsing.table.drawn_columns]
        assert all(column.order for column in columns)
        present = [column.order for column in columns].index(browsing.main.shown.orders[pane].name)
        for column in [*columns[present + 1 :], *columns[: present + 1]]:
            await browsing.press("o")
            head = f"{column.title[: column.width - 1]}▲"
            await browsing.until(lambda head=head: head in browsing.text, head)  # type: ignore[misc]
            await browsing.answers()


async def test_the_mark_of_the_order_leaves_a_title_over_its_numbers(browse: Browse, week: Path) -> None:
    async with browse(week, pane="types") as browsing:
        await browsing.press("o", "o")
        await browsing.shows("Name                      Logons▲   Refused")


async def test_logon_types_are_sorted_and_opened_as_they_stand(browse: Browse, week: Path) -> None:
    async with browse(week, pane="types") as browsing:
        await browsing.shows("Network")
        await browsing.press("o", "O")
        await browsing.shows("Name▼")
        await browsing.until(lambda: browsing.rows and "Unlock" in browsing.rows[0], "the last name first")
        await browsing.press("enter")
        await browsing.shows("type:7")
