"""The first line: the panes with their counts, and what is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

_TITLES = {"events": "Events", "sessions": "Sessions", "types": "Types"}


@dataclass(frozen=True, slots=True)
class TopState:
    """What the line says."""

    pane: str = "sessions"
    counts: tuple[tuple[str, str], ...] = ()
    """Pane and the count to show with it."""
    case: str = ""
    """Machines and files, sanitised."""


class TopBar(Widget):
    """Panes on the left, the case on the right."""

    DEFAULT_CSS = """
    TopBar { height: 1; background: $panel; }
    TopBar > .top-bar--current { text-style: reverse bold; }
    TopBar > .top-bar--case { color: $text-muted; }
    """
    COMPONENT_CLASSES = {"top-bar--current", "top-bar--case"}  # noqa: RUF012 - as Textual declares it

    state: reactive[TopState] = reactive(TopState())

    def render(self) -> Text:
        """The line."""
        counts = dict(self.state.counts)
        line = Text(no_wrap=True, overflow="ellipsis")
        for number, (pane, title) in enumerate(_TITLES.items(), 1):
            count = counts.get(pane, "")
            style = self.get_component_rich_style("top-bar--current") if pane == self.state.pane else ""
            line.append(f" {number} {title}{' ' + count if count else ''} ", style)
            line.append(" ")
        room = self.size.width - line.cell_len - 1
        if room > 8:
            case = Text(self.state.case, self.get_component_rich_style("top-bar--case"))
            case.truncate(room, overflow="ellipsis")
            line.append(" " * (room - case.cell_len))
            line.append_text(case)
        return line
