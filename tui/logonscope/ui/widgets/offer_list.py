"""What the word being typed may become, over the table and without its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from logonscope.display import sanitise

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from logonscope.filters.complete import Offer

_MOST_LINES = 8
_LINES_ABOVE = 4
"""The top line and the filter bar: on a very small screen nothing is offered over them."""
_COUNT_WIDTH = 9
_WIDTH = 62


class OfferList(Widget):
    """Some lines to choose from; one of them may be marked."""

    DEFAULT_CSS = """
    OfferList {
        overlay: screen;
        constrain: none inside;
        width: 62;
        height: auto;
        display: none;
        background: $panel;
    }
    OfferList > .offer-list--chosen { text-style: reverse; }
    OfferList > .offer-list--words { color: $text-muted; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"offer-list--chosen", "offer-list--words"}

    offers: reactive[tuple[Offer, ...]] = reactive((), layout=True)
    chosen: reactive[int | None] = reactive(None)

    @dataclass
    class Clicked(Message):
        """One was chosen with the mouse."""

        position: int

    def watch_offers(self) -> None:
        """Show them from the top."""
        self.chosen = None
        self.fit()

    def fit(self) -> None:
        """Show them if there is something to choose, and room for it."""
        self.display = bool(self.offers) and self._room() > 0

    def _room(self) -> int:
        return min(_MOST_LINES, self.screen.size.height - _LINES_ABOVE - 1) if self.is_attached else 0

    def move(self, lines: int) -> None:
        """Mark another one; above the first none is marked."""
        place = (-1 if self.chosen is None else self.chosen) + lines
        self.chosen = None if place < 0 else min(place, len(self.offers) - 1)

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose."""
        return bool(self.display and self.offers)

    @property
    def first_line(self) -> int:
        """The offer on the first line."""
        return max(0, (self.chosen or 0) - self._room() + 1)

    def render(self) -> Text:
        """The lines."""
        width = self.size.width or _WIDTH
        positions = range(self.first_line, min(len(self.offers), self.first_line + self._room()))
        return Text("\n").join(self._line(self.offers[p], width, is_chosen=p == self.chosen) for p in positions)

    def _line(self, offer: Offer, width: int, *, is_chosen: bool) -> Text:
        count = "" if offer.count is None else f"{offer.count:,}"
        room = width - _COUNT_WIDTH - 3
        named = sanitise(offer.text)
        words = f"  {sanitise(offer.words)}" if offer.words else ""
        line = Text("> " if is_chosen else "  ", no_wrap=True, overflow="ellipsis")
        line.append(set_cell_size(named, min(cell_len(named), room)))
        line.append(set_cell_size(words, max(0, room - cell_len(named))), self._words_style())
        line.append(f" {count:>{_COUNT_WIDTH}}")
        if is_chosen:
            line.stylize(self.get_component_rich_style("offer-list--chosen"))
        return line

    def _words_style(self) -> Style:
        return self.get_component_rich_style("offer-list--words")

    def on_click(self, event: events.Click) -> None:
        """Choose a line."""
        position = self.first_line + event.y
        if position < len(self.offers):
            self.post_message(self.Clicked(position))
