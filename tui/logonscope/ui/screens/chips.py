"""The parts of the filter in a list: turned off and on, removed, edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.columns import Column
from logonscope.display import sanitise
from logonscope.errors import FilterError
from logonscope.filters.describe import describe
from logonscope.filters.syntax import parse
from logonscope.ui.screens.browser import Browser
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.shown import Chip
from logonscope.ui.widgets.row_list import TableRow
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_COLUMNS: tuple[Column[Chip], ...] = (
    Column("", 3, 0, lambda chip: "on" if chip.is_on else "off"),
    Column("Filter", 30, 0, lambda chip: sanitise(chip.text), takes_rest=True),
    Column("In words", 30, 1, lambda chip: chip_words(chip)),
)


def chip_words(chip: Chip) -> str:
    """What a part of the filter says."""
    try:
        return sanitise(describe(parse(chip.text)))
    except FilterError as error:
        return sanitise(error.message)


class ChipsScreen(ListScreen[int]):
    """Lists the chips; closes with the number of the one to edit.

    Args:
        chips: The parts of the filter.
        changed: Gets them whenever one is turned or removed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "turn", "Off or on", priority=True),
        Binding("delete,backspace", "remove", "Remove", priority=True),
        Binding("C", "close", "Close"),
    ]

    def __init__(self, chips: Sequence[Chip], changed: Callable[[Sequence[Chip]], None]) -> None:
        super().__init__(
            "The parts of the filter: all that are on must fit",
            _COLUMNS,
            keys="Space off/on   Delete remove   Enter edit   Esc close   ↑ ↓ move",
            empty_text="There is no filter. Press / to type one, or + - = on a cell.",
        )
        self._chips = list(chips)
        self._changed = changed

    @property
    def row_count(self) -> int:
        """All chips."""
        return len(self._chips)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Chips as they are drawn."""
        return [
            TableRow(tuple(column.text(chip) for column in _COLUMNS), "" if chip.is_on else "muted")
            for chip in self._chips[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A chip, and what it says."""
        chip = self._chips[position]
        return f"{sanitise(chip.text)}\n{chip_words(chip)}{'' if chip.is_on else ' (turned off)'}"

    def choice(self, position: int) -> int | None:
        """The chip to edit."""
        return position

    def action_turn(self) -> None:
        """Turn the chip under the cursor off or on."""
        place = self.position
        if place is not None:
            chip = self._chips[place]
            self._chips[place] = Chip(chip.text, not chip.is_on)
            self._show()

    def action_remove(self) -> None:
        """Remove the chip under the cursor."""
        place = self.position
        if place is not None:
            del self._chips[place]
            self._show()

    def _show(self) -> None:
        self.query_one(RowTable).show_rows(self.row_count, {})
        self._changed(tuple(self._chips))


class Chipping(Browser):
    """Opens the list of chips."""

    def action_show_chips(self) -> None:
        """List the parts of the filter."""
        self.app.push_screen(ChipsScreen(self.shown.chips, self._use_chips), self._edit_chip)

    def _use_chips(self, chips: Sequence[Chip]) -> None:
        self.change(self.shown.with_chips(chips), keep=self.current_id)

    def _edit_chip(self, place: int | None) -> None:
        if place is None:
            return
        chips = list(self.shown.chips)
        chips[place] = Chip(chips[place].text)
        self._use_chips(chips)
        before = [chip.text for chip in chips[: place + 1] if chip.is_on]
        self.filter_bar.edit(self.shown.filter_text, len(" ".join(before)))
