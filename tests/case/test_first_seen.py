"""Combinations seen for the first time: what of them is new, and how far the logs reach back before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.first_seen import FirstSeen, first_seen_in
from logonscope.demo.evtx_writer import write_log
from logonscope.facts.first_seen import earlier_text, first_seen_line, new_text
from logonscope.filters.syntax import parse
from support.small_case import ALICE, BOB, EvtxLog, how, subject, target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOUR = 3_600_000_000


def write(folder: Path) -> None:
    log = EvtxLog("WS1.alder.example", 1)
    came = [
        ("01", ALICE, 3, "10.0.0.1"), ("02", BOB, 3, "10.0.0.1"), ("03", ALICE, 3, "10.0.0.2"),
        ("04", ALICE, 10, "10.0.0.2"), ("05", BOB, 3, "10.0.0.2"), ("06", ALICE, 10, "10.0.0.1"),
        ("07", ALICE, 3, "10.0.0.1"),
    ]  # fmt: skip
    log("00:00:00", 4608)
    for hour, who, logon_type, source in came:
        log(f"{hour}:00:00", 4624, **target(who, int(hour) * 16), **how(logon_type, IpAddress=source))
    log("08:00:00", 4624, **target(ALICE, 0xFFF), **how(2, IpAddress="127.0.0.1", WorkstationName="WS1"))
    log("09:00:00", 4624, **target(("S-1-5-18", "WS1$", "ALDER"), 0x3E7), **how(5))
    log("10:00:00", 1102, "log-service", **subject(BOB, 0x20))
    log("11:00:00", 4624, **target(BOB, 0xFF1), **how(10, IpAddress="10.0.0.1"))
    write_log(folder / "log.evtx", log.records)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("logs")
    write(folder)
    with Case([folder], work_parent=tmp_path_factory.mktemp("work")) as loaded:
        loaded.load()
        yield loaded


def told(first: FirstSeen) -> tuple[int, str, int | None, str, int, str]:
    return first.first.hour, first.account.short, first.logon_type, first.source, first.times, new_text(first)


def test_what_is_new(case: Case) -> None:
    found = first_seen_in(case)
    assert [told(first) for first in reversed(found)] == [
        (1, "alice", 3, "10.0.0.1", 2, "user, source"),
        (2, "Bob", 3, "10.0.0.1", 1, "user"),
        (3, "alice", 3, "10.0.0.2", 1, "source"),
        (4, "alice", 10, "10.0.0.2", 1, "type of this user"),
        (5, "Bob", 3, "10.0.0.2", 1, "source of this user"),
        (6, "alice", 10, "10.0.0.1", 1, "the combination"),
        (8, "alice", 2, "", 1, "type of this user"),
        (11, "Bob", 10, "10.0.0.1", 1, "type of this user"),
    ]


def test_how_far_the_logs_reach_back(case: Case) -> None:
    found = first_seen_in(case)
    assert [first.earlier for first in reversed(found)] == [hour * HOUR for hour in (1, 2, 3, 4, 5, 6, 8, 11)]
    assert (earlier_text(found[0]), earlier_text(found[1])) == ("11h 00m, 1 hole", "8h 00m")
    assert first_seen_line(found[1]) == (
        "2026-03-02 08:00:00 ALDER\\alice on WS1 from an unnamed source by 2 CONSOLE, 1 time; new: type of this user;"
        " its Security log reaches back 8h 00m before that"
    )


def test_a_filter_chooses_among_the_first_logons(case: Case) -> None:
    late = first_seen_in(case, parse("since:2026-03-02T05:30 user:alice"))
    assert [told(first)[:2] for first in late] == [(8, "alice"), (6, "alice")], "07:00 was no first one"
