"""Regular interruptions: several people cut at a fixed period, told from chance."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from logonscope.sessions.interruptions import Cut, Interruptions, regular_interruptions

START = datetime(2026, 3, 2, 9)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def every(period: timedelta, times: int, people: tuple[int, ...] = (1, 2), jitter: timedelta = MINUTE) -> list[Cut]:
    """People cut at a period, each a little later than the one before."""
    return [
        Cut(START + beat * period + place * jitter, person)
        for beat in range(times)
        for place, person in enumerate(people)
    ]


@pytest.mark.parametrize("period", [HOUR, 30 * MINUTE, 24 * HOUR])
def test_a_fixed_period_is_found(period: timedelta) -> None:
    assert regular_interruptions(every(period, 5)) == Interruptions(period, START, START + 4 * period, 5, 2)


def test_a_gateway_that_is_a_little_late_still_keeps_its_period() -> None:
    late = [Cut(cut.time + (index % 3) * MINUTE, cut.person) for index, cut in enumerate(every(HOUR, 6))]
    found = regular_interruptions(late)
    assert found is not None
    assert (round(found.period / MINUTE) in range(58, 63), found.times) == (True, 6)


def test_missed_beats_and_other_disconnects_do_not_hide_it() -> None:
    cuts = [cut for cut in every(HOUR, 8) if cut.time.hour != 12]
    alone = [Cut(START + timedelta(minutes=17 * n + 5), 3) for n in range(12)]
    found = regular_interruptions(cuts + alone)
    assert found is not None
    assert (found.period, found.times) == (HOUR, 7)


@pytest.mark.parametrize(
    "cuts",
    [
        [],
        every(HOUR, 2),
        every(HOUR, 5, people=(1,)),
        every(5 * MINUTE, 30),
        [Cut(START + timedelta(minutes=minute), person) for minute in (0, 47, 131, 290, 301) for person in (1, 2)],
    ],
    ids=["nothing", "twice", "one user only", "all the time", "no period"],
)
def test_chance_is_no_schedule(cuts: list[Cut]) -> None:
    assert regular_interruptions(cuts) is None
