"""Users, sources, logon types and machines that came together for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from logonscope.display import plural
from logonscope.facts.first_seen import FIRST_SEEN_COLUMNS, FIRST_SEEN_SORTS, first_seen_line
from logonscope.ui.screens.sorted_list import SortedList
from logonscope.ui.widgets.row_list import TableRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.case.first_seen import FirstSeen


class FirstSeenScreen(SortedList["FirstSeen"]):
    """Lists combinations; closes with one.

    Args:
        found: The combinations, the latest first.
        export: Writes combinations to a file, after asking for it.
        chosen_by: The filter that their first logons fit, in words; empty for all.
        is_loaded: Whether everything had been read when they were asked for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("W", "close", "Close"), Binding("X", "export", "Export")]

    def __init__(
        self,
        found: Sequence[FirstSeen],
        export: Callable[[Sequence[FirstSeen]], None],
        chosen_by: str = "",
        *,
        is_loaded: bool = True,
    ) -> None:
        heading = [] if is_loaded else ["Loading goes on: what looks new may be earlier in what is not read yet."]
        of = f" of which the first logon fits: {chosen_by}" if chosen_by else ""
        heading += [
            f"{plural(len(found), 'combination')}{of}. Earlier: how far the machine's Security log reaches back before"
            " it; what was never seen in two hours may be no news."
        ]
        super().__init__(
            "Seen for the first time",
            FIRST_SEEN_COLUMNS,
            FIRST_SEEN_SORTS,
            found,
            heading=heading,
            keys="Enter its logons  o O order  y copy  X export  Esc close  ↑ ↓ move",
            empty_text="No logon fits.",
        )
        self._export = export

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Combinations as they are drawn; those with a new user or a new source stand out."""
        return [
            TableRow(
                tuple(column.text(first) for column in FIRST_SEEN_COLUMNS),
                "" if {"user", "source"} & {*first.new} else "muted",
            )
            for first in self.items[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A combination as a sentence."""
        return first_seen_line(self.items[position])

    def action_export(self) -> None:
        """Export them in the order in which they are listed."""
        self._export(self.items)
