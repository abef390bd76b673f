"""How soon a key is answered in a case of millions of events: big_case.py [EVENTS]; 10 million unless told.

The real program on a terminal of its own (160x48), with a made-up store in the place of loading. Keys are pressed while
the sessions are rebuilt, and again when all is done. Aims: cursor, page and pane 50 ms (95th percentile),
leaving 1 s.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from keys_while_loading import spread
from terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from logonscope.model import LoadProgress

EVENTS = 10_000_000
REVERSE = rb"\x1b\[(?:[0-9];)*7(?:;[0-9;]+)?m"
ROW = re.compile(REVERSE + rb"[^\x1b]*(?:\x1b\[[0-9;]*m)?20\d\d-")
"""The row under the cursor, in reverse, with its time, which is the cell under the cursor."""
PANES = ((b"3", re.compile(b"What it is")), (b"1", re.compile(b"What happened")), (b"5", re.compile(b"Amount")))
REBUILDING, DONE = re.compile(b"rebuilding sessions"), re.compile(b"loaded [0-9,]+ records")
BETWEEN_SECONDS = 0.25


def main(events: int) -> None:
    """Print what was measured."""
    import synthetic_store

    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made" / "case.duckdb"
        made.parent.mkdir()
        synthetic_store.make(made, events)
        terminal = Terminal(sys.executable, __file__, "run", str(made))
        terminal.seconds_until(REBUILDING)
        print(f"{events:,} events")
        press_all(terminal, "rebuilding")
        began = monotonic()
        while not terminal.has_seen(DONE) and monotonic() - began < 300:
            terminal.bytes_in(0.5)
        print(f"loaded {monotonic() - terminal.began:.0f} s after the start")
        terminal.bytes_in(5)
        press_all(terminal, "loaded")
        terminal.press(b"1")
        terminal.bytes_in(3)
        terminal.press(b"/\x15event:4624\r")
        print(f"leaving, with a query under way: {terminal.quit():.2f} s")


def press_all(terminal: Terminal, when: str) -> None:
    """Cursor, pages and panes, beginning in the list of events."""
    terminal.press(b"1")
    terminal.bytes_in(3)
    for name, keys in {
        "cursor": [(key, ROW) for key in [b"j"] * 20 + [b"k"] * 10],
        "page": [(b"\x1b[6~", ROW)] * 20,
        "pane": list(PANES) * 7,
    }.items():
        answers = [answered(terminal, key, wanted) for key, wanted in keys]
        print(f"{when:<11} {name:<6} {spread(answers)}", flush=True)


def answered(terminal: Terminal, key: bytes, wanted: re.Pattern[bytes]) -> float:
    """Press a key after a pause: milliseconds until its answer is drawn."""
    terminal.bytes_in(BETWEEN_SECONDS)
    terminal.press(key)
    return 1000 * terminal.seconds_until(wanted)


def run(made: str) -> None:
    """The program, with a store in the place of loading."""
    from logonscope.case import case as cases
    from logonscope.model import LoadProgress
    from logonscope.sessions.rebuild import rebuild
    from logonscope.ui.app import LogonscopeApp

    class MadeCase(cases.Case):
        """A case whose records were made."""

        def load(self, report: Callable[[LoadProgress], None] = lambda progress: None, *_: Any, **__: Any) -> None:
            """Copy the records, and rebuild the sessions as a load does."""
            con = self._store.cursor()
            con.execute(f"ATTACH '{made}' AS made (READ_ONLY)")
            (rows,) = con.execute("SELECT count(*) FROM made.event").fetchone() or (0,)
            self._store.expect_rows(rows)
            for name in ["source", "event", "dim_account", *(f"dim_{name}" for name in self._store.dims.text)]:
                con.execute(f"INSERT INTO {name} BY NAME SELECT * FROM made.{name}")
            for name, dim in self._store.dims.text.items():
                dim.texts[:] = [
                    text for (text,) in con.execute(f"SELECT text FROM dim_{name} ORDER BY code").fetchall()
                ]
            accounts = con.execute("SELECT sid, name, domain FROM dim_account ORDER BY code").fetchall()
            self._store.dims.account.accounts[:] = accounts
            report(LoadProgress(1, 1, 1, 1, rows, 0, 1.0, "", "sessions"))
            rebuild(self._store.cursor())
            self._refresh_names()
            report(LoadProgress(1, 1, 1, 1, rows, 0, 1.0, "", "done"))

    cases.Case = MadeCase  # type: ignore[misc]
    LogonscopeApp([Path(made)]).run()


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else EVENTS)
