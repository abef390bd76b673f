"""All speed benchmarks with one command, and their part of RESULTS.md: speed.py [MEGABYTES [ROUNDS [EVENTS ...]]].

A load is set against a loop over the bare parser in the same round; the medians of the ratios are what counts.
"""

from __future__ import annotations

import os
import platform
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import filter_cost
from big_log import CHUNK_BYTES, big_log
from load_cost import measured
from logonscope.demo.evtx_writer import file_header
from results_part import write_part
from terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADER_BYTES = 4096
LAST_ID = slice(16, 24)
"""Of a chunk's header."""
SMALL_FILES = 2_000
SIZES = [100_000, 300_000, 1_000_000]
EVENTS_PER_MEGABYTE = 1_340
PAINTED = re.compile(b"Sessions|Stays")
"""The names of the panes."""
FIRST_ROW = re.compile(rb"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d")
STARTS = 5
PACKAGES = ("evtx", "duckdb", "pyarrow", "msgspec", "textual")


def section(megabytes: int, rounds: int, sizes: list[int]) -> Iterator[str]:
    """The lines of Markdown."""
    command = shlex.join(["python", "benchmarks/speed.py", *map(str, (megabytes, rounds, *sizes))])
    yield f"## Speed: `{command}`"
    yield ""
    yield f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, {platform.machine()}, load average before"
    yield f"{os.getloadavg()[0]:.1f}; Python {platform.python_version()}, " + ", ".join(
        f"{name} {version(name)}" for name in PACKAGES
    )
    yield ""
    yield "Peak RSS in MB: the writing process + the largest of the reading ones, of which each processor has one."
    yield ""
    yield "| load | records | bare: CPU s | wall s | load: CPU s | wall s | peak RSS | CPU, times | wall, times |"
    yield "|---|---|---|---|---|---|---|---|---|"
    log = big_log(megabytes)
    yield load_row(f"one log, {log.stat().st_size / 1e6:,.0f} MB", log, rounds)
    with tempfile.TemporaryDirectory() as folder:
        cut_up(log, Path(folder))
        yield load_row(f"{SMALL_FILES:,} files of 69 KB", Path(folder), rounds)
    for size in sizes:
        part = big_log(max(1, size // EVENTS_PER_MEGABYTE))
        yield load_row(f"about {size:,} events", part, 1)
    yield ""
    yield "| start | s, median | aim |"
    yield "|---|---|---|"
    yield f"| `logonscope --help` | {statistics.median(help_seconds() for _ in range(STARTS)):.2f} | 0.15 |"
    first = [first_seconds(log) for _ in range(STARTS)]
    yield f"| first paint | {statistics.median(paint for paint, _ in first):.2f} | 0.5 |"
    yield f"| first rows of the same log | {statistics.median(rows for _, rows in first):.2f} | 0.6 |"
    for size in sizes:
        yield ""
        yield f"| question in {size:,} events, ms | median | p95 | worst |"
        yield "|---|---|---|---|"
        for kind, *took in filter_cost.answers(size):
            yield f"| {kind} | " + " | ".join(f"{value:.0f}" for value in took) + " |"


def load_row(name: str, path: Path, rounds: int) -> str:
    """Load some times, and tell the medians."""
    found = [(measured("bare", path), measured("load", path)) for _ in range(rounds)]
    assert all(alone[0] == whole[0] for alone, whole in found)
    middle = [[statistics.median(run[part] for run in runs) for part in range(5)] for runs in zip(*found, strict=True)]
    alone, whole = middle
    cpu = statistics.median(whole[1] / alone[1] for alone, whole in found)
    wall = statistics.median(whole[2] / alone[2] for alone, whole in found)
    return (
        f"| {name} | {found[0][0][0]:,} | {alone[1]:.2f} | {alone[2]:.2f} | {whole[1]:.2f} | {whole[2]:.2f}"
        f" | {whole[3]:.0f} + {whole[4]:.0f} | {cpu:.2f} | {wall:.2f} |"
    )


def cut_up(log: Path, folder: Path) -> None:
    """Make small files, each of one of the log's chunks."""
    with log.open("rb") as source:
        source.seek(HEADER_BYTES)
        for number in range(min(SMALL_FILES, (log.stat().st_size - HEADER_BYTES) // CHUNK_BYTES)):
            chunk = source.read(CHUNK_BYTES)
            following = int.from_bytes(chunk[LAST_ID], "little") + 1
            (folder / f"{number:04}.evtx").write_bytes(file_header(1, following) + chunk)


def help_seconds() -> float:
    """Seconds until the help is printed."""
    began = perf_counter()
    subprocess.run([sys.executable, "-m", "logonscope", "--help"], check=True, capture_output=True)
    return perf_counter() - began


def first_seconds(log: Path) -> tuple[float, float]:
    """Seconds from the command until something is drawn, and until there are rows."""
    terminal = Terminal(sys.executable, "-m", "logonscope", str(log))
    began = perf_counter()
    painted = began + terminal.seconds_until(PAINTED)
    rows = perf_counter() + (0 if terminal.has_seen(FIRST_ROW) else terminal.seconds_until(FIRST_ROW))
    terminal.quit()
    return painted - began, rows - began


def main(megabytes: int = 1000, rounds: int = 5, *sizes: int) -> None:
    """Measure, print, and write."""
    write_part("speed.py", section(megabytes, rounds, list(sizes) or SIZES))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
