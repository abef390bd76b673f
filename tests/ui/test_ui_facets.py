"""Facets: the values of a field, counted under the filter, are included or left out, one or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SMALL, WIDE

from logonscope.ui.screens import facets

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse


async def test_values_are_counted_included_and_excluded(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.press("f")
        await browsing.shows("[Users]", "ALDER\\mallory", "ALDER\\bob", "Enter include")
        line = next(line for line in browsing.lines if "ALDER\\mallory" in line)
        assert " 12 " in line
        await browsing.press("right", "right")
        await browsing.shows("[Sources]", "203.0.113.7")
        await browsing.press("enter")
        await browsing.shows("/ from:203.0.113.7  12 events")
        await browsing.press("f")
        await browsing.shows("[Sources]", "203.0.113.7")
        await browsing.press("tab")
        await browsing.shows("[Types]", "NETWORK")
        await browsing.press("minus")
        await browsing.shows("/ from:203.0.113.7 -type:3")
        await browsing.press("f", "left", "left", "left")
        await browsing.shows("[Users]", "None.")
        await browsing.press("enter", "minus", "space", "escape")
        await browsing.shows("/ from:203.0.113.7 -type:3")


async def test_several_values_become_a_list(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.press("f", *["right"] * 4)
        await browsing.shows("[Events]", "4625", "Logon refused")
        await browsing.press("space", "space")
        await browsing.until(lambda: sum("  * 46" in line for line in browsing.lines) == 2, "two marks")
        await browsing.press("enter")
        await browsing.until(lambda: browsing.main.shown.filter_text.count(",") == 1, "a list of two")
        assert browsing.main.shown.filter_text.startswith("event:")


async def test_sessions_are_counted_in_their_pane(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("f")
        await browsing.shows("counted in the sessions shown", "ALDER\\alice", "2 sessions")
        await browsing.press("f")
        await browsing.shows("3 stays")


async def test_names_full_of_escape_codes(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, pane="events") as browsing:
        await browsing.press("f")
        await browsing.shows("eve[/admin]\\x1b[31m\\u202e$(reboot)")
        assert {character for line in browsing.lines for character in line if not character.isprintable()} == set()
        await browsing.press("enter")
        await browsing.shows("2 events", 'eve[/admin]\\u{1b}[31m\\u{202e}$(reboot)"')


async def test_beside_the_list_they_follow_the_filter_and_keep_the_keys(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE, pane="events") as browsing:
        await browsing.shows("[Users] 1 of 8", "ALDER\\mallory")
        beside, table = browsing.main.facets.region, browsing.table.region
        assert beside.right <= table.x < table.right <= browsing.main.detail.region.x
        await browsing.press("f", "left", "left", "left", "left")
        await browsing.shows("[Events] 5 of 8", "4625  Logon ref")
        await browsing.press("down", "up", "space", "space", "enter")
        await browsing.until(lambda: browsing.main.shown.filter_text.count(",") == 1, "a list of two")
        await browsing.until(lambda: len(browsing.main.facets._found) == 1, "the counts under the filter")
        assert browsing.main.facets.table.row_count == 2
        await browsing.press("minus")
        await browsing.until(lambda: "," not in browsing.main.shown.filter_text, "one left out")
        assert browsing.main.facets.has_focus_within
        await browsing.press("f", "down")
        assert browsing.table.cursor == 1
        await browsing.press("u", "u")
        await browsing.shows("no filter")


async def test_they_stand_beside_the_list_where_there_is_room_or_where_the_user_wants_them(
    browse: Browse, week: Path
) -> None:
    async with browse(week, size=WIDE) as browsing:
        await browsing.shows("[Users] 1 of 8", "ALDER\\alice")
        await browsing.pilot.resize_terminal(*SMALL)
        await browsing.hides("[Users]")
        await browsing.press("b")
        await browsing.shows("[Users] 1 of 8")
        await browsing.press("f", "escape", "b")
        await browsing.hides("[Users]")
        await browsing.pilot.resize_terminal(*WIDE)
        await browsing.until(lambda: browsing.main.size.width == WIDE[0], "the resize")
        assert not browsing.main.facets.display


async def test_beside_the_list_nothing_is_counted_while_rows_come(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browse(week, size=WIDE, pane="events") as browsing:
        await browsing.shows("[Users] 1 of 8", "ALDER\\mallory")
        counted = browsing.main._counted_facets
        monkeypatch.setattr(facets, "_REST", 3600)
        await browsing.hold("user:mallory")
        await browsing.shows("user:mallory  12 events")
        assert browsing.main._counted_facets is counted
        monkeypatch.setattr(facets, "_REST", 0.01)
        browsing.main.rows_came()
        await browsing.until(lambda: browsing.main._counted_facets is not counted, "the counts under the filter")
