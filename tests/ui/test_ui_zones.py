"""The key that writes another time beside UTC: heads and detail say which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES, WIDE

from logonscope.ui.screens.zones import ZonePrompt

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse, Browsing


async def chooses(browsing: Browsing, text: str) -> None:
    await browsing.until(lambda: isinstance(browsing.app.screen, ZonePrompt), "the question")
    await browsing.press("ctrl+u")
    await browsing.type(text)
    await browsing.press("enter")


@SIZES
async def test_round_and_round(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, pane="events", size=size) as browsing:
        await browsing.press("at")
        await browsing.shows("Time (UTC)  machine's zone", "2026-03-02 07:00:00  Mon 07:00 +00:00")
        await browsing.press("at")
        await chooses(browsing, "nowhere")
        await browsing.shows("there is no time zone nowhere")
        await chooses(browsing, "asia/tokyo")
        await browsing.shows("Time (UTC)  Asia/Tokyo", "2026-03-02 07:00:00  Mon 16:00 +09:00")
        await browsing.press("at")
        await browsing.shows("Time (UTC)  to end of log", "2026-03-02 07:00:00  -1d 0")
        await browsing.press("at")
        await browsing.hides("to end of log")
        assert "Time (UTC)" in browsing.text


async def test_every_list_and_the_detail_say_it(browse: Browse, week: Path) -> None:
    async with browse(week, pane="sessions", size=WIDE) as browsing:
        await browsing.press("at")
        await browsing.shows("Start (UTC)  machine's zone", "2026-03-02 08:00   Mon 08:00 +00:00", "Beside UTC")
        await browsing.show_pane("boots")
        await browsing.shows("Started (UTC)  machine's zone")
        await browsing.show_pane("coverage")
        await browsing.shows("From (UTC)  machine's zone")


async def test_leaving_the_question_goes_on(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", size=WIDE) as browsing:
        await browsing.press("at")
        await browsing.shows("machine's zone")
        await browsing.press("at")
        await browsing.until(lambda: isinstance(browsing.app.screen, ZonePrompt), "the question")
        await browsing.press("escape")
        await browsing.shows("to end of log")


async def test_logs_that_tell_no_zone(browse: Browse, hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with browse(hostile, pane="events", size=WIDE) as browsing:
        told: list[str] = []
        monkeypatch.setattr(browsing.main, "notify", lambda message, **_: told.append(message))
        await browsing.press("at")
        await chooses(browsing, "Europe/Berlin")
        await browsing.shows("Time (UTC)  Europe/Berlin")
        assert told[0].startswith("The logs do not tell the machines' time zones")
