"""One filter narrows every pane; a wrong one is marked at its place and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES, Browsing

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


def marked(browsing: Browsing) -> str:
    """What the marks of the error stand under."""
    entry, marks = browsing.bar[:2]
    start = marks.index("^")
    return entry[start : start + marks.count("^")].rstrip()


async def test_a_filter_holds_in_every_pane(browse: Browse, week: Path, records: int) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.hold("user:bob")
        await browsing.shows("1 stay", "2 Sessions 1", "showing user bob")
        assert [row.split()[0] for row in browsing.rows] == ["bob"]
        await browsing.show_pane("events")
        await browsing.until(lambda: 0 < browsing.table.row_count < records)
        assert f"1 Events {browsing.table.row_count}" in browsing.text
        assert all("bob" in row for row in browsing.rows if " 4624 " in row)
        await browsing.press("3")
        await browsing.until(lambda: any("Network " in row for row in browsing.rows))
        assert next(row for row in browsing.rows if "Network " in row).split()[3] == "0"
        await browsing.press("c")
        await browsing.shows("no filter", f"1 Events {records}")
        await browsing.until(lambda: any("Network " in row and " 12 " in row for row in browsing.rows))
        await browsing.press("u")
        await browsing.shows("showing user bob", "2 Sessions 1")
        await browsing.press(*["u"] * len(browsing.main.history))
        await browsing.shows("no filter", f"{records} events")
        await browsing.press("u")
        await browsing.shows("nothing to go back to")


async def test_the_mark_follows_blanks_wide_characters_and_scrolling(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash")
        for text, column in (("   usr:bob", 0), ("日本 usr:bob", 5), ("x" * 100 + " usr:bob", 72)):
            await browsing.press("ctrl+u")
            await browsing.type(text)
            await browsing.until(lambda column=column: browsing.bar[1].find("^^^^") == column, f"a mark at {column}")  # type: ignore[misc]
            assert browsing.bar[0].rstrip().endswith("usr:bob")


@SIZES
async def test_a_wrong_filter_is_marked_at_its_place(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, size=size) as browsing:
        await browsing.shows("3 stays")
        rows = browsing.rows
        await browsing.press("slash")
        await browsing.type("user:bob usr:alice")
        await browsing.shows("^^^", "usr")
        assert marked(browsing).startswith("usr")
        await browsing.press("enter")
        await browsing.shows("^^^")
        assert browsing.main.filter_bar.is_editing
        assert browsing.rows == rows
        await browsing.press("escape")
        await browsing.shows("no filter", "3 stays")
        assert browsing.rows == rows


async def test_the_count_follows_what_is_typed(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("slash")
        await browsing.type("user:alice")
        await browsing.shows("2 sessions would be shown")
        await browsing.press(*["backspace"] * 5)
        await browsing.type("bob")
        await browsing.shows("user:bob", "1 session would be shown")
        assert len(browsing.rows) == 3
        await browsing.type(" event:often")
        await browsing.shows("^^^^^", "often")
        assert marked(browsing) == "often"
        await browsing.press("escape", "1", "slash")
        await browsing.type("event:4625")
        await browsing.shows("12 events would be shown")
        await browsing.press("enter")
        await browsing.shows("12 events")
        assert all(" 4625 " in row for row in browsing.rows)
        await browsing.press("slash", "ctrl+u", "up")
        await browsing.until(lambda: browsing.bar[0].startswith("event:4625"), "the filter before")


async def test_advice_is_not_cut_where_the_screen_is_narrow(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("slash")
        await browsing.type("at:noon")
        await browsing.until(lambda: " ".join(browsing.bar[2:]).rstrip().endswith("-2h."), "all of the advice")
        assert len(browsing.bar) == 4
        await browsing.press("ctrl+u")
        await browsing.until(lambda: len(browsing.bar) == 3, "a line less")


async def test_a_sentence_that_is_cut_says_so(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", filter_text="event:4624,4625,4634 since:-2h user:alice,bob") as browsing:
        await browsing.shows("showing event 4624")
        assert browsing.bar[0].rstrip().endswith("…")


async def test_a_filter_that_only_hidden_sessions_fit_names_the_key_that_shows_them(browse: Browse, week: Path) -> None:
    async with browse(week, filter_text="user:DWM-1") as browsing:
        await browsing.shows("Only hidden sessions fit. Press h for them")
        await browsing.press("c")
        await browsing.hold("user:nobody")
        await browsing.shows("Nothing fits this filter.")


async def test_going_back_leaves_the_cursor_on_its_row(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", filter_text="event:4625") as browsing:
        await browsing.shows("12 events")
        await browsing.press("down", "down")
        row = browsing.main.current_id
        await browsing.press("c")
        await browsing.shows("153 events")
        await browsing.press("u")
        await browsing.shows("12 events")
        await browsing.press("U")
        await browsing.shows("153 events")
        await browsing.answers()
        assert browsing.main.current_id == row
