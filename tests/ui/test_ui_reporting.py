"""A report is written from the browser: of what is filtered, never into the evidence, over nothing unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import WIDE

from logonscope.case.case_file import CaseFile

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Browsing


async def write_to(browsing: Browsing, path: Path) -> None:
    await browsing.press("R")
    await browsing.shows("Write a report to")
    await browsing.press("ctrl+u")
    await browsing.type(str(path))
    await browsing.press("enter")


async def test_a_report_of_what_is_shown(browse: Browse, week: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.html"
    async with browse(week) as browsing:
        await browsing.hold("user:bob")
        await browsing.press("m")
        await browsing.type("look here #exfil")
        await browsing.press("enter")
        await browsing.answers()
        await write_to(browsing, path)
        await browsing.shows("The report is in")
    text = path.read_text("utf-8")
    assert "user:bob" in text
    assert "look here" in text
    assert "exfil" in text
    assert CaseFile([week]).path.exists()


async def test_a_file_that_is_there_is_asked_about(browse: Browse, week: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.md"
    path.write_text("old")
    async with browse(week) as browsing:
        await write_to(browsing, path)
        await browsing.shows("Enter writes over it")
        assert path.read_text() == "old"
        await browsing.press("enter")
        await browsing.shows("The report is in")
    assert path.read_text("utf-8").startswith("# Logons of WS01")


async def test_nothing_is_written_into_the_evidence(browse: Browse, week: Path) -> None:
    async with browse(week, size=WIDE) as browsing:
        await write_to(browsing, week / "out.html")
        await browsing.shows("within the evidence")
        await browsing.press("escape")
    assert not (week / "out.html").exists()
