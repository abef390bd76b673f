"""The cell under the cursor filters; the parts of the filter are chips that are turned, removed and edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import SIZES, WIDE, Browsing

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


async def go_to(browsing: Browsing, title: str) -> None:
    """Put the cursor on a column."""
    await browsing.press(*["left"] * 20)
    for _ in range(20):
        if browsing.table.column is not None and browsing.table.column.title == title:
            return
        await browsing.press("right")
    pytest.fail(f"no column {title}")


async def holds(browsing: Browsing, text: str) -> None:
    await browsing.until(lambda: browsing.main.shown.filter_text == text, f"filter {text}")
    await browsing.answers()


async def test_include_exclude_only(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE, pane="events") as browsing:
        await browsing.hold("event:4625")
        await go_to(browsing, "User")
        await browsing.press("minus")
        await holds(browsing, "event:4625 -user:ALDER\\mallory")
        await browsing.press("u")
        await holds(browsing, "event:4625")
        await browsing.press("U")
        await holds(browsing, "event:4625 -user:ALDER\\mallory")
        await browsing.press("u")
        await holds(browsing, "event:4625")
        await browsing.press("plus")
        await holds(browsing, "event:4625 user:ALDER\\mallory")
        await go_to(browsing, "Event")
        await browsing.press("minus")
        await holds(browsing, "user:ALDER\\mallory -event:4625")
        await browsing.press("U")
        await browsing.shows("nothing to do again")


async def test_only_this_takes_the_place_of_its_field(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE, pane="events") as browsing:
        await browsing.hold("event:4624,4625 type:2,3")
        await go_to(browsing, "Event")
        await browsing.press("equals_sign")
        await browsing.until(lambda: "event:4624,4625" not in browsing.main.shown.filter_text, "one event")
        assert browsing.main.shown.filter_text.startswith("type:2,3 event:462")


@pytest.mark.parametrize(
    ("pane", "column", "text"),
    [
        ("sessions", "Type", "type:2"),
        ("sessions", "G", "grade:A"),
        ("sessions", "Adm", "-is:admin"),
        ("types", "Name", "type:0"),
        ("boots", "Machine", "machine:WS01"),
        ("coverage", "From (UTC)", "time:2026-03-02T07:00"),
    ],
)
async def test_every_pane_filters_from_its_cells(browse: Browse, week: Path, pane: str, column: str, text: str) -> None:
    async with browse(week, size=(150, 48), pane=pane) as browsing:
        await browsing.answers()
        await go_to(browsing, column)
        await browsing.press("plus")
        await browsing.until(lambda: browsing.main.shown.filter_text.startswith(text), text)
        assert browsing.main.shown.pane == pane


async def test_a_cell_that_says_nothing_is_told(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE, pane="coverage") as browsing:
        await browsing.answers()
        await go_to(browsing, "Amount")
        await browsing.press("plus")
        await browsing.shows("Nothing to filter by in this cell (Amount)")
        assert browsing.main.shown.filter_text == ""


async def test_this_source_and_this_time(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", filter_text="event:4625") as browsing:
        await browsing.shows("12 events")
        await browsing.press("I")
        await holds(browsing, "event:4625 from:203.0.113.7")
        await browsing.press("T")
        await browsing.until(lambda: "time:" in browsing.main.shown.filter_text, "a time")
        await browsing.shows("  6 events")
        await browsing.press("c")
        await browsing.shows("no filter", "153 events")
        await browsing.press("home", "I")
        await browsing.shows("This row names no source.")


@SIZES
async def test_chips_are_turned_removed_and_edited(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, size=size, pane="events") as browsing:
        await browsing.hold("event:4625 type:3 user:mallory")
        await browsing.press("C")
        await browsing.shows("The parts of the filter", "event 4625", "Space off/on")
        await browsing.press("down", "space")
        await browsing.until(lambda: browsing.main.shown.filter_text == "event:4625 user:mallory", "type off")
        await browsing.shows("(turned off)")
        await browsing.press("escape")
        await browsing.shows("/ event:4625 off:(type:3) user:mallory")
        await browsing.press("C", "down", "space", "home", "delete", "escape")
        await browsing.shows("/ type:3 user:mallory")
        await browsing.press("C", "enter")
        assert browsing.main.filter_bar.is_editing
        await browsing.type(",2")
        await browsing.press("enter")
        await browsing.shows("/ type:3,2 user:mallory")
        await browsing.press("C", "space", "escape", "c")
        await browsing.shows("no filter")
        assert browsing.main.shown.chips == ()
        await browsing.press("u")
        await browsing.shows("off:(type:3,2) user:mallory")
        await browsing.press("c", "C")
        await browsing.shows("There is no filter")


async def test_the_cell_under_the_cursor_is_drawn_apart(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")

        def told_apart() -> list[str]:
            strip = browsing.table.render_line(1)
            return [segment.text.strip() for segment in strip if segment.style and not segment.style.reverse]

        assert told_apart() == ["alice"]
        await browsing.press("right")
        assert told_apart() == ["2 CONSOLE"]
        await browsing.press(*["right"] * 30)
        assert browsing.table.column is not None
        await browsing.press(*["left"] * 30)
        assert told_apart() == ["alice"]
