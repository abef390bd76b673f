"""The first line: the panes with their counts, and what is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from logonscope.ui.panes import TITLES


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
        line = self._panes(self._titles())
        room = self.size.width - line.cell_len - 1
        if room > 8:
            case = Text(self.state.case, self.get_component_rich_style("top-bar--case"))
            case.truncate(room, overflow="ellipsis")
            line.append(" " * (room - case.cell_len))
            line.append_text(case)
        return line

    def _titles(self) -> dict[str, str]:
        """What is said of each pane: where there is little room, no counts, then only the numbers of the others."""
        counts, present = dict(self.state.counts), self.state.pane
        plain = {pane: f"{number} {title}" for number, (pane, title) in enumerate(TITLES.items(), 1)}
        full = {pane: f"{title} {counts.get(pane, '')}".rstrip() for pane, title in plain.items()}
        for titles in (full, plain | {present: full[present]}):
            if sum(len(title) + 2 for title in titles.values()) <= self.size.width:
                return titles
        return {pane: full[pane] if pane == present else title[0] for pane, title in plain.items()}

    def _panes(self, titles: dict[str, str]) -> Text:
        line = Text(no_wrap=True, overflow="ellipsis")
        for pane, title in titles.items():
            style = self.get_component_rich_style("top-bar--current") if pane == self.state.pane else ""
            line.append(f" {title} ", style)
        return line
