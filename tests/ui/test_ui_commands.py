"""Every action is declared once, and is found in the keys, the footer, the help and the palette."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from browsing import drawn
from textual.app import App, ComposeResult
from textual.binding import Binding

from logonscope.ui.app import LogonscopeApp
from logonscope.ui.commands import ALL_PANES, COMMANDS, MOVES, Command
from logonscope.ui.palette import CommandProvider
from logonscope.ui.screens.help import HelpScreen, help_text
from logonscope.ui.screens.main import MainScreen
from logonscope.ui.widgets.key_bar import KeyBar
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse

ANY_COMMAND = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)


def row_table_keys() -> set[str]:
    """Keys that the list itself takes before the screen does."""
    return {key for binding in Binding.make_bindings(RowTable.BINDINGS) for key in binding.key.split(",")}


@ANY_COMMAND
def test_the_action_of_a_command_exists(command: Command) -> None:
    target, _, name = command.action.partition("(")[0].rpartition(".")
    assert callable(getattr(LogonscopeApp if target == "app" else MainScreen, f"action_{name}"))


@ANY_COMMAND
def test_the_keys_of_a_command_are_bound_to_it(command: Command) -> None:
    bound = {binding.key: binding for binding in Binding.make_bindings(MainScreen.BINDINGS)}
    for key in command.keys:
        assert bound[key].id == command.id
        assert bound[key].action == command.action


@pytest.mark.parametrize("pane", ALL_PANES)
def test_no_key_does_two_things_in_one_pane(pane: str) -> None:
    keys = Counter(key for command in COMMANDS if pane in command.panes for key in command.keys)
    keys.update(row_table_keys())
    assert [key for key, count in keys.items() if count > 1] == []


def test_ids_and_labels_are_unique() -> None:
    assert len({command.id for command in COMMANDS}) == len(COMMANDS)
    assert len({command.label for command in COMMANDS}) == len(COMMANDS)


@ANY_COMMAND
def test_the_help_explains_a_command(command: Command) -> None:
    line = next(line for line in help_text().plain.splitlines() if command.help in line)
    assert line.split(command.help)[0].strip() == command.shown_keys


def test_the_help_names_the_keys_of_the_lists() -> None:
    lines = help_text().plain.splitlines()
    for keys, does in MOVES:
        assert any(keys in line and does in line for line in lines)


class _KeyBarApp(App[None]):
    def __init__(self, pane: str, *, loading: bool) -> None:
        super().__init__()
        self._bar = KeyBar()
        self._bar.pane, self._bar.loading_case = pane, loading

    def compose(self) -> ComposeResult:
        yield self._bar


async def key_bar(pane: str, width: int, *, loading: bool) -> str:
    app = _KeyBarApp(pane, loading=loading)
    async with app.run_test(size=(width, 10)):
        return " ".join(strip.text.rstrip() for strip in drawn(app.screen)[:2])


@pytest.mark.parametrize("pane", ALL_PANES)
async def test_the_key_bar_shows_every_command_of_a_pane(pane: str) -> None:
    text = await key_bar(pane, 80, loading=False)
    for command in COMMANDS:
        assert (f" {command.keys_in_footer} {command.label}" in text) == (command.footer and pane in command.panes)


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("pane", ALL_PANES)
async def test_the_key_bar_tells_how_to_stop_leave_and_get_help_in_little_room(pane: str, width: int) -> None:
    text = await key_bar(pane, width, loading=True)
    assert "Esc Stop 1 Events" in text
    assert text.endswith("? Help q Quit")


async def test_help_and_palette(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("question_mark")
        await browsing.shows("Keys", "Show the reconstructed sessions.")
        await browsing.press("end")
        await browsing.shows("How we know when a session ended", "T marks a session")
        await browsing.press("q")
        await browsing.until(lambda: not isinstance(browsing.app.screen, HelpScreen), "the browser again")
        await browsing.press("ctrl+p", *"turn the")
        await browsing.shows("Reverse  (O)")
        await browsing.press("enter")
        await browsing.shows("Start (UTC)▼")


async def test_the_palette_offers_every_command(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        provider = CommandProvider(browsing.main)
        offered = [str(hit.text) async for hit in provider.discover()]
        wanted = [command for command in COMMANDS if command.id != "palette"]
        assert offered == [f"{command.label}  ({command.shown_keys})" for command in wanted]
        for command in wanted:
            assert command.help in [hit.help async for hit in provider.search(command.label)]
