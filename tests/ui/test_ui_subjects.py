"""Cards of users, sources and machines, and what was seen for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import SIZES, Browsing

from logonscope.demo.evtx_writer import write_log
from logonscope.ui.screens import card as card_screen
from logonscope.ui.screens.card import CardScreen
from logonscope.ui.screens.first_seen import FirstSeenScreen
from logonscope.ui.widgets.row_table import RowTable
from support.logs import hostile_logons
from support.small_case import ALICE, BOB, EvtxLog, how, subject, target

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Alice at a desk and over Remote Desktop; bob over the network, refused once, and in."""
    log = EvtxLog("WS1.alder.example", 1)
    log("2026-03-02T07:00:00", 4608)
    log("08:00:00", 4624, **target(ALICE, 0xA1), **how(2, WorkstationName="WS1"))
    log("08:00:00", 4672, **subject(ALICE, 0xA1, PrivilegeList="SeDebugPrivilege"))
    log("09:00:00", 4634, **target(ALICE, 0xA1, LogonType=2))
    log("10:00:00", 4624, **target(ALICE, 0xA2), **how(10, IpAddress="10.0.0.9"))
    log("10:30:00", 4634, **target(ALICE, 0xA2, LogonType=10))
    log("11:00:00", 4625, TargetUserName="Bob", TargetDomainName="ALDER", SubStatus=0xC000006A,
        **how(3, IpAddress="10.0.0.9"))  # fmt: skip
    log("11:01:00", 4624, **target(BOB, 0xB1), **how(3, IpAddress="10.0.0.9"))
    log("11:02:00", 4634, **target(BOB, 0xB1, LogonType=3))
    write_log(tmp_path / "Security.evtx", log.records)
    return tmp_path / "Security.evtx"


async def card(browsing: Browsing, *cell: str) -> None:
    """The card of the cell that these keys go to."""
    await browsing.press(*cell, "A")
    await browsing.until(lambda: isinstance(browsing.app.screen, CardScreen) and bool(rows(browsing)), "the card")


def rows(browsing: Browsing) -> list[tuple[str, ...]]:
    return [
        row.cells
        for table in browsing.app.screen.query(RowTable)
        for position in range(table.row_count)
        if (row := table.row_at(position))
    ]


def place_of(browsing: Browsing, part: str) -> int:
    return next(place for place, cells in enumerate(rows(browsing)) if cells[0] == part)


async def follow(browsing: Browsing, part: str) -> None:
    """Choose the first line of a part."""
    await browsing.press(*["down"] * place_of(browsing, part), "enter")
    await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser again")


@SIZES
async def test_a_card_of_the_user_of_the_row(browse: Browse, desk: Path, size: tuple[int, int]) -> None:
    async with browse(desk, size=size, filter_text="user:alice") as browsing:
        await browsing.press("2")
        await browsing.shows("2 stays")
        await card(browsing)
        await browsing.shows("User ALDER\\alice", "In the logs")
        parts = [cells[0] for cells in rows(browsing) if cells[0]]
        assert parts[:5] == ["about", "machine", "source", "logon type", "privilege"]
        assert {"hours UTC", "first seen", "finding", "covered"} <= {*parts}
        machine = rows(browsing)[place_of(browsing, "machine")]
        assert machine[1:] == (
            "WS1",
            "2 stays, 1 time with administrator rights; 2026-03-02 08:00:00 to 2026-03-02 10:30:00",
        )


@pytest.mark.parametrize(
    ("part", "pane", "filter_text"),
    [
        ("about", "sessions", "user:ALDER\\alice"),
        ("machine", "sessions", "user:ALDER\\alice machine:WS1"),
        ("logon type", "sessions", "user:ALDER\\alice type:10"),
        ("privilege", "events", "user:ALDER\\alice SeDebugPrivilege"),
        ("first seen", "events", "is:logon machine:WS1 user:ALDER\\alice from:10.0.0.9 type:10"),
        ("covered", "coverage", "machine:WS1 channel:Security"),
    ],
)
async def test_a_line_leads_to_its_rows(browse: Browse, desk: Path, part: str, pane: str, filter_text: str) -> None:
    async with browse(desk, filter_text="user:alice type:2,10") as browsing:
        await card(browsing)
        await follow(browsing, part)
        assert (browsing.main.shown.pane, browsing.main.shown.filter_text) == (pane, filter_text)
        await browsing.until(lambda: browsing.table.row_count > 0, "the rows")
        await browsing.press("u")
        assert browsing.main.shown.filter_text == "user:alice type:2,10"


async def test_the_cell_says_whose_card(browse: Browse, desk: Path) -> None:
    async with browse(desk, size=(160, 48), filter_text="event:4625") as browsing:
        await browsing.show_pane("events")
        await browsing.press("d", "b")
        await browsing.until(lambda: "source" in [placed.column.name for placed in browsing.table.drawn_columns])
        columns = [placed.column.name for placed in browsing.table.drawn_columns]
        await card(browsing, *["right"] * columns.index("source"))
        await browsing.shows("Source 10.0.0.9")
        await follow(browsing, "refused")
        assert browsing.main.shown.filter_text == "from:10.0.0.9 is:failure status:0xc000006a"
        await browsing.until(lambda: browsing.table.row_count == 1, "the refusal")
        await card(browsing, *["left"] * (columns.index("source") - columns.index("machine")))
        await browsing.shows("Machine WS1")


async def test_hours_lead_nowhere_and_are_drawn_in_ascii(
    browse: Browse, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_screen, "draws_blocks", lambda: False)
    async with browse(desk, filter_text="user:alice") as browsing:
        await card(browsing)
        place = place_of(browsing, "hours UTC") + 1
        assert rows(browsing)[place][2] == "Mon  ........#.#.............  2"
        await browsing.press(*["down"] * place, "enter")
        await browsing.answers()
        assert isinstance(browsing.app.screen, CardScreen)


async def test_first_seen_is_listed_sorted_and_leads_to_the_logon(browse: Browse, desk: Path) -> None:
    async with browse(desk, size=(160, 48), filter_text="user:alice") as browsing:
        await browsing.press("W")
        await browsing.until(lambda: isinstance(browsing.app.screen, FirstSeenScreen) and bool(rows(browsing)))
        await browsing.shows("2 combinations of which the first logon fits: user alice")
        assert [(cells[3], cells[6]) for cells in rows(browsing)] == [("10 RDP", "3h 00m"), ("2 CONSOLE", "1h 00m")]
        await browsing.press("O")
        await browsing.until(lambda: [cells[3] for cells in rows(browsing)] == ["2 CONSOLE", "10 RDP"], "the order")
        await browsing.press("down")
        await browsing.shows("new: source, type of this user; its Security log")
        await browsing.press("enter")
        await browsing.until(lambda: browsing.app.screen is browsing.main)
        assert browsing.main.shown.filter_text == "is:logon machine:WS1 user:ALDER\\alice from:10.0.0.9 type:10"
        await browsing.until(lambda: browsing.table.row_count == 1, "the logon")


async def test_hostile_names_are_drawn_plainly(browse: Browse, tmp_path: Path) -> None:
    write_log(tmp_path / "Security.evtx", hostile_logons())
    async with browse(tmp_path / "Security.evtx") as browsing:
        await card(browsing)
        assert all(cell.isprintable() for cells in rows(browsing) for cell in cells)
