"""When a machine slept: from Power-Troubleshooter, Kernel-Power, Kernel-Boot, or the clock that is read again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.sessions.power import PowerRecord, Sleep, sleeps
from support.small_logs import at

if TYPE_CHECKING:
    from datetime import datetime

POWER, TROUBLESHOOTER = "Microsoft-Windows-Kernel-Power", "Microsoft-Windows-Power-Troubleshooter"
BOOT, GENERAL = "Microsoft-Windows-Kernel-Boot", "Microsoft-Windows-Kernel-General"
FAST_STARTUP = {"TargetState": 6, "EffectiveState": 5}


def record(provider: str, event_id: int, minutes: float, step: int | None = None, **fields: Any) -> PowerRecord:
    return PowerRecord(at(minutes), provider, event_id, step, json.dumps(fields))


def slept(since: float, until: float | None, kind: str = "asleep") -> Sleep:
    return Sleep(kind, at(since), None if until is None else at(until))


def exact(minutes: float, since: float, until: float, **fields: Any) -> PowerRecord:
    return record(TROUBLESHOOTER, 1, minutes, SleepTime=_stamp(at(since)), WakeTime=_stamp(at(until)), **fields)


def _stamp(time: datetime) -> str:
    return f"{time.isoformat()}Z"


DOWN = record(POWER, 42, 10, TargetState=4, EffectiveState=4)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([DOWN, record(POWER, 107, 40)], slept(10, 40)),
        ([record(POWER, 506, 10), record(POWER, 507, 40)], slept(10, 40)),
        ([DOWN, record(BOOT, 27, 40, BootType=2)], slept(10, 40)),
        ([record(POWER, 42, 10, **FAST_STARTUP), record(BOOT, 27, 40, BootType=1)], slept(10, 40, "off")),
        ([DOWN, record(GENERAL, 1, 40, 30 * 60_000_000)], slept(10, 40)),
        ([DOWN, record(POWER, 107, 10.01), record(GENERAL, 1, 40, 30 * 60_000_000)], slept(10, 40)),
        ([DOWN, exact(41, 10.1, 40)], slept(10.1, 40)),
        ([DOWN, record(POWER, 107, 40.05), exact(41, 10.1, 40)], slept(10.1, 40)),
        ([exact(41, 10, 40)], slept(10, 40)),
        ([exact(41, 10, 40, **FAST_STARTUP)], slept(10, 40, "off")),
        ([DOWN, record(GENERAL, 12, 40)], slept(10, 40)),
        ([DOWN], slept(10, None)),
    ],
    ids=[
        "42 and 107",
        "modern standby",
        "resumed from hibernation",
        "fast startup",
        "the clock is read again",
        "107 stamped before the clock was read again",
        "both ends exact",
        "both ends exact after 107",
        "its beginning gone from the log",
        "fast startup, its beginning gone",
        "it crashed asleep",
        "no waking recorded",
    ],
)
def test_one_sleep(records: list[PowerRecord], expected: Sleep) -> None:
    assert sleeps(records) == [expected]


def test_a_sleep_without_an_end_lasts_until_the_next_one_at_most() -> None:
    assert sleeps([DOWN, record(POWER, 42, 50), record(POWER, 107, 70)]) == [slept(10, 50), slept(50, 70)]


@pytest.mark.parametrize(
    "woken",
    [
        record(POWER, 107, 40),
        record(POWER, 507, 40),
        record(BOOT, 27, 40, BootType=1),
        record(GENERAL, 1, 40, 60_000_000),
        record(GENERAL, 12, 40),
    ],
    ids=lambda woken: f"{woken.event_id}",
)
def test_a_waking_without_a_sleep_is_none(woken: PowerRecord) -> None:
    assert sleeps([woken]) == []


@pytest.mark.parametrize(
    "other",
    [record(BOOT, 27, 20, BootType=0), record(GENERAL, 1, 20, -60_000_000), record(GENERAL, 1, 20), exact(20, 9, 8)],
    ids=["cold boot type", "clock set back", "no step", "awake before it slept"],
)
def test_what_does_not_wake(other: PowerRecord) -> None:
    assert sleeps([DOWN, other, record(POWER, 107, 40)]) == [slept(10, 40)]


@pytest.mark.parametrize("event_data", [None, "", "[]", "no json", '{"SleepTime": "yesterday", "WakeTime": 7}'])
def test_a_damaged_record_is_passed_over(event_data: str | None) -> None:
    assert sleeps([PowerRecord(at(40), TROUBLESHOOTER, 1, None, event_data)]) == []


def test_the_clock_of_each_end_is_the_one_of_its_own_record() -> None:
    """The clock was set by a minute while the machine slept."""
    records = [
        PowerRecord(at(10), POWER, 42, None, None, 0),
        PowerRecord(at(41), TROUBLESHOOTER, 1, None, exact(41, 10, 40).event_data, 60_000_000),
    ]
    assert sleeps(records) == [Sleep("asleep", at(10), at(40), 0, 60_000_000)]


def test_an_end_stamped_before_its_beginning_takes_no_time() -> None:
    assert sleeps([DOWN, record(POWER, 507, 5)]) == [slept(10, 10)]
