"""How soon a large lake is open and answers: big_lake.py LAKE, one that made_lake.py made.

In the process itself, as the screens ask: seconds and CPU seconds of opening; of a first page (its rows and 50 of them
drawn), the median, the 95th percentile and the worst of many filters; of the rest of a long list, of counting, and of a
page of a machine opened alone. Then the peak of the memory.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.filters.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FIRST, MOST, PAGE = 2_000, 500_000, 50
KINDS = ("event:4625", "event:4634", "type:10", "-type:3", "is:failure", "event:4688")
FILTERS = {
    "events, all": [""] * 5,
    "events by a kind": KINDS,
    "events of a machine": [f"machine:G{n}-SRV00{n % 10}" for n in range(0, 90, 9)],
    "events of a machine and a kind": [f"machine:G{n}-SRV00{n % 10} is:failure" for n in range(0, 90, 9)],
    "events of a time": [f"time:2026-{month:02}-02..2026-{month:02}-05 type:3" for month in range(1, 12)],
    "events of a user": [f"user:user{n}" for n in range(100, 110)],
    "events of an address": [f"ip:10.1.{n}.{n}" for n in range(1, 7)],
}
STAYS = ["", "", *(f"machine:G{n}-SRV00{n % 10}" for n in range(0, 90, 9)), *(f"user:user{n}" for n in range(100, 105))]


def main(folder: Path) -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as work:
        began, cpu = perf_counter(), process_time()
        with Case([folder], work_parent=Path(work)) as case:
            case.load()
            took = perf_counter() - began, process_time() - cpu
            records = sum(machine.records for machine in case.overview())
            print(f"{records:,} events, {len(case.overview()):,} machines; load {os.getloadavg()[0]:.1f}")
            print(f"opened in {took[0]:.2f} s, {took[1]:.2f} CPU s, {_peak()}")
            for name, texts in FILTERS.items():
                tell(f"first page, {name}", [lambda text=text: first_page(case, "event", text) for text in texts])  # type: ignore[misc]
            tell("first page, stays", [lambda text=text: first_page(case, "session", text) for text in STAYS])  # type: ignore[misc]
            print(_peak())
            tell("first page, newest first", [lambda: case.window(View("event", descending=True), most=FIRST)] * 5)
            tell(f"the first {MOST:,} events", [lambda: case.window(View("event"), most=MOST)] * 2)
            rows = case.window(View("event"), most=MOST)
            places = range(0, rows.count, max(rows.count // 10, 1))
            tell("a page of these", [lambda at=at: case.events(rows.page(at, at + PAGE)) for at in places])  # type: ignore[misc]
            tell("count of all", [lambda: case.count(View("event"))] * 3)
            tell("count of a filter", [lambda text=text: case.count(View("event", parse(text))) for text in KINDS])  # type: ignore[misc]
            tell("order by user", [lambda: case.window(View("event", order="user"), most=FIRST)])
            print(_peak())


def first_page(case: Case, target: str, text: str) -> None:
    """List, and fetch what a screen shows."""
    window = case.window(View(target, parse(text), scope=Scope.STAYS), most=FIRST)  # type: ignore[arg-type]
    fetch = case.events if target == "event" else case.sessions
    fetch(window.page(0, PAGE))


def tell(name: str, questions: Iterable[Callable[[], object]]) -> None:
    """Ask, and print how long it took."""
    times, cpu = [], []
    for question in questions:
        began, used = perf_counter(), process_time()
        question()
        times.append(perf_counter() - began)
        cpu.append(process_time() - used)
    times.sort()
    late = times[min(len(times) - 1, int(0.95 * len(times)))]
    told = f"{statistics.median(times):.2f} s, p95 {late:.2f}, worst {times[-1]:.2f}"
    print(f"{name}: {told}; CPU {statistics.median(cpu):.2f}", flush=True)


def _peak() -> str:
    return f"peak RSS {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
