"""What is offered while a filter is typed: names of fields and groups at once, values when they are counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from logonscope.errors import FilterError
from logonscope.filters.complete import Offer, Spot, name_offers, spot_at
from logonscope.filters.quotes import quoted
from logonscope.ui.panes import LISTS
from logonscope.ui.screens.browser import Browser
from logonscope.ui.widgets.filter_bar import FilterBar

if TYPE_CHECKING:
    from logonscope.case.facets import ValueCounts
    from logonscope.ui.questions import Asking

_REST = 0.15
"""Seconds without a key before values are counted."""
_MOST_OFFERS = 200


class Completing(Browser):
    """Offers completions, and puts in what is chosen."""

    _spot: Spot | None = None
    _asked = 0

    @on(FilterBar.Typed)
    def _offer(self, event: FilterBar.Typed) -> None:
        self._asked += 1
        text = self.filter_bar.entry.value
        spot = None if event.is_chosen else spot_at(text, event.cursor)
        same_field = spot and self._spot and (spot.field, spot.start) == (self._spot.field, self._spot.start)
        self._spot = spot
        if spot is None:
            self.filter_bar.offers.offers = ()
        elif not spot.field:
            self.filter_bar.offers.offers = tuple(name_offers(spot.typed))
        else:
            if not same_field:
                self.filter_bar.offers.offers = ()
            asked = self._asked
            self.set_timer(_REST, lambda: self._count_values(spot) if asked == self._asked else None)

    def _count_values(self, spot: Spot) -> None:
        case = self.case
        if case is None or not self.filter_bar.is_editing:
            return
        pane = self.shown.pane if self.shown.pane in LISTS else "events"
        view = replace(self.shown, filter_text=spot.others).view(pane)
        asked = self._asked

        def question(asking: Asking) -> ValueCounts:
            cursor = case.cursor(asking.on_cursor)
            return case.value_counts(spot.field, view, cursor, containing=spot.typed, limit=_MOST_OFFERS)

        def use(found: ValueCounts) -> None:
            if self.filter_bar.is_editing and asked == self._asked:
                self.filter_bar.offers.offers = tuple(
                    Offer(quoted(entry.value), entry.words, entry.count) for entry in found.values
                )

        def failed(error: Exception) -> None:
            # A wrong value elsewhere in the filter is marked already.
            if not isinstance(error, FilterError):
                self.show_error(error)

        self.questions.ask("offers", question, use, failed)

    def drop_offers(self) -> None:
        """Let values be counted no longer."""
        self._asked += 1
        self.questions.drop("offers")

    @on(FilterBar.Taken)
    def _take(self, event: FilterBar.Taken) -> None:
        bar, spot = self.filter_bar, self._spot
        if spot is None or event.position >= len(bar.offers.offers):
            return
        chosen = bar.offers.offers[event.position].text
        text = f"{bar.entry.value[: spot.start]}{chosen}{bar.entry.value[spot.stop :]}"
        cursor = spot.start + len(chosen)
        if chosen.endswith(":"):
            bar.entry.value = text
            bar.entry.cursor_position = cursor
        else:
            bar.put(text, cursor)
