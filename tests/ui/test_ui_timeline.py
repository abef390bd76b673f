"""The timeline: lanes, its keys, and what it looks like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from browsing import SIZES, SMALL, WIDE, Browsing, starting

from logonscope.ui.app import LogonscopeApp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browsing import Browse
    from textual.pilot import Pilot

    from logonscope.ui.widgets.timeline import Timeline

LOOKS = pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark"])


@pytest.fixture(autouse=True)
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("timeline", "time_strip"):
        monkeypatch.setattr(f"logonscope.ui.widgets.{module}.draws_blocks", lambda: True)


def timeline(browsing: Browsing) -> Timeline:
    return browsing.main.timeline


def lane_lines(browsing: Browsing) -> list[str]:
    """The lanes as they are drawn, without axis and legend."""
    region = timeline(browsing).region
    lines = [
        line[region.x : region.right].rstrip()
        for line in browsing.lines[region.y + 1 : region.bottom - timeline(browsing).foot_lines]
    ]
    return [line for line in lines if line.strip()]


async def shows_timeline(browsing: Browsing) -> None:
    await browsing.press("6")
    await browsing.until(lambda: lane_lines(browsing), "lanes")
    await browsing.answers()


@pytest.mark.parametrize("size", [SMALL, (120, 40), WIDE])
async def test_all_letters_are_explained_at_every_width(browse: Browse, office: Path, size: tuple[int, int]) -> None:
    async with browse(office, size=size) as browsing:
        await shows_timeline(browsing)
        await browsing.shows("c console", "? not sure", "X crash", "^ start", "+ more")


async def test_on_a_few_lines_lanes_are_drawn_in_place_of_the_legend(browse: Browse, office: Path) -> None:
    async with browse(office, size=(80, 12)) as browsing:
        await shows_timeline(browsing)
        assert len(lane_lines(browsing)) > 1
        assert "c console" not in browsing.text


@SIZES
async def test_lanes_of_users_and_machines(browse: Browse, office: Path, size: tuple[int, int]) -> None:
    async with browse(office, size=size) as browsing:
        await shows_timeline(browsing)
        names = [line[:12].split()[0].lstrip(">") for line in lane_lines(browsing) if line[:12].strip()]
        assert names == ["(machines)", "alice", "bob", "carol", "dave"]
        machines = lane_lines(browsing)[0]
        assert {"^", "X", "0"} <= set("".join(lane_lines(browsing)[:2]))
        assert machines.startswith(">")
        dave = next(line for line in lane_lines(browsing) if "dave" in line)
        assert dave.rstrip("?").endswith("X")
        assert "▒" in next(line for line in lane_lines(browsing) if "alice" in line) + "".join(lane_lines(browsing))
        await browsing.press("L")
        await browsing.until(lambda: "FS02" in "".join(lane_lines(browsing)), "machines")
        assert "by machine (L)" in browsing.text
        assert [name for name in ("FS02", "LAP9", "PC7") if name in browsing.text] == ["FS02", "LAP9", "PC7"]


async def test_refusals_of_nobody_known_are_one_lane(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await shows_timeline(browsing)
        refused = next(line for line in lane_lines(browsing) if "(refused)" in line)
        assert "!" in refused


async def test_the_filter_holds(browse: Browse, office: Path) -> None:
    async with browse(office) as browsing:
        await shows_timeline(browsing)
        await browsing.hold("user:bob")
        await browsing.until(lambda: "dave" not in "".join(lane_lines(browsing)), "the lanes of the filter")
        assert "bob" in "".join(lane_lines(browsing))
        await browsing.press("c")
        await browsing.hold("user:nobody")
        await browsing.shows("Nothing fits this filter")


async def test_choosing_and_opening_a_session(browse: Browse, office: Path) -> None:
    async with browse(office, size=WIDE) as browsing:
        await shows_timeline(browsing)
        await browsing.press("enter")
        await browsing.until(lambda: any("Tab first" in note.message for note in browsing.app._notifications), "a hint")
        await browsing.press("down", "down", "tab")
        await browsing.until(lambda: timeline(browsing).chosen is not None, "a session")
        await browsing.shows("Enter opens it", "ALDER\\bob")
        first = timeline(browsing).chosen
        await browsing.press("tab")
        await browsing.until(lambda: timeline(browsing).chosen != first, "the next")
        await browsing.press("shift+tab")
        await browsing.until(lambda: timeline(browsing).chosen == first, "the one before")
        await browsing.press("shift+tab")
        await browsing.until(
            lambda: any("No earlier" in note.message for note in browsing.app._notifications), "no more"
        )
        await browsing.press("enter")
        await browsing.until(lambda: browsing.main.shown.pane == "events", "its records")
        assert browsing.main.shown.filter_text.startswith("session:")
        await browsing.press("u")
        await browsing.until(lambda: browsing.main.shown.pane == "timeline", "the timeline again")


async def test_the_keys_of_a_session_work_on_the_chosen_one(browse: Browse, office: Path) -> None:
    async with browse(office) as browsing:
        await shows_timeline(browsing)
        await browsing.press("down", "down", "tab")
        await browsing.until(lambda: timeline(browsing).chosen is not None, "a session")
        await browsing.press("e")
        await browsing.shows("Evidence: ALDER.EXAMPLE\\bob")
        await browsing.press("escape", "a")
        await browsing.until(lambda: "user:" in browsing.main.shown.filter_text, "the filter")
        assert browsing.main.shown.pane == "timeline"


async def test_moving_in_time(browse: Browse, office: Path) -> None:
    async with browse(office) as browsing:
        await shows_timeline(browsing)
        whole = timeline(browsing).scale
        assert whole is not None

        async def span(key: str) -> tuple[float, float]:
            """Start and length on the screen, in parts of the whole, after a key."""
            await browsing.press(key)
            await browsing.answers()
            scale = timeline(browsing).scale
            assert scale is not None
            length = whole.until - whole.since
            return round((scale.since - whole.since) / length, 3), round((scale.until - scale.since) / length, 3)

        assert await span("right_curly_bracket") == (0.25, 0.5)
        assert await span("ctrl+up") == (0.375, 0.25)
        assert await span("right") == (0.438, 0.25)
        assert await span("left") == (0.375, 0.25)
        assert await span("left_curly_bracket") == (0.25, 0.5)
        place = browsing.main.strip.place
        assert place is not None
        assert (place[0] > 0, place[1] < browsing.main.strip.columns - 1) == (True, True)
        assert await span("ctrl+down") == (0, 1)
        assert await span("left_curly_bracket") == (0, 1)
        assert (await span("right"))[0] == 0.25
        assert await span("home") == (0, 1)
        assert (await span("full_stop"))[0] > 0


async def test_going_to_a_time(browse: Browse, office: Path) -> None:
    async with browse(office) as browsing:
        await shows_timeline(browsing)
        await browsing.press("g")
        await browsing.type("2026-03-02 09:00")
        await browsing.press("enter")
        await browsing.until(lambda: timeline(browsing).view is not None, "another span")
        await browsing.press("g")
        await browsing.type("2020-01-01")
        await browsing.press("enter")
        await browsing.until(lambda: any("outside" in note.message for note in browsing.app._notifications), "a notice")


async def test_the_brush_zooms_the_timeline(browse: Browse, office: Path) -> None:
    async with browse(office) as browsing:
        await shows_timeline(browsing)
        await browsing.until(lambda: browsing.main.strip.density is not None, "the strip")
        before = timeline(browsing).whole
        await browsing.press("z", "enter")
        await browsing.until(lambda: browsing.main.shown.filter_text.startswith("time:"), "the filter")
        await browsing.until(lambda: timeline(browsing).whole != before, "the span of the filter")
        assert timeline(browsing).has_focus
        await browsing.press("Z")
        await browsing.until(lambda: timeline(browsing).whole == before, "the whole span")


async def test_more_lanes_than_lines(browse: Browse, office: Path) -> None:
    async with browse(office, size=(60, 12)) as browsing:
        await shows_timeline(browsing)
        await browsing.press(*["down"] * 4)
        await browsing.until(lambda: any(line.startswith(">dave") for line in lane_lines(browsing)), "the last lane")
        assert timeline(browsing).top > 0
        await browsing.press("down")
        assert timeline(browsing).cursor == 4
        await browsing.press(*["pageup"] * 4)
        await browsing.until(lambda: lane_lines(browsing)[0].startswith(">(machine"), "the first lane")
        await browsing.press(*["pagedown"] * 9)
        await browsing.until(lambda: any(line.startswith(">dave") for line in lane_lines(browsing)), "the last lane")


async def test_hostile_names_are_drawn_harmlessly(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, size=WIDE) as browsing:
        await shows_timeline(browsing)
        for key in ("L", "L"):
            await browsing.press(key)
            await browsing.answers()
            assert all(line.isprintable() for line in browsing.lines)


async def test_another_size(browse: Browse, office: Path) -> None:
    async with browse(office) as browsing:
        await shows_timeline(browsing)
        for size in ((20, 5), (10, 3), WIDE, SMALL):
            await browsing.pilot.resize_terminal(*size)
            await browsing.until(lambda size=size: {len(line) for line in browsing.lines} == {size[0]})  # type: ignore[misc]
        await browsing.until(lambda: "dave" in "".join(lane_lines(browsing)), "the lanes")


async def test_while_loading(office: Path, tmp_path: Path) -> None:
    async with starting(office, store=tmp_path) as browsing:
        await browsing.press("6")
        await browsing.until(lambda: "dave" in "".join(lane_lines(browsing)), "the lanes")


@SIZES
@LOOKS
def test_what_it_looks_like(
    snap_compare: Callable[..., bool], office: Path, tmp_path: Path, size: tuple[int, int], theme: str
) -> None:
    async def settle(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, LogonscopeApp)
        app.theme = theme
        browsing = Browsing(app, pilot)
        await browsing.until(lambda: browsing.is_running and browsing.is_loaded, "the end of loading")
        await shows_timeline(browsing)
        await browsing.press("down", "down", "tab")
        await browsing.until(lambda: timeline(browsing).chosen is not None, "a session")
        await browsing.answers()
        status = browsing.main.status
        assert status.progress is not None
        status.progress = replace(status.progress, seconds=0.5)
        if size == WIDE:
            await browsing.press("d", "b")
            await browsing.until(lambda: timeline(browsing).size.width == WIDE[0], "the timeline alone")
            await browsing.answers()
        await pilot.pause(0)

    assert snap_compare(LogonscopeApp([office], work_parent=tmp_path), terminal_size=size, run_before=settle)
