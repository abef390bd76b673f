"""How soon filters, jumps, orders and searches are answered in a case of millions of events: filter_cost.py [EVENTS].

On a made store, in the process itself. Milliseconds: median, 95th percentile, worst of some questions of each kind.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from logonscope.case.jumps import row_at
from logonscope.case.view import ORDERS, View
from logonscope.filters.syntax import parse
from made_case import MadeCase
from synthetic_store import BEGINS, make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logonscope.case.case import Case

EVENTS = 1_000_000
INDEXED = [
    *(f"user:user{n}" for n in range(100, 110)),
    *(f"ip:10.1.{n}.{n}" for n in range(1, 6)),
    *("event:4625", "event:4634", "type:10", "type:3", "is:failure", "-type:3"),
    *(f"user:user{n}* type:3 -event:4634" for n in range(1, 6)),
]
NOWHERE = "nothing-is-called-this"
SEARCHES = 3
JUMPS = 20
PAGE_ROWS = 50
FIRST_ROWS = 2_000
"""As many as a list asks for first."""


def questions(case: Case) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """What is asked, by kind."""
    views = [View("event", parse(text)) for text in INDEXED]
    yield "count", [lambda view=view: case.count(view) for view in views]  # type: ignore[misc]
    yield "first page", [lambda view=view: first_page(case, view) for view in views]  # type: ignore[misc]
    begins = BEGINS.replace(tzinfo=None)
    moments = [begins + timedelta(days=360 * n / JUMPS) for n in range(JUMPS)]
    con, everything = case.cursor(), View("event")
    yield "jump", [lambda at=at: row_at(con, everything, case.lookup(), at) for at in moments]  # type: ignore[misc]
    orders = [View("event", order=order, descending=True) for order in ORDERS["event"]]
    yield "order", [lambda view=view: case.window(view) for view in orders]  # type: ignore[misc]
    missing = View("event", parse(NOWHERE))
    yield "text", [lambda: case.count(missing)] * SEARCHES


def first_page(case: Case, view: View) -> None:
    """List, and fetch what a screen shows."""
    window = case.window(view, most=FIRST_ROWS)
    case.events(window.page(0, min(window.count, PAGE_ROWS)))


def milliseconds(ask: Callable[[], object]) -> float:
    """How long an answer takes."""
    began = perf_counter()
    ask()
    return 1000 * (perf_counter() - began)


def answers(events: int) -> Iterator[tuple[str, float, float, float]]:
    """Kind, median, 95th percentile and worst, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "case.duckdb"
        make(made, events)
        with MadeCase([made], work_parent=Path(folder)) as case:
            case.load()
            for kind, asked in questions(case):
                took = [milliseconds(ask) for ask in asked]
                p95 = statistics.quantiles(took, n=20, method="inclusive")[-1]
                yield kind, statistics.median(took), p95, max(took)


def main(events: int = EVENTS) -> None:
    """Print a line for each kind."""
    for kind, median, p95, worst in answers(events):
        print(f"{kind:<11} median {median:8.1f} ms, p95 {p95:8.1f}, worst {worst:8.1f}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
