"""Whatever a log says is drawn as text: no markup, no control characters, nothing that turns the writing round."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from browsing import WIDE, Browsing, loaded
from ui_logs import HOSTILE_FILE

from logonscope.model import LoadProgress
from logonscope.ui.widgets.status_line import status_text

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse

USER = "bob[/admin]\\x1b]0;owned\\x07[red]"
ACCOUNT = "eve[/admin]\\x1b[31m\\u202e$(reboot)"
MACHINE = "WS[bold]\\x1b[31m"
FILE = "log[red]\\x1b[2J\\u202e.evtx"


def unprintable(text: str) -> set[str]:
    return {character for character in text if not character.isprintable()}


async def shows_harmlessly(browsing: Browsing, *texts: str) -> None:
    """Wait for texts, and see that nothing on the screen can act on the terminal."""
    await browsing.shows(*texts)
    assert unprintable("".join(browsing.lines)) == set()


async def test_tables_filter_and_detail(browse: Browse, hostile: Path) -> None:
    async with browse(hostile) as browsing:
        await shows_harmlessly(browsing, MACHINE, "bob[/admin]", "3 stays")
        await browsing.show_pane("events")
        await shows_harmlessly(browsing, "3 events", "bob[/admin]")
        await browsing.press("down", "a")
        await shows_harmlessly(browsing, f'/ user:"ALDER\\\\{ACCOUNT}"', "2 events")
        await browsing.press("slash")
        await shows_harmlessly(browsing, "2 rows would be shown", ACCOUNT)
        await browsing.press("enter")
        await browsing.answers()
        assert browsing.table.row_count == 2
        await browsing.press("slash")
        await browsing.type("pasted\t\x1b[31m\u202e")
        await shows_harmlessly(browsing, "pasted\\t\\x1b[31m\\u202e")
        await browsing.press("escape", "enter")
        await shows_harmlessly(browsing, f"ALDER\\{ACCOUNT} logged on")
        await browsing.press("pagedown")
        await shows_harmlessly(browsing, f"TargetUserName: {ACCOUNT}")


async def test_xml_and_clipboard(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, size=WIDE, pane="events") as browsing:
        await shows_harmlessly(browsing, f"TargetUserName: {USER}", f"Computer: {MACHINE}")
        await browsing.press("y")
        assert unprintable(browsing.app.clipboard) == {"\t"}
        await browsing.press("r")
        await shows_harmlessly(browsing, f'<Data Name="TargetUserName">{USER}', MACHINE, "evil$(reboot)")
        await browsing.press("y")
        assert unprintable(browsing.app.clipboard) == {"\n"}


async def test_file_names_in_problems_and_errors(hostile: Path, tmp_path: Path) -> None:
    log = tmp_path / HOSTILE_FILE
    shutil.copy(hostile, log)
    no_log = tmp_path / f"no{HOSTILE_FILE}"
    no_log.write_text("no log", "utf-8")
    async with loaded(log, no_log, store=tmp_path / "store", size=WIDE, pane="events") as browsing:
        await browsing.press("p")
        await shows_harmlessly(browsing, f"no{FILE}")
        await browsing.press("escape")
        await browsing.shows("3 events")
        log.unlink()
        await browsing.press("r")
        await shows_harmlessly(browsing, "columns")


def test_the_name_of_the_file_that_is_being_read() -> None:
    progress = LoadProgress(0, 1, 10, 100, 5, 0, 1.0, f"/evidence/{HOSTILE_FILE}")
    assert FILE in status_text(progress, 160)
    assert unprintable(status_text(progress, 160)) == set()


async def test_a_filter_of_the_command_line(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, filter_text='"[/red]\x1b]0;owned\x07"') as browsing:
        await shows_harmlessly(browsing, '"[/red]\\x1b]0;owned\\x07"', "Nothing fits this filter")
