"""Keys that go to a time, an hour or a day on, and to gaps."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from browsing import WIDE

from logonscope.case.jumps import Gap
from logonscope.ui.screens.jumps import JumpPrompt, gap_text, landed_text

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse, Browsing

NINE = datetime(2026, 3, 2, 9)


async def at(browsing: Browsing, text: str) -> None:
    """Wait until the cursor is on a row of a time."""
    await browsing.until(lambda: browsing.cursor_row.startswith(text), f"{text}, not {browsing.cursor_row}")


async def says(browsing: Browsing, text: str) -> None:
    """Wait until a notice says something; on the screen its lines are wrapped."""
    await browsing.until(lambda: any(text in notice.message for notice in browsing.app._notifications), text)


async def goes(browsing: Browsing, text: str) -> None:
    await browsing.press("g")
    await browsing.until(lambda: isinstance(browsing.app.screen, JumpPrompt), "the question")
    await browsing.type(text)
    await browsing.press("enter")


async def test_going_to_a_time(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", size=WIDE) as browsing:
        await browsing.until(lambda: browsing.main.cursor_time, "a row")
        await goes(browsing, "2026-03-02 14:00")
        await at(browsing, "2026-03-02 14:00:00")
        await says(browsing, "At 2026-03-02 14:00:00 UTC.")


async def test_it_says_how_far_from_what_was_asked(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", size=WIDE) as browsing:
        await browsing.until(lambda: browsing.main.cursor_time, "a row")
        await goes(browsing, "2026-03-02 20:00")
        await at(browsing, "2026-03-03 07:00:0")
        await says(browsing, "11h 00m after 2026-03-02 20:00:00")
        await goes(browsing, "2027-01-01")
        await at(browsing, "2026-03-03 08:00:0")
        await says(browsing, "before 2027-01-01 00:00:00")
        assert browsing.table.cursor == browsing.table.row_count - 1


async def test_a_mistake_is_marked_and_can_be_left(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.until(lambda: browsing.main.cursor_time, "a row")
        await goes(browsing, "nonsense")
        await browsing.shows("nonsense is not a time", "^^^^^^^^")
        await browsing.press("escape")
        await browsing.until(lambda: not isinstance(browsing.app.screen, JumpPrompt), "the browser")
        assert browsing.table.cursor == 0


async def test_hours_and_days(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.until(lambda: browsing.main.cursor_time, "a row")
        await at(browsing, "2026-03-02 07:00:0")
        await browsing.press("full_stop")
        await at(browsing, "2026-03-02 08:00:0")
        await browsing.press("comma")
        await at(browsing, "2026-03-02 07:00:0")
        await browsing.press("greater_than_sign")
        await at(browsing, "2026-03-03 07:00:0")
        await browsing.press("less_than_sign")
        await at(browsing, "2026-03-02 07:00:0")
        await browsing.press("less_than_sign")
        await says(browsing, "after 2026-03-01 07:00:0")
        assert browsing.table.cursor == 0


async def test_in_a_list_in_another_order(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.until(lambda: browsing.main.cursor_time, "a row")
        await browsing.press("O")
        await at(browsing, "2026-03-03 08:00:0")
        await goes(browsing, "2026-03-02 09:05")
        await at(browsing, "2026-03-02 09:05:0")
        assert "mallory" in browsing.cursor_row


async def test_in_the_other_lists(browse: Browse, week: Path) -> None:
    async with browse(week, pane="sessions") as browsing:
        await browsing.until(lambda: browsing.main.cursor_time, "a row")
        await goes(browsing, "2026-03-02 13:00")
        await browsing.until(lambda: browsing.cursor_row.startswith("bob"), "the stay of Bob")
        await browsing.show_pane("boots")
        await browsing.until(lambda: browsing.main.cursor_time, "a boot")
        await goes(browsing, "mon 12:00")
        await browsing.until(lambda: browsing.table.cursor == 1, "the second boot")


async def test_gaps(browse: Browse, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browse(office, pane="events", filter_text="machine:FS02", size=WIDE) as browsing:
        await browsing.until(lambda: browsing.main.cursor_time, "a row")
        told: list[str] = []
        monkeypatch.setattr(browsing.main, "notify", lambda message, **_: told.append(message))

        async def gap(key: str) -> int:
            before = len(told)
            await browsing.press(key)
            await browsing.until(lambda: len(told) > before, "an answer")
            return browsing.table.cursor

        landed = [await gap("right_square_bracket")]
        while not told[-1].startswith("No gap after"):
            landed.append(await gap("right_square_bracket"))
        forward = landed[:-1]
        assert len(forward) > 2
        assert sorted(set(forward)) == forward
        assert [await gap("left_square_bracket") for _ in forward[1:]] == forward[-2::-1]
        await gap("left_square_bracket")
        assert told[-1].startswith("No gap before")


async def test_an_empty_list_is_not_left(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", filter_text="user:nobody") as browsing:
        await browsing.shows("Nothing fits")
        await browsing.press("full_stop", "right_square_bracket")
        await goes(browsing, "2026-03-02")
        await says(browsing, "No row of this list has a time.")


def test_what_is_said_of_a_gap() -> None:
    hole = Gap(NINE, datetime(2026, 3, 2, 10), 1, 60_000_000)
    assert gap_text(hole) == "1 record missing between 2026-03-02 09:00:00 and 2026-03-02 10:00:00"
    assert gap_text(Gap(None, NINE, 3, 1)) == "3 records missing"
    silence = Gap(NINE, datetime(2026, 3, 2, 10), None, 60_000_000)
    assert gap_text(silence) == "after 1h 00m without a row, since 2026-03-02 09:00:00; the mean here is 1m 00s"


def test_what_is_said_of_a_landing() -> None:
    assert landed_text(NINE, NINE, None) == "At 2026-03-02 09:00:00 UTC."
    assert landed_text(NINE, datetime(2026, 3, 2, 8, 30), None).endswith("UTC, 30m 00s before 2026-03-02 09:00:00.")
