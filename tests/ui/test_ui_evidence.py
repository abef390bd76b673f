"""The evidence of a session: every record with what it shows and how it is cited, and the gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES, SMALL, WIDE, Browsing

from logonscope.ui.screens.evidence import EvidenceScreen
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


def evidence(browsing: Browsing) -> RowTable:
    assert isinstance(browsing.app.screen, EvidenceScreen)
    return browsing.app.screen.query_one(RowTable)


def cells(browsing: Browsing) -> list[str]:
    row = evidence(browsing).row_at(evidence(browsing).cursor)
    return list(row.cells) if row else []


async def until_closed(browsing: Browsing) -> None:
    await browsing.until(lambda: not isinstance(browsing.app.screen, EvidenceScreen), "the browser again")


@SIZES
async def test_records_in_words_and_in_order(browse: Browse, week: Path, size: tuple[int, int]) -> None:
    async with browse(week, size=size) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("e")
        await browsing.shows("Evidence: ALDER\\alice, session WS01/0x", "asked to sign out", "closed")
        table = evidence(browsing)
        rows = [table.row_at(position) for position in range(table.row_count)]
        times = [row.cells[-1] for row in rows if row]
        assert len(times) == table.row_count > 3
        assert times == sorted(times)
        await browsing.press("e")
        await until_closed(browsing)


async def test_y_copies_the_citation(browse: Browse, week: Path) -> None:
    async with browse(week, filter_text="user:alice", size=WIDE) as browsing:
        await browsing.shows("2 stays")
        await browsing.press("e")
        await browsing.shows("logged on", ", EventRecordID ")
        shows, event, _, file, channel, record, _ = cells(browsing)
        await browsing.press("y")
        cited = browsing.app.clipboard
        assert cited.startswith(f"{week}/")
        assert f", {channel}, EventRecordID {record}, event {event}, 2026-03-02T08:00:00." in cited
        assert cited.endswith("Z")
        assert file in cited
        assert shows == "logged on"


@SIZES
async def test_enter_opens_the_record_among_those_of_its_session(
    browse: Browse, week: Path, size: tuple[int, int]
) -> None:
    async with browse(week, size=size) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("e")
        await browsing.shows("asked to sign out")
        await browsing.until(lambda: bool(cells(browsing)))
        while cells(browsing)[0] != "asked to sign out":
            await browsing.press("down")
        await browsing.press("enter")
        await until_closed(browsing)
        await browsing.shows("/ session:WS01/0x")
        await browsing.until(lambda: " 4647 alice " in browsing.cursor_row, "the sign-out")


async def test_gaps_stand_below_the_records_and_open_as_marks_do(browse: Browse, office: Path) -> None:
    async with browse(office, filter_text="user:bob machine:FS02", size=SMALL) as browsing:
        await browsing.shows("1 stay")
        await browsing.press("e")
        await browsing.shows("Evidence: ", " gaps while it lasted")
        await browsing.press("end")
        await browsing.until(lambda: cells(browsing)[:1] == ["events lost"], "the gaps at the end")
        assert "Windows reported at " in browsing.text
        await browsing.press("enter")
        await until_closed(browsing)
        await browsing.until(lambda: " 1101 " in browsing.cursor_row, "the record of the loss")


async def test_a_visit_has_no_evidence_of_its_own_but_contacts(browse: Browse, office: Path) -> None:
    async with browse(office) as browsing:
        await browsing.shows(" stays")
        await browsing.press("h")
        await browsing.until(lambda: any(" visit " in row for row in browsing.rows))
        while " visit " not in browsing.cursor_row:
            await browsing.press("down")
        await browsing.press("e")
        await browsing.shows("A visit rests on its contacts")
        await browsing.press("enter")
        await browsing.shows("session:FS02/visit@", "3 sessions")
        contacts = [browsing.table.row_at(position) for position in range(3)]
        assert [row.cells[:2] for row in contacts if row] == [("bob", "3 NETWORK")] * 3


async def test_an_empty_list_has_no_evidence(browse: Browse, week: Path) -> None:
    async with browse(week, filter_text="user:nobody") as browsing:
        await browsing.shows("Nothing fits")
        await browsing.press("e", "t", "enter")
        await browsing.answers()
        assert browsing.app.screen is browsing.main
