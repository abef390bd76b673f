"""What the main screen shows: pane, filter, orders, scope. A value; every action makes a new one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from logonscope.case.view import ORDERS, Scope, Target, View
from logonscope.filters.syntax import parse

if TYPE_CHECKING:
    from logonscope.filters.terms import Node

TARGETS: dict[str, Target] = {"events": "event", "sessions": "session"}
"""Pane to what it lists."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown."""

    pane: str = "events"
    filter_text: str = ""
    scope: Scope = Scope.STAYS
    event_order: str = "time"
    event_descending: bool = False
    session_order: str = "start"
    session_descending: bool = False

    @property
    def filter(self) -> Node:
        """The filter as terms."""
        return parse(self.filter_text)

    def view(self, pane: str) -> View:
        """The list that a pane shows.

        Args:
            pane: ``events``, ``sessions``, or ``types``, which counts events.
        """
        if TARGETS.get(pane) == "session":
            return View("session", self.filter, self.session_order, self.session_descending, self.scope)
        return View("event", self.filter, self.event_order, self.event_descending)

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

    def order(self) -> tuple[str, bool]:
        """The order of the present pane, and whether it is turned round."""
        if self.pane == "sessions":
            return self.session_order, self.session_descending
        return self.event_order, self.event_descending

    def with_next_order(self) -> Shown:
        """The present pane sorted by the next column."""
        target = TARGETS.get(self.pane)
        if target is None:
            return self
        orders = ORDERS[target]
        present, _ = self.order()
        following = orders[(orders.index(present) + 1) % len(orders)]
        if target == "event":
            return replace(self, event_order=following)
        return replace(self, session_order=following)

    def reversed(self) -> Shown:
        """The present pane in the opposite order."""
        if self.pane == "sessions":
            return replace(self, session_descending=not self.session_descending)
        return replace(self, event_descending=not self.event_descending)

    def with_next_scope(self) -> Shown:
        """More of the sessions, and after all of them the stays alone again."""
        scopes = list(Scope)
        return replace(self, scope=scopes[(scopes.index(self.scope) + 1) % len(scopes)])
