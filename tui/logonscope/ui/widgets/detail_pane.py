"""What is known of the row under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.reactive import reactive
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from logonscope.model import Fact


class DetailPane(VerticalScroll, can_focus=True):
    """Scrolls with the arrow keys when it has the focus."""

    DEFAULT_CSS = """
    DetailPane { padding: 0 1; scrollbar-size-vertical: 1; }
    """

    facts: reactive[tuple[Fact, ...]] = reactive(())

    def compose(self) -> ComposeResult:
        """The text inside."""
        yield Static(id="detail-text", markup=False)

    def watch_facts(self, facts: tuple[Fact, ...]) -> None:
        """Draw other facts."""
        if self.is_mounted:
            self.query_one("#detail-text", Static).update(_text(facts))
            self.scroll_home(animate=False)


def _text(facts: tuple[Fact, ...]) -> Text:
    text = Text()
    for fact in facts:
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
