"""How load, memory, rebuild and filters grow with a log, and their part of RESULTS.md: growth.py [EVENTS ...].

Each size is a log grown from a real one and loaded in a process of its own, which is then asked: 0.1, 1, 3 and 10
million events unless told. The largest needs 8 GB in the temporary folder for the log, and 2 GB for the case.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from big_log import big_log
from results_part import write_part
from speed import EVENTS_PER_MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from logonscope.case.case import Case
    from logonscope.model import LoadProgress

SIZES = [100_000, 1_000_000, 3_000_000, 10_000_000]
FILTERS = ("event:4625", "event:4634", "type:10", "type:3", "is:failure", "is:remote", "-type:5", "type:5 -event:4634")
NOWHERE = '"nothing is called this"'
WORDS = ("svchost.exe", "consent.exe", "S-1-5-20", "lsass", "0x3e7", "Kerberos")
"""What the log's EventData holds, often and seldom."""
FIRST_ROWS = 2_000
"""As many as a list asks for first."""
JUMPS, TEXTS, PAGE_ROWS = 20, 3, 50
MILLION = 1e6
CHARTS = {
    "seconds of the load, of which the rebuild": ("load s", "rebuild s"),
    "peak RSS of the writing process, MB": ("RSS MB",),
    "95th percentile of a count and a first page, ms": ("count ms", "page ms"),
}


def ask(path: Path) -> dict[str, float]:
    """Load a log, ask its case, and tell what each took, by the columns of the table."""
    from logonscope.case.case import Case

    with tempfile.TemporaryDirectory() as work, Case([path], work_parent=Path(work)) as case:
        stages: dict[str, float] = {}

        def note(progress: LoadProgress) -> None:
            stages.setdefault(progress.stage, perf_counter())

        began = perf_counter()
        case.load(report=note)
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        found = {
            "events": float(sum(source.records for source in case.sources)),
            "MB": path.stat().st_size / MILLION,
            "load s": stages["done"] - began,
            "CPU s": sum(part.ru_utime + part.ru_stime for part in used),
            "rebuild s": stages["done"] - stages["sessions"],
            "RSS MB": used[0].ru_maxrss / 1024,
            "case MB": sum(file.stat().st_size for file in Path(work).rglob("case.duckdb")) / MILLION,
        }
        return found | {kind: worst_of(questions) for kind, questions in asked(case)}


def asked(case: Case) -> Iterator[tuple[str, list[Callable[[], object]]]]:
    """What is asked, by the column that tells of it."""
    from logonscope.case.jumps import row_at
    from logonscope.case.view import ORDERS, View
    from logonscope.filters.syntax import parse

    users = [f"user:{value.value}" for value in case.value_counts("user", View("event"), limit=5).values]
    views = [View("event", parse(text)) for text in (*FILTERS, *users)]
    yield "count ms", [lambda view=view: case.count(view) for view in views]  # type: ignore[misc]
    yield "page ms", [lambda view=view: first_page(case, view, FIRST_ROWS) for view in views]  # type: ignore[misc]
    con, lookup, everything = case.cursor(), case.lookup(), View("event")
    first, last = con.execute("SELECT min(time), max(time) FROM event WHERE time > '1995-01-01'").fetchall()[0]
    moments = [first + (last - first) * n / JUMPS for n in range(JUMPS)]
    yield "jump ms", [lambda at=at: row_at(con, everything, lookup, at) for at in moments]  # type: ignore[misc]
    orders = [View("event", order=order, descending=True) for order in ORDERS["event"]]
    yield "sort ms", [lambda view=view: case.window(view) for view in orders]  # type: ignore[misc]
    yield "text ms", [lambda: case.count(View("event", parse(NOWHERE)))] * TEXTS
    words = [View("event", parse(text), descending=falling) for text in WORDS for falling in (False, True)]
    yield "hits ms", [lambda view=view: first_page(case, view, FIRST_ROWS) for view in words]  # type: ignore[misc]


def first_page(case: Case, view: Any, most: int) -> None:
    """List, and fetch what a screen shows."""
    window = case.window(view, most=most)
    case.events(window.page(0, PAGE_ROWS))


def worst_of(questions: list[Callable[[], object]]) -> float:
    """The 95th percentile of what the answers took, in milliseconds."""
    took = []
    for question in questions:
        began = perf_counter()
        question()
        took.append(1000 * (perf_counter() - began))
    return statistics.quantiles(took, n=20, method="inclusive")[-1]


def section(sizes: list[int]) -> Iterator[str]:
    """The lines of Markdown."""
    yield f"## Growth: `python benchmarks/growth.py {' '.join(map(str, sizes))}`"
    yield ""
    yield (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, {platform.machine()}, load average before"
        f" {os.getloadavg()[0]:.1f}. Of the questions 95th percentiles."
    )
    yield ""
    found: list[dict[str, float]] = []
    for size in sizes:
        run = subprocess.run(
            [sys.executable, __file__, "ask", big_log(max(1, size // EVENTS_PER_MEGABYTE))],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found.append(json.loads(run.stdout))
        if len(found) == 1:
            yield "| " + " | ".join(found[0]) + " |"
            yield "|" + "---|" * len(found[0])
        yield "| " + " | ".join(f"{value:,.{0 if value >= 100 else 2}f}" for value in found[-1].values()) + " |"
    for title, columns in CHARTS.items():
        yield ""
        yield from chart(title, found, columns)


def chart(title: str, found: list[dict[str, float]], columns: tuple[str, ...]) -> Iterator[str]:
    """A Mermaid chart: a line for each column, over millions of events."""
    yield "```mermaid"
    yield "xychart-beta"
    yield f'    title "{title}"'
    yield '    x-axis "million events" [' + ", ".join(f"{row['events'] / MILLION:.1f}" for row in found) + "]"
    for column in columns:
        yield f'    line "{column}" [' + ", ".join(f"{row[column]:.1f}" for row in found) + "]"
    yield "```"


def main(*sizes: int) -> None:
    """Measure, print, and write."""
    write_part("growth.py", section(list(sizes) or SIZES))


if __name__ == "__main__":
    if sys.argv[1:2] == ["ask"]:
        print(json.dumps(ask(Path(sys.argv[2]))))
    else:
        main(*map(int, sys.argv[1:]))
