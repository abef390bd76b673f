"""Who was on at a time: asked in one line, answered with how sure it is and what the logs cover."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from browsing import SIZES, WIDE, Browsing
from textual.widgets import Input

from logonscope.case.case import Case
from logonscope.ui.screens.time_prompt import TimePrompt
from logonscope.ui.screens.who import WhoScreen
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse


async def question(browsing: Browsing) -> None:
    """Open the line in which the time is asked for."""
    await browsing.press("w")
    await browsing.until(
        lambda: isinstance(browsing.app.screen, TimePrompt) and browsing.app.screen.query(Input), "the question"
    )


async def ask(browsing: Browsing, at: str = "") -> None:
    """Ask with the time that stands there, or with another."""
    await question(browsing)
    if at:
        await browsing.press("ctrl+u")
        await browsing.type(at)
    await browsing.press("enter")
    await browsing.until(lambda: isinstance(browsing.app.screen, WhoScreen) and lines(browsing), "the answer")


def asked(browsing: Browsing) -> str:
    return browsing.app.screen.query_one(Input).value


def lines(browsing: Browsing) -> list[tuple[str, ...]]:
    return [
        row.cells
        for table in browsing.app.screen.query(RowTable)
        for position in range(table.row_count)
        if (row := table.row_at(position))
    ]


async def go_to(browsing: Browsing, part: str) -> None:
    """Choose the first line of a kind."""
    await browsing.until(lambda: bool(lines(browsing)))
    place = next(index for index, cells in enumerate(lines(browsing)) if cells[0] == part)
    await browsing.press(*["down"] * place, "enter")
    await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser again")


@SIZES
async def test_certain_possible_and_covered(browse: Browse, office: Path, size: tuple[int, int]) -> None:
    async with browse(office, size=size) as browsing:
        await ask(browsing, "2026-03-02T14:15")
        await browsing.shows("Who was on at 2026-03-02 14:15:00 UTC", "possibly", "machine")
        found = lines(browsing)
        assert [cells[:4] for cells in found if cells[0] == "on"] == [("on", "alice", "present", "LAP9")]
        assert {cells[1] for cells in found if cells[0] == "possibly"} >= {"carol", "dave"}
        assert {cells[3] for cells in found if cells[0] == "machine"} == {"FS02", "LAP9", "PC7"}
        remarks = {cells[3]: cells[-1] for cells in found if cells[0] == "machine"}
        assert "this time is not covered" in remarks["PC7"]
        assert "not covered" not in remarks["FS02"]
        place = next(index for index, cells in enumerate(found) if cells[1] == "dave")
        await browsing.press(*["down"] * place)
        await browsing.shows("Its end is only known to lie between 2026-03-02")


async def test_the_time_of_the_row_stands_there(browse: Browse, week: Path) -> None:
    async with browse(week, filter_text="user:bob") as browsing:
        await browsing.shows("1 stay")
        for pane, prefix in (
            ("sessions", "2026-03-02 14:00:0"),
            ("events", "2026-03-02 10:00:00"),
            ("boots", "2026-03-02 07:00:0"),
            ("coverage", "2026-03-02 "),
            ("types", "2026-03-03 0"),
        ):
            await browsing.show_pane(pane)
            await question(browsing)
            assert asked(browsing).startswith(prefix), pane
            await browsing.press("escape")
            await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser again")


async def test_somebody_is_on_at_the_very_start_of_the_session(browse: Browse, week: Path) -> None:
    async with browse(week, filter_text="user:bob") as browsing:
        await browsing.shows("1 stay")
        await ask(browsing)
        await browsing.until(lambda: [cells[1] for cells in lines(browsing) if cells[0] == "on"] == ["bob"], "bob on")


@SIZES
async def test_a_mistake_is_marked_and_asks_nothing(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, size=size) as browsing:
        await question(browsing)
        await browsing.press("ctrl+u")
        await browsing.type("soonish")
        await browsing.shows("^^^^^^^", "soonish is not a time")
        await browsing.press("enter")
        assert isinstance(browsing.app.screen, TimePrompt)
        await browsing.press("ctrl+u")
        await browsing.type("-1h")
        await browsing.shows("2026-03-03 0", "Enter asks")
        await browsing.hides("^^")


async def test_enter_goes_to_the_session(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events", filter_text="event:4625") as browsing:
        await ask(browsing, "2026-03-02T14:30")
        await go_to(browsing, "on")
        await browsing.shows("session:WS01/0x", "1 session")
        assert browsing.cursor_row.startswith("bob 10 RDP")


async def test_enter_goes_to_what_the_scope_leaves_out(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("h")
        await browsing.shows("stays and visits")
        await ask(browsing, "2026-03-02T14:30")
        await go_to(browsing, "service")
        await browsing.shows("session:WS01/0x", "1 session")


async def test_enter_goes_to_the_coverage_of_the_machine(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await ask(browsing, "2026-03-02T13:00")
        await browsing.shows("No stay of a person for certain", "Nobody seen. Its records")
        await go_to(browsing, "machine")
        await browsing.shows("/ machine:WS01 ", " marks")
        assert browsing.main.shown.pane == "coverage"


async def test_a_time_that_no_log_covers(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE) as browsing:
        await ask(browsing, "2025-01-01")
        await browsing.shows("Not covered at that time: WS01.", "this time is not covered")


async def test_the_query_does_not_hold_up_the_screen(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case is asked in another thread than the one that draws."""
    threads: list[str] = []
    who = Case.who

    def noting(case: Case, *args: object, **named: object) -> object:
        threads.append(threading.current_thread().name)
        return who(case, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Case, "who", noting)
    async with browse(week) as browsing:
        await ask(browsing, "2026-03-02T13:00")
    assert threads
    assert threading.main_thread().name not in threads
