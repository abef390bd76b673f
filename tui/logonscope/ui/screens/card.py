"""All about one user, source or machine: each line leads to its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.columns import Column
from logonscope.display import sanitise
from logonscope.facts.card_lines import CardLine, Lead, card_parts
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.terminal import draws_blocks
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.card import Card

_COLUMNS: tuple[Column[CardLine], ...] = (
    Column("Part", 10, 0, lambda line: ""),
    Column("What", 22, 0, lambda line: line.fact.name),
    Column("What is known", 30, 0, lambda line: _told(line), takes_rest=True),
)


class CardScreen(ListScreen[Lead]):
    """Lists what is known of a subject; closes with the rows of a line.

    Args:
        card: The card.
        is_loaded: Whether everything had been read when it was made.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("A", "close", "Close")]

    def __init__(self, card: Card, *, is_loaded: bool = True) -> None:
        super().__init__(
            f"{card.kind.capitalize()} {sanitise(card.name)}",
            _COLUMNS,
            heading=[] if is_loaded else ["Loading goes on: this is what is known from what is there so far."],
            keys="Enter its rows   y copy   Esc close   ↑ ↓ PgUp PgDn move",
        )
        self._parts = card_parts(card, blocks=draws_blocks())
        self._lines = [(part, line) for part in self._parts for line in part.lines]

    @property
    def row_count(self) -> int:
        """All lines of all parts."""
        return len(self._lines)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Lines as they are drawn; the first of a part bears its name."""
        return [
            TableRow((part.name if line is part.lines[0] else "", line.fact.name, _told(line)), line.tone)
            for part, line in self._lines[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A line under the heading of its part."""
        part, line = self._lines[position]
        name = f"{line.fact.name}: " if line.fact.name else ""
        return f"{part.heading}\n{name}{_told(line)}"

    def choice(self, position: int) -> Lead | None:
        """The rows that a line speaks of."""
        lead = self._lines[position][1].lead
        if lead is None:
            self.notify("No filter finds the rows of this line alone.", timeout=3)
        return lead


def _told(line: CardLine) -> str:
    return f"{line.fact.text} ({line.fact.meaning})" if line.fact.meaning else line.fact.text
