"""A lake in the app: the machines first, then one of them like a case of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
from browsing import SIZES, starting
from ui_logs import HOSTILE_MACHINE

from logonscope.case.case import Case
from logonscope.lake.snapshot import Snapshot, read_snapshot, write_snapshot
from support.lake_writer import write_lake

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


def lake_of(logs: Path, folder: Path) -> Path:
    with Case([logs], work_parent=folder) as case:
        case.load()
        return write_lake(case, folder / "lake")


@pytest.fixture(scope="session")
def fleet(office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of the office's three machines."""
    return lake_of(office, tmp_path_factory.mktemp("fleet"))


@SIZES
async def test_the_machines_come_first_and_one_opens_like_a_case(
    fleet: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with starting(fleet, store=tmp_path, size=size) as browsing:
        await browsing.shows("The machines of this lake", "3 machines", "Findings", "Refused")
        await browsing.press("o", "o", "O")
        await browsing.shows("Machine▲")
        await browsing.press("enter")
        await browsing.until(lambda: len(browsing.app.screen_stack) == 2, "the browser in front")
        named = browsing.main.shown.filter_text
        assert named.startswith("machine:")
        await browsing.answers()
        listed = browsing.main.lists["sessions"].window
        assert browsing.main.case and listed and listed.count
        sessions = browsing.main.case.sessions(listed.page(0, listed.count))
        assert {session.machine for session in sessions} == {named.removeprefix("machine:")}
        await browsing.press("V")
        await browsing.shows("The machines of this lake")
        await browsing.press("escape", "backspace")
        await browsing.until(lambda: not browsing.main.shown.filter_text, "all machines again")


async def test_names_in_the_overview_are_drawn_as_text(hostile: Path, tmp_path: Path) -> None:
    async with starting(lake_of(hostile, tmp_path), store=tmp_path) as browsing:
        await browsing.shows("The machines of this lake", "WS[bold]")
        assert all(character.isprintable() for line in browsing.lines for character in line)
        await browsing.press("enter")
        await browsing.answers()
        assert HOSTILE_MACHINE.partition("\x1b")[0] in browsing.main.shown.filter_text
        assert browsing.table.row_count


async def test_other_cases_say_that_they_have_no_overview(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("V")
        await browsing.shows("Only a lake has an overview")


async def test_salvage_says_that_a_lake_has_none(fleet: Path, tmp_path: Path) -> None:
    async with starting(fleet, store=tmp_path) as browsing:
        await browsing.shows("The machines of this lake")
        await browsing.press("escape", "p", "S")
        await browsing.shows("a lake cannot be searched for lost records")


async def test_a_lake_that_was_changed_meanwhile_says_so(office: Path, tmp_path: Path) -> None:
    lake = lake_of(office, tmp_path)
    async with starting(lake, store=tmp_path) as browsing:
        await browsing.shows("The machines of this lake")
        await browsing.press("escape")
        await browsing.answers()
        held = read_snapshot(lake)
        write_snapshot(lake, Snapshot(held.generation + 1, "", held.tables))
        browsing.main.show_error(duckdb.IOException("a file is gone"))
        await browsing.shows("the lake was changed since it was opened. Open it again.")
