"""First rows, and how soon a key is answered while a large log loads: keys_while_loading.py [MEGABYTES].

Runs the real program on a terminal of its own (160x48). It moves the cursor and changes panes all the time: a key is
answered when the row under the cursor, or the other pane, has been drawn.
"""

from __future__ import annotations

import re
import statistics
import sys
from time import monotonic

from big_log import big_log
from terminal import Terminal

MOVES = [b"j"] * 12 + [b"k"] * 12
CURSOR = re.compile(rb"\x1b\[(?:[0-9];)*7[;m]")
"""A line drawn in reverse: that under the cursor."""
PANES = ((b"3", re.compile(b"What it is")), (b"1", re.compile(b"What happened")))
FIRST_ROW = re.compile(b"4624")
DONE = re.compile(rb"loaded [0-9,]+ records")
PAUSE_SECONDS = 0.1


class Loading(Terminal):
    """The program while it loads."""

    is_done = False

    def settle(self, seconds: float) -> None:
        """Let some time pass."""
        self.bytes_in(seconds)

    def read(self, seconds: float) -> bytes:
        """What is drawn; notes the end of loading."""
        drawn = super().read(seconds)
        self.is_done = self.is_done or DONE.search(drawn) is not None
        return drawn


def main(megabytes: int = 110) -> None:
    """Print what was measured."""
    path = big_log(megabytes)
    terminal = Loading(sys.executable, "-m", "logonscope", str(path))
    first_rows = terminal.seconds_until(FIRST_ROW)
    moves: list[float] = []
    changes: list[float] = []
    while not terminal.is_done:
        moves += [answer(terminal, key, CURSOR) for key in MOVES]
        changes += [answer(terminal, key, head) for key, head in PANES]
    loaded = monotonic() - terminal.began
    terminal.quit()
    print(f"first rows {first_rows:.2f} s after the start of the process, loaded after {loaded:.1f} s")
    print("cursor", spread(moves))
    print("panes ", spread(changes))


def answer(terminal: Loading, key: bytes, wanted: re.Pattern[bytes]) -> float:
    """Press a key after a pause: milliseconds until its answer is drawn."""
    terminal.settle(PAUSE_SECONDS)
    terminal.press(key)
    return 1000 * terminal.seconds_until(wanted)


def spread(answers: list[float]) -> str:
    """Median, 95th percentile and worst of some answers."""
    p95 = statistics.quantiles(answers, n=20, method="inclusive")[-1]
    return f"{len(answers)} keys: median {statistics.median(answers):.0f} ms, p95 {p95:.0f}, worst {max(answers):.0f}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
