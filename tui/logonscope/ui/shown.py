"""What the main screen shows: pane, filter, orders, scope. A value; every action makes a new one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from logonscope.case.view import ORDERS, Scope, View
from logonscope.filters.syntax import clauses, parse
from logonscope.ui.panes import LISTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from logonscope.filters.terms import Node


@dataclass(frozen=True, slots=True)
class Order:
    """What a pane is sorted by."""

    name: str
    """A name of ``case.view.ORDERS``."""
    descending: bool = False


AROUND = (0, 5, 20)
"""How many events around each that fits can be shown."""


def _usual_orders() -> Mapping[str, Order]:
    usual = {name: Order(ORDERS[pane.target][0]) for name, pane in LISTS.items()}
    return usual | {"types": Order("type")}


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the filter."""

    text: str
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown."""

    pane: str = "events"
    filter_text: str = ""
    scope: Scope = Scope.STAYS
    off: tuple[tuple[int, str], ...] = ()
    """Parts of the filter that are turned off, with their places among all parts."""
    around: int = 0
    """How many events before and after each that fits are shown too."""
    orders: Mapping[str, Order] = field(default_factory=_usual_orders)
    """The order of each pane; never changed in place."""

    @property
    def filter(self) -> Node:
        """The filter as terms."""
        return parse(self.filter_text)

    def view(self, pane: str) -> View:
        """The list that a pane shows.

        Args:
            pane: One of ``LISTS``, or ``types``, which counts events.
        """
        name = pane if pane in LISTS else "events"
        order = self.orders[name]
        return View(LISTS[name].target, self.filter, order.name, order.descending, self.scope, self.around)

    def with_next_context(self) -> Shown:
        """Some rows around what fits, in the order of time; then more; then none."""
        around = AROUND[(AROUND.index(self.around) + 1) % len(AROUND)]
        usual = _usual_orders()["events"]
        if not around or self.orders["events"].name == usual.name:
            return replace(self, around=around)
        return replace(self, around=around, orders={**self.orders, "events": usual})

    def all_sessions(self) -> View:
        """All sessions under the present filter, the system's own included."""
        return View("session", self.filter, scope=Scope.ALL)

    def with_filter(self, text: str) -> Shown:
        """The same under another filter.

        Raises:
            FilterError: It cannot be understood.
        """
        parse(text)
        return replace(self, filter_text=text)

    @property
    def chips(self) -> tuple[Chip, ...]:
        """The parts of the filter, and those that are turned off."""
        chips = [Chip(text) for text in clauses(self.filter_text)]
        for place, text in self.off:
            chips.insert(place, Chip(text, is_on=False))
        return tuple(chips)

    def with_chips(self, chips: Sequence[Chip]) -> Shown:
        """The same under other parts of a filter."""
        off = tuple((place, chip.text) for place, chip in enumerate(chips) if not chip.is_on)
        return replace(self, filter_text=" ".join(chip.text for chip in chips if chip.is_on), off=off)

    def without_filter(self) -> Shown:
        """The same with nothing left out, and nothing kept that is turned off."""
        return replace(self, filter_text="", off=())

    def with_next_order(self, orders: Sequence[str]) -> Shown:
        """The present pane sorted by the next column.

        Args:
            orders: The orders of the columns that are drawn.
        """
        present = self.orders.get(self.pane)
        if present is None or not orders:
            return self
        place = orders.index(present.name) + 1 if present.name in orders else 0
        return self.ordered(replace(present, name=orders[place % len(orders)]))

    def reversed(self) -> Shown:
        """The present pane in the opposite order."""
        present = self.orders.get(self.pane)
        return self if present is None else self.ordered(replace(present, descending=not present.descending))

    def ordered(self, order: Order) -> Shown:
        """The present pane in another order."""
        return replace(self, orders={**self.orders, self.pane: order})

    def with_next_scope(self) -> Shown:
        """More of the sessions, and after all of them the stays alone again."""
        scopes = list(Scope)
        return replace(self, scope=scopes[(scopes.index(self.scope) + 1) % len(scopes)])
