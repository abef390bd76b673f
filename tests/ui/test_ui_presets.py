"""Filters are saved and loaded by name; the last filters of a case come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES
from platformdirs import user_config_path

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


@SIZES
async def test_a_filter_is_saved_loaded_and_deleted(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, size=size, pane="events") as browsing:
        await browsing.press("P")
        await browsing.shows("Filters by name", "Remote Desktop stays", "shipped", "is:rdp is:stay")
        await browsing.press("s")
        await browsing.shows("There is no filter to save.", "Filters by name")
        await browsing.press("escape")
        await browsing.hold("event:4625")
        await browsing.press("P")
        await browsing.shows("Filters by name")
        await browsing.press("s")
        await browsing.shows("Save the filter as ...")
        await browsing.type("my refusals")
        await browsing.press("enter")
        await browsing.shows("Saved as my refusals.")
        await browsing.press("c", "P")
        await browsing.shows("my refusals", "yours", "shows event 4625")
        await browsing.press("enter")
        await browsing.shows("/ event:4625  12 events")
        await browsing.press("P")
        await browsing.shows("my refusals", "yours")
        await browsing.press("delete")
        await browsing.shows("Deleted: my refusals.")
        await browsing.press("P")
        await browsing.shows("Filters by name")
        await browsing.press("delete")
        await browsing.shows("comes with the program")


async def test_a_broken_file_is_named_with_its_line(browse: Browse, week: Path) -> None:
    folder = user_config_path("logonscope")
    folder.mkdir(parents=True)
    (folder / "filters.toml").write_text("[filter]\na = [red]\n", "utf-8")
    async with browse(week) as browsing:
        await browsing.press("P")
        await browsing.shows("Your file is not used", "line 2", "Remote Desktop stays")
        await browsing.press("end", "enter")
        await browsing.shows("since:-24h")


async def test_the_last_filter_of_a_case_comes_back(browse: Browse, week: Path, office: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.hold("event:4625 type:3")
        await browsing.press("C", "space", "escape")
        await browsing.shows("off:(event:4625) type:3")
        await browsing.until(lambda: browsing.main._kept and browsing.main._kept.off, "the last change")
        await browsing.pilot.pause(0.6)
        await browsing.answers()
    async with browse(week, pane="events") as browsing:
        await browsing.shows("off:(event:4625) type:3", "The last filter")
        await browsing.press("slash", "ctrl+u")
        await browsing.press("up")
        assert browsing.main.filter_bar.entry.value == "event:4625 type:3"
    async with browse(week, pane="events", filter_text="user:bob") as browsing:
        await browsing.shows("/ user:bob ")
    async with browse(office, pane="events") as browsing:
        await browsing.shows("no filter")
