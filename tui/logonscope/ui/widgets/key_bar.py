"""The last lines: the keys that do something here and now."""

from __future__ import annotations

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from logonscope.ui.commands import COMMANDS, Command

_MOST_LINES = 2


class KeyBar(Widget):
    """Keys and one word each, in as many lines as they need, two at the most."""

    DEFAULT_CSS = """
    KeyBar { height: auto; max-height: 2; background: $panel; }
    KeyBar > .key-bar--key { text-style: bold; color: $accent; }
    """
    COMPONENT_CLASSES = {"key-bar--key"}  # noqa: RUF012 - as Textual declares it

    pane: reactive[str] = reactive("sessions", layout=True)
    loading_case: reactive[bool] = reactive(True, layout=True)

    def render(self) -> Text:
        """The keys, wrapped by hand: a key and its word stay together."""
        style = self.get_component_rich_style("key-bar--key")
        lines, used = Text(), 0
        for command in self._shown():
            entry = Text.assemble((f" {command.keys_in_footer}", style), f" {command.label}")
            if used and used + entry.cell_len > self.size.width:
                if lines.plain.count("\n") + 1 == _MOST_LINES:
                    break
                lines.append("\n")
                used = 0
            lines.append_text(entry)
            used += entry.cell_len
        return lines

    def _shown(self) -> list[Command]:
        shown = [command for command in COMMANDS if command.footer and self.pane in command.panes]
        if self.loading_case:
            shown.insert(0, next(command for command in COMMANDS if command.id == "stop"))
        return shown
