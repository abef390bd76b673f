"""``logonscope events --follow``: events are printed as they come."""

from __future__ import annotations

import select
import signal
from typing import TYPE_CHECKING, Any, TextIO

from logonscope.commands.inputs import load, marking, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.case import Case
    from logonscope.commands.inputs import Inputs

_FETCH_ROWS = 1000


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
            _write(_events(case, rows), form, out, heading=is_first)
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


def _events(case: Case, rows: Any) -> Iterator[Any]:
    for start in range(0, len(rows), _FETCH_ROWS):
        yield from case.events(rows[start : start + _FETCH_ROWS])


def _write(events: Iterator[Any], form: str, out: TextIO, *, heading: bool) -> None:
    from logonscope.export.lists import LISTINGS
    from logonscope.export.writers import write_csv, write_jsonl, write_table

    listing = LISTINGS["event"]
    if form == "table":
        write_table(events, listing.columns, out, None, heading=heading, measured=False)
    elif form == "csv":
        write_csv(events, listing.fields, out, heading=heading)
    else:
        write_jsonl(events, listing.fields, out)


def _is_gone(out: TextIO) -> bool:
    """Whether nobody reads the pipe any more that is written to; where that cannot be asked, the next write tells."""
    try:
        watch = select.poll()
        watch.register(out.fileno(), select.POLLERR)
        return any(event & (select.POLLERR | select.POLLNVAL) for _, event in watch.poll(0))
    except (AttributeError, OSError):
        return False
