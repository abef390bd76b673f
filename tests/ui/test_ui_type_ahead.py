"""Keys that come all at once do what they would do one after another."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from browsing import WIDE
from textual.events import Key, Paste

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
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


async def test_what_is_pasted_right_behind_a_key_goes_where_the_key_led(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.until(lambda: browsing.table.row_at(0), "rows")
        at_once(browsing, "m")
        browsing.app.post_message(Paste("quaint"))
        at_once(browsing, "enter", "B")
        await browsing.shows("quaint")


async def test_keys_go_on_after_a_screen_has_gone(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        at_once(browsing, "question_mark", "escape", "p", "escape", "2", "H")
        await browsing.until(lambda: browsing.main.shown.pane == "sessions", "the sessions")
        await browsing.until(lambda: browsing.main.strip.has_class("-off"), "what the last key does")


async def test_a_key_behind_the_enter_of_a_filter_goes_to_the_list(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("logonscope.ui.type_ahead._MOST_SECONDS", 60)
    async with browse(week, pane="events") as browsing:
        case, go_on = browsing.main.case, threading.Event()
        assert case is not None
        monkeypatch.setattr(case, "check", lambda view: go_on.wait(60), raising=False)
        at_once(browsing, "slash", *"event:4624", "enter", "j")
        await browsing.until(lambda: browsing.main.is_checking, "the check of the filter")
        await browsing.pilot.pause(0.5)
        assert browsing.main.filter_bar.entry.value == "event:4624"
        moves: list[int] = []
        monkeypatch.setattr(browsing.table, "action_move", lambda rows: moves.append(rows), raising=False)
        go_on.set()
        # Where the cursor is then depends on whether the rows of the filter have come before the key.
        await browsing.until(lambda: moves, "the key in the list")
        assert moves == [1]
        assert browsing.main.shown.filter_text == "event:4624"


async def test_a_cell_on_the_screen_is_filtered_by_while_rows_are_fetched(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browse(week, pane="events", size=WIDE) as browsing:
        await browsing.until(lambda: browsing.table.row_at(0), "rows")
        case, go_on = browsing.main.case, threading.Event()
        assert case is not None
        fetch = case.events
        monkeypatch.setattr(case, "events", lambda rows: go_on.wait(60) and fetch(rows), raising=False)
        at_once(browsing, "equals_sign", "right", "equals_sign")
        try:
            await browsing.until(lambda: len(browsing.main.shown.chips) == 2, "two parts")
        finally:
            go_on.set()


async def test_a_row_that_is_kept_is_the_one_after_that_which_was_selected(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.until(lambda: browsing.table.row_at(1), "rows")
        second = browsing.table.row_at(1)
        assert second is not None
        at_once(browsing, "space", "m", *"odd", "enter")
        await browsing.until(lambda: browsing.main.marks().kept, "the bookmark")
        assert browsing.main.marks().kept == {second.ref}
        assert len(browsing.main.selected) == 1
