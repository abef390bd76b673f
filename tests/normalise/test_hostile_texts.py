"""Texts meant for the terminal that shows them: the store keeps them as they are, the words for people do not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from logonscope.display import sanitise
from logonscope.knowledge.words import plain_words
from logonscope.store.case_store import CaseStore
from logonscope.store.event_rows import EventRows
from support.events import Record, load

if TYPE_CHECKING:
    from logonscope.model import Event

HOSTILE = [
    "bob\x1b[31m",
    "\x1b]0;owned\x07",
    "a\r\nb",
    "\u202egnp.exe",
    "\x9b2J",
    "zero\u200bwidth",
    "[bold]markup[/bold]",
    '"quoted" \\ {brace}',
    "'; DROP TABLE event; --",
    "e" + "\u0301" * 9,
    "\U000e0041tag",
    "=cmd()",
    "\x00",
    "名前",
]


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """One logon by each name, which is also the workstation's, the computer's and the activity's."""
    store = CaseStore(tmp_path_factory.mktemp("store"))
    records = [
        Record(4624, number, datetime(2026, 3, 2), _fields(name), computer=name, activity=name)
        for number, name in enumerate(HOSTILE, 1)
    ]
    try:
        load(store, records)
        return EventRows(store.dims, {}).fetch(store.cursor(), range(len(HOSTILE)))
    finally:
        store.close()


def _fields(name: str) -> dict[str, object]:
    return {"TargetUserName": name, "TargetDomainName": name, "WorkstationName": name, "LogonType": 3}


@pytest.mark.parametrize(("number", "name"), enumerate(HOSTILE), ids=range(len(HOSTILE)))
def test_a_hostile_name_is_kept_and_shown_harmless(events: list[Event], number: int, name: str) -> None:
    event = events[number]
    assert (event.account.name, event.workstation, event.computer, event.activity) == (name,) * 4
    assert event.fields == _fields(name)
    shown = sanitise(name)
    assert plain_words(event) == f"{shown}\\{shown} logged on over the network from {shown}"
    assert plain_words(event).isprintable()
