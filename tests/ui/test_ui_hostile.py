"""Whatever a log says is drawn as text: no markup, no control characters, nothing that turns the writing round."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from browsing import SIZES, WIDE, Browsing, loaded
from ui_logs import HOSTILE_FILE, HOSTILE_MACHINE, HOSTILE_USER

from logonscope.model import Account, LoadProgress, SourceMachine
from logonscope.ui.screens.sources import SourcesScreen
from logonscope.ui.widgets.status_line import status_text
from support.made import made_session

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse

USER = "bob[/admin]\\x1b]0;owned\\x07[red]"
ACCOUNT = "eve[/admin]\\x1b[31m\\u202e$(reboot)"
TYPED = "eve[/admin]\\u{1b}[31m\\u{202e}$(reboot)"
"""The account as a filter names it."""
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
        await shows_harmlessly(browsing, "bob[/admin]", "3 stays")
        await browsing.show_pane("events")
        await shows_harmlessly(browsing, "3 events", "bob[/admin]")
        await browsing.press("down", "a")
        await shows_harmlessly(browsing, f'/ user:"ALDER\\\\{TYPED}"', "2 events")
        await browsing.press("slash")
        await shows_harmlessly(browsing, "2 events would be shown", TYPED)
        await browsing.press("enter")
        await browsing.answers()
        assert browsing.table.row_count == 2
        await browsing.press("slash")
        await browsing.type("pasted\t\x1b[31m\u202e")
        await shows_harmlessly(browsing, "pasted \\u{1b}[31m\\u{202e}")
        await browsing.press("escape", "enter")
        await shows_harmlessly(browsing, f"ALDER\\{ACCOUNT} logged on")
        await browsing.press("pagedown")
        await shows_harmlessly(browsing, f"TargetUserName: {ACCOUNT}")


async def test_xml_and_clipboard(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, size=(190, 56), pane="events") as browsing:
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


@SIZES
async def test_boots_and_coverage(browse: Browse, hostile: Path, size: tuple[int, int]) -> None:
    async with browse(hostile, pane="boots", size=size) as browsing:
        await shows_harmlessly(browsing, "1 boot", "WS[bold]\\x1b" if size == WIDE else "WS[bold]")
        await browsing.press("enter")
        await shows_harmlessly(browsing, '/ machine:"WS[bold]\\u{1b}[31m" boot:0', "3 stays")
        await browsing.press("c")
        await browsing.show_pane("coverage")
        await shows_harmlessly(browsing, " marks", "covered")
        place = next(index for index, row in enumerate(browsing.rows) if " file: " in row)
        await browsing.press("home", *["down"] * place)
        assert FILE in browsing.cursor_row
        if size != WIDE:
            await browsing.press("d")
        await shows_harmlessly(browsing, "The file", "completely")


@SIZES
async def test_evidence(browse: Browse, hostile: Path, size: tuple[int, int]) -> None:
    async with browse(hostile, size=size) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("e")
        await shows_harmlessly(browsing, "Evidence: bob[/admin]\\x1b]0;owned", "logged on", "EventRecordID 1")
        await browsing.press("y")
        assert unprintable(browsing.app.clipboard) == set()
        assert FILE in browsing.app.clipboard
        await browsing.press("enter")
        await shows_harmlessly(browsing, '/ session:"WS[bold]\\u{1b}[31m/0x', "1 event ")


@SIZES
async def test_who_was_on(browse: Browse, hostile: Path, size: tuple[int, int]) -> None:
    async with browse(hostile, size=size) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("w")
        await browsing.shows("Who was on at ...")
        await browsing.type("\x1b[31m\u202e")
        await shows_harmlessly(browsing, "\\x1b[31m\\u202e is not a time")
        await browsing.press("end", "ctrl+u")
        await browsing.type("2026-03-02T08:00:03")
        await browsing.press("enter")
        await shows_harmlessly(browsing, "Who was on at 2026-03-02 08:00:03", "bob[/admin]", "possibly")
        await browsing.press("y")
        assert unprintable(browsing.app.clipboard) == set()
        await browsing.press("enter")
        await browsing.until(lambda: browsing.app.screen is browsing.main, "the browser again")
        await shows_harmlessly(browsing, "bob[/admin]")
        await browsing.press("w")
        await browsing.shows("Who was on at ...")
        await browsing.press("ctrl+u")
        await browsing.type("2026-03-01")
        await browsing.press("enter")
        await shows_harmlessly(browsing, "Not covered at that time: WS[bold]\\x1b[31m")
        await browsing.press("end", "enter")
        await shows_harmlessly(browsing, '/ machine:"WS[bold]\\u{1b}[31m"', " marks")


async def test_trace_and_the_choice_of_a_machine(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, size=WIDE) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("t")
        await shows_harmlessly(browsing, "None of the loaded machines", "a client that called itself")
        machine = SourceMachine(HOSTILE_MACHINE, ("workstation",), 0, False, ())
        session = made_session(account=Account("", HOSTILE_USER, HOSTILE_USER), workstation=HOSTILE_USER)
        browsing.app.push_screen(SourcesScreen(session, [machine, machine]))
        await shows_harmlessly(browsing, "Where did bob[/admin]\\x1b]0;owned", f"{MACHINE}: the client called itself")


def test_the_name_of_the_file_that_is_being_read() -> None:
    progress = LoadProgress(0, 1, 10, 100, 5, 0, 1.0, f"/evidence/{HOSTILE_FILE}")
    assert FILE in status_text(progress, 160)
    assert unprintable(status_text(progress, 160)) == set()


async def test_a_filter_of_the_command_line(browse: Browse, hostile: Path) -> None:
    async with browse(hostile, filter_text='"[/red]\x1b]0;owned\x07"') as browsing:
        await shows_harmlessly(browsing, '"[/red]\\u{1b}]0;owned\\u{7}"', "Nothing fits this filter")
