"""What can be done with the event, session or logon type under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import WIDE

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


async def test_enter_on_a_session_lists_its_records_and_s_goes_back(browse: Browse, week: Path, records: int) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays", "others hidden")
        await browsing.press("enter")
        await browsing.shows("session:WS01/0x")
        await browsing.until(lambda: {"4624", "4647", "4634"} <= {row.split()[2] for row in browsing.rows})
        assert all(row.startswith("2026-03-02 ") for row in browsing.rows)
        await browsing.press("slash")
        await browsing.type("event:4634")
        await browsing.press("enter")
        await browsing.until(lambda: "session of alice is gone" in browsing.cursor_row)
        await browsing.press("c")
        await browsing.shows(f"{records} events")
        assert "session of alice is gone" in browsing.cursor_row
        await browsing.press("s")
        await browsing.answers()
        assert "3 stays" in browsing.text
        assert browsing.cursor_row.startswith("alice 2 CONSOLE 2026-03-02 08:00")
        await browsing.press("end", "enter")
        await browsing.shows("session:WS01/0x")
        await browsing.until(lambda: bool(browsing.rows) and browsing.rows[0].startswith("2026-03-03"))
        assert all(row.startswith("2026-03-03 ") for row in browsing.rows)
        await browsing.press("slash")
        await browsing.type("event:4624")
        await browsing.press("enter")
        await browsing.shows("1 event ", "alice logged on at the console")
        await browsing.press("c")
        await browsing.shows(f"{records} events")
        await browsing.press("s")
        await browsing.answers()
        assert "3 stays" in browsing.text
        assert browsing.cursor_row.startswith("alice 2 CONSOLE 2026-03-03 08:00")


async def test_s_on_an_event_whose_session_is_not_listed(browse: Browse, week: Path, records: int) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.shows(f"{records} events")
        await browsing.press("s")
        await browsing.shows("No session of a user is known")
        await browsing.hold("user:bob event:4624")
        await browsing.until(lambda: browsing.cursor_row.startswith("2026-03-02 10:00"), "the contact")
        await browsing.press("s")
        await browsing.shows("session:WS01/0x", "3 NETWORK")
        assert browsing.table.row_count == 1


async def test_pinning_the_user_and_the_logon_id(browse: Browse, week: Path, records: int) -> None:
    async with browse(week, size=WIDE) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("down", "a")
        await browsing.shows("user:ALDER\\bob", "1 stay")
        assert [row.split()[0] for row in browsing.rows] == ["bob"]
        await browsing.press("c")
        await browsing.show_pane("events")
        await browsing.hold("type:10 event:4624")
        await browsing.shows("bob logged on over Remote Desktop")
        logon_id = browsing.cursor_row.split()[5]
        assert logon_id.startswith("0x")
        await browsing.press("i")
        await browsing.shows(f"event:4624 logon:{logon_id}")
        await browsing.press("c")
        await browsing.shows(f"{records} events")
        await browsing.press("home", "i")
        await browsing.shows("This row has no logon ID")
        await browsing.press("a")
        await browsing.shows("This row names no user")
        assert browsing.main.shown.filter_text == ""


async def test_enter_on_a_logon_type_filters_to_it(browse: Browse, week: Path) -> None:
    async with browse(week, pane="types") as browsing:
        await browsing.shows("RemoteInteractive")
        await browsing.press(*["down"] * 10, "enter")
        await browsing.shows("type:10", "showing logon type 10")
        await browsing.until(lambda: bool(browsing.rows) and all(" bob " in row for row in browsing.rows))
        assert browsing.main.shown.pane == "events"


async def test_order_scope_and_copy(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays", "Start (UTC)▲")
        await browsing.press("O")
        await browsing.shows("Start (UTC)▼")
        await browsing.until(lambda: "2026-03-03" in browsing.rows[0], "the newest session first")
        await browsing.press("o", "O")
        await browsing.shows("Sorted by End")
        await browsing.press("h")
        await browsing.shows("4 stays and visits (h for the single contacts)", "Showing: stays and visits")
        assert any(" 3 NETWORK " in row for row in browsing.rows)
        await browsing.press("h")
        await browsing.shows("sessions,", "others hidden")
        await browsing.press("h")
        await browsing.until(lambda: browsing.bar[0].split("  ")[1].endswith(" sessions"), "all sessions")
        await browsing.press("h")
        await browsing.shows("3 stays, ", " others hidden")
        await browsing.press("home", "y")
        assert browsing.app.clipboard.split("\t")[:2] == ["alice", "2 CONSOLE"]
