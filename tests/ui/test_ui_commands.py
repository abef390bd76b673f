"""Every action is declared once, and is found in the keys, the footer, the help and the palette."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from browsing import drawn
from textual.app import App, ComposeResult
from textual.binding import Binding

from logonscope.ui.app import LogonscopeApp
from logonscope.ui.commands import ALL_PANES, COMMANDS, OVER, Command
from logonscope.ui.keys import MOVES
from logonscope.ui.palette import CommandProvider
from logonscope.ui.screens.evidence import EvidenceScreen
from logonscope.ui.screens.help import HelpScreen, help_text
from logonscope.ui.screens.main import MainScreen
from logonscope.ui.screens.problems import ProblemsScreen
from logonscope.ui.screens.sources import SourcesScreen
from logonscope.ui.screens.who import WhoScreen
from logonscope.ui.settings import Settings
from logonscope.ui.widgets.key_bar import KeyBar
from logonscope.ui.widgets.row_table import RowTable
from logonscope.ui.widgets.top_bar import TopBar, TopState

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse

    from logonscope.ui.screens.list_screen import ListScreen

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
    bound = MainScreen()._bindings.key_to_bindings
    for key in command.keys:
        assert [(binding.id, binding.action) for binding in bound[key]] == [(command.id, command.action)]


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
    for pane in ALL_PANES:
        (line,) = [line for line in help_text(Settings(), pane).plain.splitlines() if command.help in line]
        assert line.split(command.help)[0].strip() == command.shown_keys or "(palette)"


def test_the_help_names_the_keys_of_the_lists() -> None:
    lines = help_text(Settings(), "events").plain.splitlines()
    for keys, does in (*((move.shown_keys, move.help) for move in MOVES), *OVER):
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
    assert text.startswith(" Esc Stop / Filter")
    assert text.endswith("? Help q Quit")


def test_the_lists_over_the_browser_close_by_the_key_that_opened_them() -> None:
    opened: dict[str, type[ListScreen[Any]]] = {
        "evidence": EvidenceScreen,
        "trace": SourcesScreen,
        "who": WhoScreen,
        "problems": ProblemsScreen,
    }
    for command in COMMANDS:
        if command.id in opened:
            closing = {
                key
                for binding in Binding.make_bindings(opened[command.id].BINDINGS)
                for key in binding.key.split(",")
                if binding.action == "close"
            }
            assert set(command.keys) <= closing


class _TopBarApp(App[None]):
    def compose(self) -> ComposeResult:
        bar = TopBar()
        counts = {"events": "10,000,000", "sessions": "1,000,000", "boots": "3", "coverage": "40"}
        bar.state = TopState("boots", tuple(counts.items()), "WS01  UTC")
        yield bar


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (120, " 1 Events 10,000,000   2 Sessions 1,000,000   3 Types   4 Boots 3   5 Coverage 40 "),
        (80, " 1 Events   2 Sessions   3 Types   4 Boots 3   5 Coverage "),
        (40, " 1   2   3   4 Boots 3   5 "),
    ],
)
async def test_the_panes_in_little_room(width: int, shown: str) -> None:
    app = _TopBarApp()
    async with app.run_test(size=(width, 10)):
        assert drawn(app.screen)[0].text.startswith(shown)


async def test_help_and_palette(browse: Browse, week: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("question_mark")
        await browsing.shows("This pane: Sessions", "Filter to the logon ID of this row.")
        await browsing.press("end")
        await browsing.shows("T marks a session", "The presence bar", "disconnected")
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
        assert offered == [f"{one.label}  ({one.shown_keys})" if one.keys else one.label for one in wanted]
        for command in wanted:
            assert command.help in [hit.help async for hit in provider.search(command.label)]
