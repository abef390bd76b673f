"""Search inside the list: over the whole of it, from hit to hit, with what was found marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import drawn

from logonscope.ui.screens.line_prompt import LinePrompt

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Browsing


async def search(browsing: Browsing, text: str) -> None:
    await browsing.press("ctrl+f")
    await browsing.until(lambda: isinstance(browsing.app.screen, LinePrompt), "the prompt")
    await browsing.press("ctrl+u")
    await browsing.type(text)
    await browsing.press("enter")


def marked(browsing: Browsing) -> list[str]:
    """Texts that are underlined in the rows."""
    return [
        segment.text
        for strip in drawn(browsing.main)[browsing.main.table.region.y + 1 :]
        for segment in strip
        if segment.style and segment.style.underline
    ]


async def test_from_hit_to_hit(browse: Browse, week: Path, records: int) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.shows(f"{records} events")
        await search(browsing, "mallory")
        await browsing.shows("hit 1 of 12 for mallory", "»!")
        assert "mallory" in browsing.cursor_row
        assert set(marked(browsing)) == {"mallory"}
        first = browsing.table.cursor
        await browsing.press("n", "n")
        await browsing.shows("hit 3 of 12")
        await browsing.press("N")
        await browsing.shows("hit 2 of 12")
        await browsing.press("N", "N")
        await browsing.shows("hit 12 of 12")
        await browsing.press("n")
        await browsing.shows("hit 1 of 12")
        assert browsing.table.cursor == first
        assert f"{records} events" in browsing.text, "nothing is filtered away"
        await browsing.press("escape")
        await browsing.hides("hit 1")
        assert marked(browsing) == []


async def test_a_hit_far_below_what_is_drawn_is_found(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await search(browsing, "time:2026-03-03 event:4624 user:alice")
        await browsing.shows("hit 1 of ")
        assert browsing.table.cursor > 64
        await browsing.until(lambda: browsing.cursor_row.startswith("2026-03-03"), "its page")


async def test_the_search_goes_on_in_another_pane_and_order(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await search(browsing, "bob")
        await browsing.shows("hit 1 of 1 for bob")
        assert browsing.cursor_row.startswith("bob")
        await browsing.press("O")
        await browsing.shows("searching for bob: n for the next")
        await browsing.press("home", "n")
        await browsing.shows("hit 1 of 1")
        await browsing.show_pane("events")
        await browsing.press("n")
        await browsing.until(lambda: "bob" in browsing.cursor_row, "the first hit among the events")


@pytest.mark.parametrize(
    ("pane", "text"), [("boots", "shutdown"), ("coverage", "never seen"), ("sessions", "still on")]
)
async def test_what_is_only_on_the_screen_is_found(browse: Browse, week: Path, pane: str, text: str) -> None:
    async with browse(week, pane=pane) as browsing:
        await search(browsing, f'"{text}"')
        await browsing.shows("hit 1 of ")
        assert text in browsing.cursor_row
        assert text in marked(browsing)


async def test_nothing_is_found(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("n")
        await browsing.shows("Nothing is searched")
        await search(browsing, "nobody")
        await browsing.shows("nothing in this list fits nobody")
        await browsing.press("n", "N")
        assert browsing.table.cursor == 0
        await search(browsing, "")
        await browsing.hides("fits nobody")


@pytest.mark.parametrize("text", ["usr:bob", "type:nonsense", '"open', "user:/(/"])
async def test_a_mistake_is_marked(browse: Browse, week: Path, text: str) -> None:
    async with browse(week, pane="events") as browsing:
        await search(browsing, text)
        await browsing.shows("^^")
        assert isinstance(browsing.app.screen, LinePrompt)
        await browsing.press("escape")
        assert not isinstance(browsing.app.screen, LinePrompt)


async def test_a_hostile_text(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, pane="events") as browsing:
        await search(browsing, "x" * 1_000_000)
        await browsing.shows("a filter has at most 20,000 characters")
        await browsing.press("escape")
        await search(browsing, "x" * 20_000)
        await browsing.shows("nothing in this list fits xxx")
        await search(browsing, "[/admin]\x1b[31m")
        await browsing.shows("hit 1 of 2 for [/admin]")
        assert "\x1b" not in browsing.text
