"""What could not be read is listed with its place and its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import WIDE, loaded, starting
from ui_logs import BROKEN_RECORD, LOST_CHUNK, record_offset

from logonscope.demo.evtx_writer import CHUNK_SIZE, FILE_HEADER_SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


async def test_damaged_parts_are_listed_and_the_rest_is_read(damaged: Path, tmp_path: Path) -> None:
    async with loaded(damaged, store=tmp_path, size=WIDE) as browsing:
        await browsing.shows("2 problems (p)", "1 Events 207")
        await browsing.press("p")
        await browsing.shows("Problems", "What is wrong")
        chunk, record, header = (next(line for line in browsing.lines if f" {part} " in line) for part in _PARTS)
        assert "damaged.evtx" in chunk
        assert f" {FILE_HEADER_SIZE + LOST_CHUNK * CHUNK_SIZE:#x} " in chunk
        assert "a chunk is missing" in chunk
        assert f" {record_offset(damaged.read_bytes(), BROKEN_RECORD):#x} " in record
        assert f" {BROKEN_RECORD} " in record
        assert "Failed to parse record number 3" in record
        assert "header says 4 chunks, 3 found" in header
        await browsing.until(lambda: browsing.text.count("Failed to parse record number 3") == 2, "the whole reason")
        await browsing.press("p")
        await browsing.hides("What is wrong")


_PARTS = ("chunk", "record", "header")


@pytest.mark.parametrize("keys", [("escape", "q"), ("ctrl+q",)], ids=["q", "ctrl+q over the problems"])
async def test_nothing_readable(tmp_path: Path, keys: tuple[str, ...]) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no log at all", "utf-8")
    async with starting(notes, tmp_path / "missing.evtx", store=tmp_path / "store") as browsing:
        await browsing.shows("Nothing could be read. Press p for the reasons.", "2 problems (p)")
        await browsing.press("p")
        await browsing.shows("no such file or folder")
        await browsing.press(*keys)
    assert browsing.app.return_value == 2


async def test_everything_readable(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("p")
        await browsing.shows("Everything that was found could be read.")
        await browsing.press("escape", "q")
    assert browsing.app.return_value == 0


async def test_salvage_from_the_problems(damaged: Path, tmp_path: Path) -> None:
    async with loaded(damaged, store=tmp_path, size=WIDE) as browsing:
        await browsing.press("p")
        await browsing.shows("S search the files for records that were not read")
        await browsing.press("S")
        await browsing.shows("92 records recovered", "1 Events 299")
        await browsing.press("1", "slash", *"is:recovered", "enter")
        await browsing.shows("92 events", "~single")
        await browsing.press("p")
        await browsing.shows("Problems")
        await browsing.press("S")
        await browsing.shows("The files were searched before")
