"""What is known of the row under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from logonscope.facts.timeline import Timeline
from logonscope.ui.terminal import draws_blocks
from logonscope.ui.widgets.drawn_text import selected_text, with_span
from logonscope.ui.widgets.presence_bar import presence_text

if TYPE_CHECKING:
    from textual.selection import Selection

    from logonscope.model import Fact


class DetailPane(ScrollView, can_focus=True):
    """Scrolls with the arrow keys when it has the focus.

    It draws its lines itself: a text of its own inside would have the whole screen laid out, and much of it written
    again, whenever the cursor comes to rest.
    """

    DEFAULT_CSS = """
    DetailPane { padding: 0 1; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """

    facts: reactive[tuple[Fact, ...]] = reactive(())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Text] = []
        self._width = 0

    def watch_facts(self) -> None:
        """Draw other facts."""
        if self.is_mounted:
            self._fold()
            self.scroll_home(animate=False)

    def on_resize(self) -> None:
        """Fold the text anew where there is more room, or less."""
        if self._width != self.scrollable_content_region.width:
            self._fold()

    def _fold(self) -> None:
        self._width = width = self.scrollable_content_region.width
        self._lines = list(_text(self.facts, width).wrap(self.app.console, width)) if width > 0 else []
        for line in self._lines:
            line.rstrip()
        # Set as usual, the size would have the whole screen laid out.
        self.set_reactive(DetailPane.virtual_size, Size(width, len(self._lines)))
        self.vertical_scrollbar.window_virtual_size = len(self._lines)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the text."""
        number = y + self.scroll_offset.y
        if number >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        strip = Strip(self._lines[number].render(self.app.console)).adjust_cell_length(self._width)
        strip = strip.apply_style(self.rich_style).apply_offsets(0, number)
        if self.text_selection is None or (span := self.text_selection.get_span(number)) is None:
            return strip
        return with_span(strip, span, self.screen.get_component_rich_style("screen--selection"))

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw other text as selected."""
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str]:
        """The text that is selected with the mouse, as it is drawn, and what ends it."""
        last = len(self._lines) - 1
        return selected_text(
            selection, lambda number: self._lines[number].plain if number <= last else None, 0, last
        ), "\n"


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
