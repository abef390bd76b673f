"""``logonscope events --follow``: events are printed as they come."""

from __future__ import annotations

import select
import signal
from typing import TYPE_CHECKING, TextIO

from logonscope.commands.inputs import load, marking, parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.case.case import Case
    from logonscope.commands.inputs import Inputs

FORMS_TO_FOLLOW = ("table", "jsonl", "csv")
"""The forms that can be written as events come."""


def follow_events(inputs: Inputs, form: str, out: TextIO) -> None:
    """Print the events that there are, and then those that come, until Ctrl-C or the end of who reads them.

    Args:
        inputs: What is loaded and shown.
        form: ``table``, ``jsonl`` or ``csv``.
        out: Where to print.
    """
    from logonscope.case.newest import events_after
    from logonscope.case.view import View

    view = View("event", parsed(inputs.filter_text))
    last, is_first = -1, True
    stop = _Stop()
    with stop, load(inputs, lambda: stop.asked or _is_gone(out)) as case, marking(inputs.filter_text):
        if stop.asked:
            raise KeyboardInterrupt  # before there was anything to follow

        def show() -> None:
            nonlocal last, is_first
            rows, last = events_after(case, view, last)
            _write(case, rows, form, out, heading=is_first)
            is_first = False
            out.flush()

        show()
        case.follow(show)


class _Stop:
    """Ctrl-C asks to stop, the usual way to end this: an exception from it could be lost in a place that takes none."""

    asked = False

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGINT, self._ask)

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _ask(self, *_: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def _write(case: Case, rows: Sequence[int], form: str, out: TextIO, *, heading: bool) -> None:
    from logonscope.commands.outputs import as_bytes
    from logonscope.export.lists import LISTS
    from logonscope.export.stored_rows import stored_rows
    from logonscope.export.table import write_table
    from logonscope.export.writers import write_csv, write_jsonl

    if form == "table":
        write_table(case.events(rows), LISTS["events"].columns, out, None, heading=heading, measured=False)
    elif form == "csv":
        write_csv(stored_rows(case, "event", rows), as_bytes(out), heading=heading)
    else:
        write_jsonl(stored_rows(case, "event", rows), as_bytes(out))


def _is_gone(out: TextIO) -> bool:
    """Whether nobody reads the pipe any more that is written to; where that cannot be asked, the next write tells."""
    try:
        watch = select.poll()
        watch.register(out.fileno(), select.POLLERR)
        return any(event & (select.POLLERR | select.POLLNVAL) for _, event in watch.poll(0))
    except (AttributeError, OSError):
        return False
