"""The last lines: the keys that do something here and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from logonscope.ui.commands import COMMANDS, Command
from logonscope.ui.panes import TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.geometry import Size

_MOST_LINES = 2
_ALWAYS = ("stop", "help", "quit")
"""Commands that stay where there is little room: the help tells the others."""


class KeyBar(Widget):
    """Keys and one word each, in as many lines as they need, two at the most."""

    DEFAULT_CSS = """
    KeyBar { height: auto; max-height: 2; background: $panel; }
    KeyBar > .key-bar--key { text-style: bold; color: $accent; }
    """
    COMPONENT_CLASSES = {"key-bar--key"}  # noqa: RUF012 - as Textual declares it

    def __init__(self, commands: Sequence[Command] = COMMANDS) -> None:
        super().__init__()
        self._commands = commands

    pane: reactive[str] = reactive("sessions")
    loading_case: reactive[bool] = reactive(True, layout=True)

    def render(self) -> Text:
        """The keys."""
        return self._lines(self.pane, self.size.width)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the keys of any pane need, so that going to another pane moves nothing."""
        return max(self._lines(pane, width).plain.count("\n") + 1 for pane in TITLES)

    def _lines(self, pane: str, width: int) -> Text:
        """The keys, wrapped by hand: a key and its word stay together."""
        shown = self._shown(pane)
        lines = self._wrapped(shown, width)
        for command in reversed([command for command in shown if command.id not in _ALWAYS]):
            if lines.plain.count("\n") < _MOST_LINES:
                break
            shown.remove(command)
            lines = self._wrapped(shown, width)
        return lines

    def _wrapped(self, shown: list[Command], width: int) -> Text:
        style = self.get_component_rich_style("key-bar--key")
        lines, used = Text(), 0
        for command in shown:
            entry = Text.assemble((f" {command.keys_in_footer}", style), f" {command.label}")
            if used and used + entry.cell_len > width:
                lines.append("\n")
                used = 0
            lines.append_text(entry)
            used += entry.cell_len
        return lines

    def _shown(self, pane: str) -> list[Command]:
        shown = [one for one in self._commands if one.footer and one.keys and pane in one.panes]
        if self.loading_case:
            shown = [*(one for one in self._commands if one.id == "stop" and one.keys), *shown]
        return shown
