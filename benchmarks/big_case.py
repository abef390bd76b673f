"""How soon a key is answered in a case of millions of events: big_case.py [EVENTS [FOLDER]]; 10 million unless told.

The real program on a terminal of its own (160x48), with a made-up store in the place of loading: in a folder, to be
used again, or in one that goes. Keys are pressed while the sessions are rebuilt, and again when all is done; then
filters are typed. Aims, as 95th percentiles: cursor, page and pane 50 ms, first page of a filter 200 ms; leaving 1 s.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import defaultdict
from itertools import cycle, islice
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from keys_while_loading import Loading, spread

if TYPE_CHECKING:
    from collections.abc import Iterable

EVENTS = 10_000_000
REVERSE = rb"\x1b\[(?:[0-9];)*7(?:;[0-9;]+)?m"
ROW = re.compile(REVERSE + rb"[^\x1b]*(?:\x1b\[[0-9;]*m)?20\d\d-")
"""The row under the cursor, in reverse, with its time, which is the cell under the cursor."""
PANES = ((b"3", re.compile(b"What it is")), (b"1", re.compile(b"What happened")), (b"5", re.compile(b"Amount")))
KEYS = {"cursor": [(b"j", ROW)] * 2 + [(b"k", ROW)], "page": [(b"\x1b[6~", ROW)], "pane": PANES}
ROUNDS = {"cursor": 30, "page": 20, "pane": 21}
REBUILDING = re.compile(b"rebuilding sessions")
BETWEEN_SECONDS, PATIENCE_SECONDS = 0.25, 600
FILTERS = {
    "a user": [f"user:user{n}" for n in range(100, 110)],
    "an address": [f"ip:10.1.{n}.{n}" for n in range(1, 7)] + [f"ip:10.1.{n}.0/24" for n in range(1, 5)],
    "a kind": ["event:4625", "event:4634", "type:10", "type:3", "is:failure", "is:remote", "event:4688", "-type:3"],
    "a time": [f"time:2026-0{month}-02..2026-0{month}-05" for month in range(1, 9)],
    "several": [f"user:user{n}* type:3 -event:4634" for n in range(1, 9)],
    "a word": [f"program{n}.exe" for n in range(2, 8)],
}
HITS = re.compile(rb"([0-9,]+) events?\b")


def main(events: int, folder: str = "") -> None:
    """Print what was measured."""
    import synthetic_store

    with tempfile.TemporaryDirectory() as passing:
        made = Path(folder or passing) / f"{events}" / "case.duckdb"
        if not made.exists():
            made.parent.mkdir(parents=True)
            synthetic_store.make(made, events)
        terminal = Loading(sys.executable, str(Path(__file__).with_name("made_case.py")), str(made))
        terminal.seconds_until(REBUILDING)
        print(f"{events:,} events")
        press_while_rebuilding(terminal)
        began = monotonic()
        while not terminal.is_done and monotonic() - began < PATIENCE_SECONDS:
            terminal.bytes_in(0.5)
        print(f"loaded {monotonic() - terminal.began:.0f} s after the start")
        terminal.bytes_in(5)
        press(terminal, b"1")
        for name, keys in KEYS.items():
            tell("loaded", name, [answered(terminal, *key) for key in islice(cycle(keys), ROUNDS[name])])
        press(terminal, b"1")
        for name, texts in FILTERS.items():
            tell("filter", name, list(filtered(terminal, texts)))
        press(terminal, b"c")
        type_filter(terminal, "nothing-is-called-this")
        terminal.press(b"\r")
        print(f"leaving, with a query under way: {terminal.quit():.2f} s")


def press(terminal: Loading, key: bytes) -> None:
    """Press a key, and let come what comes."""
    terminal.press(key)
    terminal.bytes_in(3)


def tell(when: str, name: str, answers: list[float]) -> None:
    """Print a line."""
    if len(answers) > 1:
        print(f"{when:<11} {name:<10} {spread(answers)}", flush=True)


def press_while_rebuilding(terminal: Loading) -> None:
    """Press all keys in turn until the rebuild ends."""
    terminal.press(b"1")
    while not terminal.has_seen(ROW):
        terminal.bytes_in(0.2)
    answers: dict[str, list[float]] = defaultdict(list)
    while not terminal.is_done:
        for name, keys in KEYS.items():
            # The list of events is the last that is drawn: cursor and page are of it.
            for key in (*keys, *((b"1", PANES[1][1]) for _ in range(name == "pane"))):
                answer = answered(terminal, *key)
                if not terminal.is_done:
                    answers[name].append(answer)
    for name, found in answers.items():
        tell("rebuilding", name, found)


def answered(terminal: Loading, key: bytes, wanted: re.Pattern[bytes]) -> float:
    """Press a key after a pause: milliseconds until its answer is drawn."""
    terminal.bytes_in(BETWEEN_SECONDS)
    terminal.press(key)
    return 1000 * terminal.seconds_until(wanted)


def filtered(terminal: Loading, texts: Iterable[str]) -> Iterable[float]:
    """Type filters: milliseconds from Enter until the list says how many rows there are."""
    for text in texts:
        press(terminal, b"c")
        type_filter(terminal, text)
        terminal.press(b"\r")
        yield 1000 * terminal.seconds_until(HITS)


def type_filter(terminal: Loading, text: str) -> None:
    """Type a filter, and let its count come."""
    terminal.press(b"/")
    terminal.bytes_in(0.5)
    terminal.press(text.encode())
    terminal.bytes_in(2)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else EVENTS, *sys.argv[2:3])
