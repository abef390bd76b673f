"""Who was on at one moment: stays, overlaps, what the machines' logs cover, contacts, tasks and services."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.display import time_text
from logonscope.facts.roll_call import ROLL_CALL_COLUMNS, RollCallLine, roll_call, sentence, summary
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.model import Who


class WhoScreen(ListScreen[RollCallLine]):
    """Lists who was on; closes with the line of a session or of a machine.

    Args:
        who: The answer.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("w", "close", "Close")]

    def __init__(self, who: Who) -> None:
        super().__init__(
            f"Who was on at {time_text(who.at, seconds_only=not who.at.microsecond)} UTC",
            ROLL_CALL_COLUMNS,
            heading=summary(who),
            keys="Enter go to it   y copy   Esc close   ↑ ↓ PgUp PgDn move",
            empty_text="No machine is known yet.",
        )
        self._lines = roll_call(who)

    @property
    def row_count(self) -> int:
        """All lines."""
        return len(self._lines)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Lines as they are drawn."""
        return [
            TableRow(tuple(column.text(line) for column in ROLL_CALL_COLUMNS), line.tone)
            for line in self._lines[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A line as a sentence."""
        return sentence(self._lines[position])

    def choice(self, position: int) -> RollCallLine | None:
        """The line, where there is a session or a machine to go to."""
        line = self._lines[position]
        return line if line.session or line.machine else None
