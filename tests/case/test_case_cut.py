"""Loading a part only: what is left out is counted, never taken for missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.options import LoadOptions
from logonscope.case.view import Scope, View
from logonscope.demo.evtx_writer import encode_log, write_log
from logonscope.readers.cut import Cut
from support.archived import zipped
from support.logs import note, notes, two_boot_logs, two_boots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from logonscope.model import Event

__all__ = ["two_boot_logs"]
EVENTS = View("event")
EIGHT = datetime(2026, 3, 2, 8)


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[..., Case]]:
    cases: list[Case] = []

    def load(path: Path, cut: Cut) -> Case:
        case = Case([path], work_parent=tmp_path / "work", options=LoadOptions(cut))
        cases.append(case)
        case.load()
        return case

    yield load
    for case in cases:
        case.close()


def events(case: Case) -> list[Event]:
    return case.events(case.window(EVENTS).page(0, 10_000))


def kinds(case: Case) -> set[str]:
    return {mark.kind for mark in case.coverage()}


@pytest.fixture(scope="module")
def everything(two_boot_logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with Case([two_boot_logs], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        yield case


CUTS = [
    Cut(since=datetime(2026, 3, 2, 9)),
    Cut(until=datetime(2026, 3, 2, 9)),
    Cut(since=datetime(2026, 3, 2, 8, 30), until=datetime(2026, 3, 2, 10)),
    Cut(channels=("security",)),
    Cut(channels=("*Session*", "SYSTEM")),
    Cut(hosts=("ws01",)),
    Cut(hosts=("WS0?.alder.*",)),
    Cut(hosts=("other",)),
    Cut(events=frozenset({4624, 4634})),
    Cut(since=datetime(2026, 3, 2, 9), channels=("Security",), events=frozenset({4624})),
]


def _fits(event: Event, cut: Cut) -> bool:
    return (
        event.time is not None
        and (cut.since is None or event.time >= cut.since)
        and (cut.until is None or event.time < cut.until)
        and (not cut.channels or cut.has_channel(event.channel))
        and (not cut.hosts or cut.has_host(event.computer))
        and (not cut.events or event.event_id in cut.events)
    )


@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_only_what_fits_is_loaded(everything: Case, two_boot_logs: Path, load: Callable[..., Case], cut: Cut) -> None:
    case = load(two_boot_logs, cut)
    whole = events(everything)
    wanted = {(event.channel, event.record_id) for event in whole if _fits(event, cut)}
    assert {(event.channel, event.record_id) for event in events(case)} == wanted
    assert case.left_out == len(whole) - len(wanted)
    assert "missing" not in kinds(case)
    assert "filtered" not in kinds(case)


def test_conditions_leave_something_and_take_something(everything: Case) -> None:
    """Else the test above would say nothing."""
    counts = [sum(_fits(event, cut) for event in events(everything)) for cut in CUTS]
    assert counts.count(0) == 1
    assert counts.count(len(events(everything))) == 2


def test_what_was_left_out_is_told(two_boot_logs: Path, load: Callable[..., Case]) -> None:
    case = load(two_boot_logs, Cut(events=frozenset({4624})))
    (mark,) = [mark for mark in case.coverage() if mark.kind == "left out"]
    assert (mark.machine, mark.channel, mark.text) == ("WS01", "Security", "event 4624")
    kept = case.count(EVENTS)
    whole = len(two_boots().files()["Security.evtx"])
    assert kept + (mark.amount or 0) == whole
    assert "never seen" not in kinds(case)


def test_records_that_are_really_missing_stay_missing(tmp_path: Path, load: Callable[..., Case]) -> None:
    records = [note(number) for number in range(1, 400) if not 100 <= number < 120]
    write_log(tmp_path / "x.evtx", records)
    case = load(tmp_path, Cut(since=EIGHT + timedelta(seconds=50)))
    told = sorted((mark.kind, mark.amount) for mark in case.coverage())
    assert [mark for mark in told if mark[0] in ("missing", "left out")] == [
        ("left out", 49),
        ("missing", 20),
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_chunks_outside_of_the_time_are_not_parsed(tmp_path: Path, load: Callable[..., Case], packed: bool) -> None:
    log = encode_log(notes(1000))
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "x").write_bytes(zipped({"Notes.evtx": log}) if packed else log)
    case = load(tmp_path / "logs", Cut(since=EIGHT + timedelta(seconds=400), until=EIGHT + timedelta(seconds=500)))
    assert [event.record_id for event in events(case)] == list(range(400, 500))
    assert case.left_out == 900
    assert case.problems == []
    assert case.event_record(events(case)[7])
    assert "missing" not in kinds(case)


def test_a_clock_set_back_between_chunks(tmp_path: Path, load: Callable[..., Case]) -> None:
    """Records that were left out in between are not missing."""
    order = [*range(1, 300), *range(5000, 5300), *range(300, 600)]
    records = [note(position) for position in range(1, len(order) + 1)]
    times = [note(number).time for number in order]
    write_log(tmp_path / "x.evtx", [replace(record, time=time) for record, time in zip(records, times, strict=True)])
    case = load(tmp_path, Cut(until=EIGHT + timedelta(seconds=4000)))
    assert case.count(EVENTS) == 599
    assert case.left_out == 300
    assert "missing" not in kinds(case)


def test_sessions_of_a_part(two_boot_logs: Path, load: Callable[..., Case]) -> None:
    """One that began before the part is known by what it did in it."""
    case = load(two_boot_logs, Cut(since=datetime(2026, 3, 2, 9)))
    stays = case.sessions(case.window(View("session", scope=Scope.STAYS)).page(0, 10))
    assert [(stay.account.name, stay.start_evidence) for stay in stays] == [("alice", "before-log"), ("bob", "4624")]
