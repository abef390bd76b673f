"""How soon a list comes in another order, and how soon a query that nobody wants any more ends: first_pages.py STORE.

In the process itself, without a terminal, on the store that big_case.py leaves in a folder.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from keys_while_loading import spread
from logonscope.case.view import ORDERS, View
from logonscope.errors import QueryCancelledError
from logonscope.filters.syntax import parse
from logonscope.ui.panes import LISTS
from logonscope.ui.widgets.row_list import PAGE_ROWS
from made_case import MadeCase

if TYPE_CHECKING:
    from logonscope.case.case import Case

SLOW = View("event", order="what")
INTERRUPTS = 20
FIRST_ROWS = 2_000
"""As many as a list asks for first."""


def main(made: str) -> None:
    """Print what was measured."""
    with MadeCase([Path(made)]) as case:
        case.load()
        for pane in ("events", "sessions"):
            for filter_text in ("", "type:3"):
                tell_orders(case, pane, filter_text)
        ends = [interrupted(case) for _ in range(INTERRUPTS)]
        print(f"a superseded query ends after the next key: {spread(ends)}")


def tell_orders(case: Case, pane: str, filter_text: str) -> None:
    """Sort a list by each column, either way."""
    for what, most in (("first rows", FIRST_ROWS), ("all rows", None)):
        slowest: dict[str, float] = {}
        for order in ORDERS[LISTS[pane].target]:
            for descending in (False, True):
                took = sorted_page(case, pane, View(LISTS[pane].target, parse(filter_text), order, descending), most)
                slowest[order] = max(took, slowest.get(order, 0))
        told = ", ".join(f"{order} {took:.0f}" for order, took in sorted(slowest.items(), key=lambda one: -one[1]))
        print(f"{pane} {filter_text or 'all'}: {what} in each order, ms: {told}", flush=True)


def sorted_page(case: Case, pane: str, view: View, most: int | None) -> float:
    """Milliseconds until the first pages of a list are there."""
    began = monotonic()
    window = case.window(view, most=most)
    LISTS[pane].pages(case, window, range(min(2, -(-window.count // PAGE_ROWS))))
    return 1000 * (monotonic() - began)


def interrupted(case: Case) -> float:
    """Milliseconds from the interrupt of a slow query to its end."""
    ended = 0.0

    def ask() -> None:
        nonlocal ended
        try:
            case.window(SLOW, case.cursor(interrupts.append))
        except QueryCancelledError:
            ended = monotonic()

    interrupts: list[object] = []
    thread = threading.Thread(target=ask)
    thread.start()
    sleep(0.05)
    began = monotonic()
    interrupts[0]()  # type: ignore[operator]
    thread.join()
    if not ended:
        raise RuntimeError("the query was done before it could be interrupted")
    return 1000 * (ended - began)


if __name__ == "__main__":
    main(sys.argv[1])
