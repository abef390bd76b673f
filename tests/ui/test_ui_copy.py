"""Rows are copied as text, CSV, JSON or citations: through the terminal, or into a private file."""

from __future__ import annotations

import base64
import csv
import json
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from browsing import starting

from logonscope.state_file import state_folder
from logonscope.ui.clipboard import fits_clipboard, tmux_sequence
from logonscope.ui.screens.text import TextScreen

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Browsing


async def copy_as(browsing: Browsing, key: str) -> str:
    await browsing.press("Y")
    await browsing.shows("Copy ", "citation:")
    await browsing.press(key)
    await browsing.answers()
    return browsing.app.clipboard


async def test_the_row_and_the_rows_selected(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("y")
        assert browsing.app.clipboard.split("\t")[:2] == ["alice", "2 CONSOLE"]
        await browsing.shows("Copied the row")
        await browsing.press("down", "space", "space", "O")
        await browsing.answers()
        await browsing.press("y")
        await browsing.answers()
        lines = browsing.app.clipboard.splitlines()
        assert [line.split("\t")[0] for line in lines] == ["alice", "bob"], "in the order of the list"
        assert "still on" in lines[0]


async def test_csv(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("space", "space")
        rows = list(csv.DictReader(StringIO(await copy_as(browsing, "c"))))
        assert [row["user"] for row in rows] == ["alice", "bob"]
        await browsing.shows("Copied 2 sessions as CSV")


async def test_csv_runs_nothing_in_a_spreadsheet(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, pane="events") as browsing:
        text = await copy_as(browsing, "c")
        assert "\x1b" not in text
        cells = next(csv.reader(StringIO(text.splitlines()[1])))
        assert not any(cell.startswith(("=", "+", "@")) for cell in cells)


@pytest.mark.parametrize(("pane", "field"), [("events", "record_id"), ("sessions", "session"), ("boots", "boot")])
async def test_json(browse: Browse, week: Path, pane: str, field: str) -> None:
    async with browse(week, pane=pane) as browsing:
        row = json.loads(await copy_as(browsing, "j"))
        assert row["machine"].startswith("WS01")
        assert row[field]


async def test_citations(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        (line,) = (await copy_as(browsing, "i")).splitlines()
        assert all(part in line for part in (str(week), ".evtx, ", "EventRecordID ", ", 2026-03-02"))
        await browsing.show_pane("sessions")
        head, *records = (await copy_as(browsing, "i")).splitlines()
        assert head.startswith("session WS01/0x")
        assert "grade A" in head
        assert all("EventRecordID" in record for record in records)
        assert any("event 4624" in record for record in records)
        await browsing.show_pane("boots")
        head, *records = (await copy_as(browsing, "i")).splitlines()
        assert head.startswith("WS01, boot 1: from 2026-03-02 07:00")
        assert records
        await browsing.show_pane("coverage")
        assert (await copy_as(browsing, "i")).strip()


async def test_giving_up_copies_nothing(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("Y")
        await browsing.shows("Copy the row as")
        await browsing.press("escape")
        assert browsing.app.clipboard == ""
        await browsing.show_pane("types")
        await browsing.press("Y")
        assert browsing.app.screen is browsing.main


def test_what_the_clipboard_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert fits_clipboard("")
    assert fits_clipboard("x" * 75_000)
    assert not fits_clipboard("x" * 75_001)
    assert not fits_clipboard("ä" * 40_000)
    assert fits_clipboard("\udc80")
    monkeypatch.setenv("TERM", "linux")
    assert not fits_clipboard("x")


async def test_a_text_that_is_too_long_goes_into_a_private_file(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        browsing.app.push_screen(TextScreen("Record", "x" * 75_001))
        await browsing.until(lambda: isinstance(browsing.app.screen, TextScreen))
        await browsing.press("y")
        await browsing.shows("clipboard of a terminal takes", "75.0 kB")
        (path,) = state_folder("copied").glob("*.txt")
        assert path.read_text() == "x" * 75_001
        assert path.stat().st_mode & 0o777 == 0o600
        assert browsing.app.clipboard == ""


def test_tmux_gets_the_text_to_pass_on() -> None:
    wrapped = tmux_sequence("alice")
    assert wrapped.startswith("\x1bPtmux;\x1b\x1b]52;c;")
    assert wrapped.endswith("\a\x1b\\")
    assert base64.b64decode(wrapped[len("\x1bPtmux;\x1b\x1b]52;c;") : -3]) == b"alice"


@pytest.mark.parametrize("tmux", ["", "/tmp/tmux-0/default,1,0"])
async def test_what_goes_to_the_terminal(tmux: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMUX", tmux)
    async with starting(tmp_path, store=tmp_path / "store") as browsing:
        await browsing.shows("Nothing could be read")
        app, sent = browsing.app, list[str]()
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", sent.append)
        app.copy_to_clipboard("alice")
        assert ("\x1b]52;c;YWxpY2U=\a" in sent, tmux_sequence("alice") in sent) == (True, bool(tmux))
