"""What is known of the row under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

from logonscope.facts.timeline import Timeline
from logonscope.ui.terminal import draws_blocks
from logonscope.ui.widgets.presence_bar import presence_text

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from logonscope.model import Fact


class DetailPane(VerticalScroll, can_focus=True):
    """Scrolls with the arrow keys when it has the focus."""

    DEFAULT_CSS = """
    DetailPane { padding: 0 1; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    """

    facts: reactive[tuple[Fact, ...]] = reactive(())

    def compose(self) -> ComposeResult:
        """The text inside."""
        yield Static(id="detail-text", markup=False)

    def watch_facts(self) -> None:
        """Draw other facts."""
        if self.is_mounted:
            self._draw()
            self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Draw a time line as wide as there is room."""
        if any(isinstance(fact, Timeline) for fact in self.facts):
            self._draw()

    def _draw(self) -> None:
        self.query_one("#detail-text", Static).update(_text(self.facts, self.scrollable_content_region.width))


def _text(facts: tuple[Fact, ...], width: int) -> Text:
    text = Text()
    for fact in facts:
        if isinstance(fact, Timeline):
            text.append_text(presence_text(fact, width, blocks=draws_blocks()))
            continue
        if fact.heading:
            text.append(f"{fact.text}\n", "bold underline")
            continue
        if fact.name:
            text.append(f"{fact.name}: ", "bold")
        text.append(fact.text)
        if fact.meaning:
            text.append(f"  = {fact.meaning}", "italic")
        text.append("\n")
    return text
