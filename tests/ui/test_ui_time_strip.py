"""The strip over the lists: what it draws, and choosing a part of it to zoom into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import SMALL, WIDE

from logonscope.ui.widgets.time_strip import Brush, bar_height, failure_mark, is_mostly

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Browsing


def strip_lines(browsing: Browsing) -> list[str]:
    region = browsing.main.strip.region
    return browsing.lines[region.y : region.bottom]


async def drawn_strip(browsing: Browsing) -> list[str]:
    await browsing.until(lambda: browsing.main.strip.density is not None, "the strip")
    await browsing.answers()
    return strip_lines(browsing)


async def test_it_shows_the_span_what_went_wrong_and_where_the_list_is(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        bars, marks = await drawn_strip(browsing)
        assert bars.startswith(" 2026-03-02")
        assert bars.rstrip().endswith("2026-03-03")
        assert "!" in marks
        await browsing.until(lambda: browsing.main.strip.place is not None, "the place")
        assert browsing.main.strip.place is not None
        assert browsing.main.strip.place[0] == 0
        await browsing.press("end")
        await browsing.until(
            lambda: browsing.main.strip.place and browsing.main.strip.place[1] == browsing.main.strip.columns - 1,
            "the place at the end",
        )


async def test_it_follows_the_filter_and_the_pane(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await drawn_strip(browsing)
        await browsing.hold("user:mallory")
        await browsing.until(lambda: " 09:00:" in strip_lines(browsing)[1], "the span of the failures")
        await browsing.press("c")
        await browsing.hold("user:nobody")
        await browsing.shows("No time to show.")
        await browsing.press("c", "2")
        await browsing.until(lambda: " 08:00:" in strip_lines(browsing)[1], "the first session")
        await browsing.press("3")
        await browsing.until(lambda: browsing.main.strip.noun == "event", "the events of the types")


async def test_zooming_in_and_out(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await drawn_strip(browsing)
        await browsing.press("z")
        await browsing.shows("Enter zooms", "events")
        first = browsing.main.strip.brush
        assert first is not None
        await browsing.press("right", "right", "right_square_bracket", "shift+right", "left_square_bracket")
        assert browsing.main.strip.brush == Brush(first.anchor + 2, first.moving + 3)
        await browsing.press("home", "enter")
        await browsing.until(lambda: browsing.main.shown.filter_text.startswith("time:2026-03-02T"), "the filter")
        narrow = browsing.main.shown.filter_text
        await drawn_strip(browsing)
        await browsing.press("z", "end", "enter")
        await browsing.until(lambda: browsing.main.shown.filter_text not in ("", narrow), "the second zoom")
        await browsing.press("slash")
        await browsing.type("is:logon")
        await browsing.press("enter")
        await browsing.until(lambda: "is:logon" in browsing.main.shown.filter_text, "another term")
        await browsing.press("Z")
        assert browsing.main.shown.filter_text == f"is:logon {narrow}"
        await browsing.press("Z")
        assert browsing.main.shown.filter_text == "is:logon"
        await browsing.press("Z")
        await browsing.shows("Nothing is zoomed into")


async def test_the_brush_can_be_left(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await drawn_strip(browsing)
        await browsing.press("z", "escape")
        await browsing.until(lambda: browsing.main.strip.brush is None and browsing.table.has_focus, "the list again")
        assert browsing.main.shown.filter_text == ""
        await browsing.press("z", "2")
        await browsing.until(lambda: browsing.main.strip.brush is None and browsing.table.has_focus, "the sessions")
        await browsing.press("z")
        await browsing.until(lambda: browsing.main.strip.brush is not None, "the brush")
        await browsing.press("z")
        await browsing.until(lambda: browsing.main.strip.brush is None, "no brush")


async def test_the_brush_keeps_within_the_strip(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await drawn_strip(browsing)
        last = browsing.main.strip.columns - 1
        await browsing.press("z", *["right_square_bracket"] * (last + 5))
        assert browsing.main.strip.brush == Brush(0, last)
        await browsing.press("right", *["left_square_bracket"] * (last + 5))
        assert browsing.main.strip.brush == Brush(0, 0)


async def test_hiding_it(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", size=WIDE) as browsing:
        await drawn_strip(browsing)
        await browsing.press("H")
        await browsing.until(lambda: not browsing.main.strip.display, "no strip")
        await browsing.press("z")
        await browsing.until(lambda: browsing.main.strip.display, "the strip for the brush")
        await browsing.press("escape")
        await browsing.until(lambda: not browsing.main.strip.display, "no strip")
        await browsing.press("H")
        await browsing.until(lambda: browsing.main.strip.display, "the strip again")
        await browsing.pilot.resize_terminal(80, 19)
        await browsing.until(lambda: not browsing.main.strip.display, "no strip in a low terminal")
        await browsing.press("z")
        await browsing.shows("Enter zooms")
        await browsing.press("escape")
        await browsing.pilot.resize_terminal(30, 24)
        await browsing.until(lambda: browsing.main.strip.display, "a strip without dates")
        await browsing.until(lambda: {len(line) for line in browsing.lines} == {30}, "narrow lines")
        assert browsing.main.strip.columns == 30
        await browsing.pilot.resize_terminal(*SMALL)
        await browsing.until(lambda: browsing.main.strip.columns == 58, "dates again")


async def test_ascii_where_the_terminal_draws_no_blocks(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for blocks in (False, True):
        monkeypatch.setattr("logonscope.ui.widgets.time_strip.draws_blocks", lambda blocks=blocks: blocks)
        async with browse(week, pane="events") as browsing:
            bars, marks = await drawn_strip(browsing)
            assert bars.isascii() != blocks
            assert marks.isascii()


@pytest.mark.parametrize(("count", "most", "height"), [(0, 0, 0), (0, 9, 0), (1, 10_000, 1), (25, 100, 4), (9, 9, 8)])
def test_the_height_of_a_bar(count: int, most: int, height: int) -> None:
    assert bar_height(count, most) == height


@pytest.mark.parametrize(
    ("count", "most", "mark"),
    [(100, 100, "!"), (50, 100, "!"), (49, 100, ":"), (10, 100, ":"), (9, 100, "."), (9, 9, ":"), (2, 2, ".")],
)
def test_the_mark_of_failures(count: int, most: int, mark: str) -> None:
    assert failure_mark(count, most) == mark


@pytest.mark.parametrize(("part", "whole", "mostly"), [(0, 0, False), (1, 2, True), (1, 3, False), (2, 0, True)])
def test_mostly_failures(part: int, whole: int, mostly: bool) -> None:
    assert is_mostly(part, whole) == mostly


async def test_nothing_is_said_of_times_before_records_are_there(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", filter_text="user:nobody") as browsing:
        await browsing.shows("No time to show.")
        browsing.main.strip.is_final = False
        await browsing.until(lambda: "No time" not in strip_lines(browsing)[0], "an empty strip")
