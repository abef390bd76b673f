"""The detail of a row, and the record as Windows wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from browsing import WIDE

from logonscope.demo.catalogue import event_kind
from logonscope.ui.screens.main import MainScreen

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from browsing import Browse


async def test_an_event_field_by_field_with_its_codes_in_words_and_its_xml(browse: Browse, week: Path) -> None:
    async with browse(week, size=(160, 70), pane="events", filter_text="event:4625") as browsing:
        await browsing.shows("12 events", "Audit: failure")
        for field in event_kind("security", 4625, 0).payload.fields:
            assert f"{field.name}: " in browsing.text
        for words in (
            "Status: 0xc000006d  = ",
            "SubStatus: 0xc000006a  = ",
            "LogonType: 3  = Network: ",
            "FailureReason: %%2313  = ",
            "IpAddress: 203.0.113.7",
            "Channel: Security",
            "Audit subcategory: Logon",
        ):
            assert words in browsing.text
        before = browsing.text
        await browsing.press("down")
        await browsing.shows("Time: 2026-03-02T09:01")
        assert "Time: 2026-03-02T09:00" in before
        assert "<Event" not in browsing.text
        await browsing.press("r")
        await browsing.shows("<EventID>4625</EventID>", '<Data Name="TargetUserName">mallory</Data>', ", event 4625")
        await browsing.press("y")
        assert browsing.app.clipboard.rstrip().endswith("</Event>")
        await browsing.press("escape")
        await browsing.hides("<EventID>")
        assert browsing.table.cursor == 1


async def test_a_session_and_a_logon_type(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE) as browsing:
        await browsing.shows(
            "ALDER\\alice", "Session: WS01/0x", "Lasted: 4h 00m", "Records (", "(Security.evtx, Security,"
        )
        await browsing.press("3")
        await browsing.shows("RemoteInteractive")
        await browsing.press(*["down"] * 10)
        await browsing.shows("10 RemoteInteractive", "What it does not prove: ")


async def test_the_detail_is_there_on_request_on_a_small_terminal(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        assert "ALDER\\alice" not in browsing.text
        await browsing.press("d")
        await browsing.shows("ALDER\\alice")
        await browsing.press("d")
        await browsing.hides("ALDER\\alice")
        await browsing.show_pane("events")
        await browsing.press("enter")
        await browsing.shows("12 Kernel started", "Time: 2026-03-02T07:00:00")
        cursor = browsing.table.cursor
        await browsing.press("end")
        await browsing.shows("File: ", "System.evtx")
        assert browsing.table.cursor == cursor


async def test_another_detail_lays_nothing_out_anew(
    browse: Browse, week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with browse(week, size=WIDE, pane="events") as browsing:
        await browsing.until(lambda: browsing.main.detail.facts and browsing.main.strip.density, "detail and strip")
        await browsing.answers()
        before, layouts = browsing.main.detail.facts, []
        lay_out = MainScreen._refresh_layout

        def counted(screen: MainScreen, *size: Any, **how: Any) -> None:
            layouts.append(screen)
            lay_out(screen, *size, **how)

        monkeypatch.setattr(MainScreen, "_refresh_layout", counted)
        await browsing.press("down")
        await browsing.until(lambda: browsing.main.detail.facts != before, "another detail")
        await browsing.shows(browsing.main.detail.facts[0].text)
        assert not layouts


async def test_text_of_the_detail_is_selected_as_it_is_drawn(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE, pane="events", filter_text="event:4625") as browsing:
        await browsing.shows("Status: 0xc000006d")
        await browsing.pilot.mouse_down("#detail", offset=(2, 0))
        await browsing.pilot.hover("#detail", offset=(6, 1))
        await browsing.pilot.mouse_up("#detail", offset=(6, 1))
        heading = browsing.main.detail.facts[0].text
        await browsing.until(lambda: heading in (browsing.main.get_selected_text() or ""), "selected text")
        await browsing.press("y")
        assert browsing.app.clipboard.startswith(f"{heading}\n")
