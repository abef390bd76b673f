"""Keys that come all at once do what they would do one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Browsing


def at_once(browsing: Browsing, *keys: str) -> None:
    """Press keys without waiting."""
    for key in keys:
        browsing.app.post_message(Key(key, key if len(key) == 1 else None))


async def test_a_filter_that_comes_in_one_piece_is_typed(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        at_once(browsing, "slash", *"quit", *["backspace"] * 4, *"event:4625", "enter")
        await browsing.until(lambda: browsing.main.shown.filter_text == "event:4625", "the filter")


async def test_a_note_that_comes_in_one_piece_is_typed(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.until(lambda: browsing.table.row_at(0), "rows")
        at_once(browsing, "m", *"quaint", "enter", "j")
        await browsing.until(lambda: browsing.table.cursor == 1, "the next row")
        await browsing.press("B")
        await browsing.shows("quaint")


async def test_keys_go_on_after_a_screen_has_gone(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        at_once(browsing, "question_mark", "escape", "p", "escape", "2", "H")
        await browsing.until(lambda: browsing.main.shown.pane == "sessions", "the sessions")
        await browsing.until(lambda: browsing.main.strip.has_class("-off"), "what the last key does")
