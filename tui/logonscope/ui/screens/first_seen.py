"""Users, sources, logon types and machines that came together for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from logonscope.display import plural, sanitise
from logonscope.facts.first_seen import FIRST_SEEN_COLUMNS, FIRST_SEEN_SORTS, first_seen_line
from logonscope.ui.questions import Answered, Questions
from logonscope.ui.screens.list_screen import ListScreen
from logonscope.ui.widgets.row_list import TableRow
from logonscope.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.first_seen import FirstSeen

_ORDERS = tuple(column.order for column in FIRST_SEEN_COLUMNS)


class FirstSeenScreen(ListScreen["FirstSeen"]):
    """Lists combinations; closes with one.

    Args:
        found: The combinations, the latest first.
        chosen_by: The filter that their first logons fit, in words; empty for all.
        is_loaded: Whether everything had been read when they were asked for.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("W", "close", "Close"),
        Binding("o", "next_order", "Order"),
        Binding("O", "reverse", "Reverse"),
    ]

    def __init__(self, found: Sequence[FirstSeen], chosen_by: str = "", *, is_loaded: bool = True) -> None:
        heading = [] if is_loaded else ["Loading goes on: what looks new may be earlier in what is not read yet."]
        of = f" of which the first logon fits: {chosen_by}" if chosen_by else ""
        heading += [
            f"{plural(len(found), 'combination')}{of}. Earlier: how far the machine's Security log reaches back before"
            " it; what was never seen in two hours may be no news."
        ]
        super().__init__(
            "Seen for the first time",
            FIRST_SEEN_COLUMNS,
            heading=heading,
            keys="Enter its logons  o O order  y copy  Esc close  ↑ ↓ move",
            empty_text="No logon fits.",
        )
        self._found = found
        self._order, self._is_descending = _ORDERS[0], True
        self._questions = Questions(self)

    def on_mount(self) -> None:
        """Fill the list, the latest first."""
        super().on_mount()
        self._mark_order()

    @property
    def row_count(self) -> int:
        """All combinations."""
        return len(self._found)

    def rows(self, start: int, stop: int) -> Sequence[TableRow]:
        """Combinations as they are drawn; those with a new user or a new source stand out."""
        return [
            TableRow(
                tuple(column.text(first) for column in FIRST_SEEN_COLUMNS),
                "" if {"user", "source"} & {*first.new} else "muted",
            )
            for first in self._found[start:stop]
        ]

    def whole(self, position: int) -> str:
        """A combination as a sentence."""
        return first_seen_line(self._found[position])

    def choice(self, position: int) -> FirstSeen:
        """The combination."""
        return self._found[position]

    def action_next_order(self) -> None:
        """Sort by the next column."""
        self._order = _ORDERS[(_ORDERS.index(self._order) + 1) % len(_ORDERS)]
        self._sort()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._is_descending = not self._is_descending
        self._sort()

    def _sort(self) -> None:
        key, found, is_descending = FIRST_SEEN_SORTS[self._order], self._found, self._is_descending
        self._questions.ask(
            "sort", lambda asking: sorted(found, key=key, reverse=is_descending), self._list_sorted, self._fail
        )

    def _list_sorted(self, found: list[FirstSeen]) -> None:
        self._found = found
        self._mark_order()
        self.query_one(RowTable).show_rows(self.row_count, {}, 0)

    def _mark_order(self) -> None:
        self.query_one(RowTable).show_columns(FIRST_SEEN_COLUMNS, self._order, descending=self._is_descending)

    @on(Answered)
    def _deliver(self, event: Answered) -> None:
        event.stop()
        self._questions.deliver(event)

    def _fail(self, error: Exception) -> None:
        self.notify(sanitise(f"{type(error).__name__}: {error}"), severity="error", markup=False)
