"""Bytes that go to the terminal: ssh_thrift.py. Per step of the cursor, per page, and while nothing happens.

Runs the real program on a terminal of its own, on the demo case, with a theme of 16 colours, 256 colours and 24-bit
colours. Aims: a step of the cursor 600 bytes, a page 12 kB at 16 colours, nothing while nothing happens.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from pathlib import Path

from logonscope.case.demo_case import demo_logs
from terminal import Terminal

SIZES = ((80, 24), (160, 48))
DEPTHS = {"16": ("xterm", ""), "256": ("xterm-256color", ""), "24-bit": ("xterm-256color", "truecolor")}
LOADED = re.compile(rb"loaded [0-9,]+ records")
DOWN, PAGE_DOWN = b"j", b"\x1b[6~"
STEPS, PAGES = 30, 12
STEP_SECONDS, IDLE_SECONDS = 0.12, 5.0
REST_SECONDS = 1.0
"""The detail follows the cursor when it rests; its bytes are counted apart."""


def main() -> None:
    """Print a line for each terminal."""
    print("| size | colours | pane | cursor step | its detail | page | idle 5 s |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as work:
        logs = demo_logs(Path(work) / "demo")
        for size in SIZES:
            for depth in DEPTHS:
                for pane in (b"1", b"2"):
                    measure(logs, size, depth, pane)


def measure(logs: Path, size: tuple[int, int], depth: str, pane: bytes) -> None:
    """Print one line."""
    term, colours = DEPTHS[depth]
    terminal = Terminal(sys.executable, "-m", "logonscope", str(logs), size=size, term=term, colours=colours)
    terminal.seconds_until(LOADED)
    terminal.press(pane)
    if pane == b"2":
        terminal.press(b"h")
    terminal.bytes_in(5)
    steps = [answer(terminal, DOWN, STEP_SECONDS) for _ in range(STEPS)]
    detail = terminal.bytes_in(REST_SECONDS)
    pages = [answer(terminal, PAGE_DOWN, REST_SECONDS) for _ in range(PAGES)]
    idle = terminal.bytes_in(IDLE_SECONDS)
    terminal.quit()
    shown = f"{size[0]}x{size[1]} | {depth} | {'events' if pane == b'1' else 'sessions'}"
    print(f"| {shown} | {spread(steps)} | {detail:,} | {spread(pages)} | {idle} |", flush=True)


def answer(terminal: Terminal, key: bytes, seconds: float) -> int:
    """Press a key: bytes drawn in some time after it."""
    terminal.press(key)
    return terminal.bytes_in(seconds)


def spread(counts: list[int]) -> str:
    """Median and worst of some counts."""
    return f"{statistics.median(counts):,.0f} (most {max(counts):,})"


if __name__ == "__main__":
    main()
