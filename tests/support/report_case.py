"""A report of the bundled incident, with bookmarks, and one finding dismissed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from logonscope.case.bookmarks import Bookmark
from logonscope.case.case import Case
from logonscope.case.dismissed import key_of
from logonscope.case.row_refs import event_ref, session_ref
from logonscope.case.view import View
from logonscope.demo.incident import build_incident
from logonscope.report.asked import Asked
from logonscope.report.contents import gather

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.report.contents import Report

REASON = "the help desk did that"


@contextmanager
def incident_case(folder: Path) -> Iterator[Case]:
    """Write the incident into a folder, and load it."""
    logs = folder / "logs"
    logs.mkdir()
    build_incident(logs)
    with Case([logs], work_parent=folder) as case:
        case.load()
        yield case


def report_of(case: Case) -> Report:
    """A report with a bookmark of an event and of a session, and the first finding dismissed."""
    event = case.events(case.window(View("event")).page(0, 1))[0]
    stay = case.sessions(case.window(View("session")).page(0, 1))[0]
    kept = [
        Bookmark(event_ref(event), "an event", "look here", ("exfil",)),
        Bookmark(session_ref(stay), "a stay", "and here"),
    ]
    asked = Asked(
        command="logonscope report LOGS -o report.html",
        paths="LOGS",
        bookmarks={one.ref: one for one in kept},
        dismissed={key_of(case.findings().found[0]): REASON},
    )
    return gather(case, asked)
