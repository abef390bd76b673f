"""The time line of a stay: which state holds when, what overlaps, and what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logonscope.facts.timeline import Timeline, timeline
from logonscope.model import Absence, Evidence
from support.made import EIGHT, HOUR, MINUTE, made_absence, made_event, made_session

ORDER = ("off", "asleep", "disconnected", "locked", "idle")


def laid_out(*absences: Absence, **changes: object) -> Timeline:
    line = timeline(made_session(**changes), absences)
    assert line is not None
    return line


def minutes(line: Timeline) -> list[tuple[str, int, int]]:
    return [(s.state, s.from_us // MINUTE, s.to_us // MINUTE) for s in line.stretches]


def test_a_lock_in_the_middle() -> None:
    line = laid_out(made_absence("locked", 60, 90))
    assert minutes(line) == [("present", 0, 60), ("locked", 60, 90), ("present", 90, 240)]
    assert line.text == "present 3h 30m, locked 30m 00s"


def test_of_what_overlaps_the_strongest_is_shown() -> None:
    absences = [made_absence(kind, 10 * place, 240 - 10 * place) for place, kind in enumerate(reversed(ORDER), 1)]
    states = [state for state, *_ in minutes(laid_out(*absences))]
    assert states == ["present", *reversed(ORDER), *ORDER[1:], "present"]


def test_an_absence_that_is_longer_than_the_stay_is_cut() -> None:
    assert minutes(laid_out(made_absence("locked", -5, 30), made_absence("locked", 200, 300))) == [
        ("locked", 0, 30),
        ("present", 30, 200),
        ("locked", 200, 240),
    ]


@pytest.mark.parametrize(
    ("presence", "state"),
    [("disconnect+lock", "present"), ("disconnect", "connected"), ("lock", "present"), ("", "on")],
)
def test_what_is_not_audited_is_not_drawn_as_presence(presence: str, state: str) -> None:
    assert minutes(laid_out(presence=presence)) == [(state, 0, 240)]


@pytest.mark.parametrize(
    "changes",
    [
        {"logon_class": "contact"},
        {"role": "secondary"},
        {"duration_least": None},
        {"duration_least": 0},
        {"duration_least": -5},
    ],
    ids=str,
)
def test_what_has_no_time_line(changes: dict[str, object]) -> None:
    assert timeline(made_session(**changes), []) is None


def test_cells_show_what_holds_most_of_each() -> None:
    line = laid_out(made_absence("locked", 0, 119), made_absence("disconnected", 180, 240))
    assert line.cells(4) == ["locked", "locked", "present", "disconnected"]


def test_an_unlock_proves_that_somebody_was_there() -> None:
    at = EIGHT + timedelta(hours=1)
    records = [(Evidence(role, 7), made_event(time=at)) for role in ("unlock", "reconnect", "note")]
    line = timeline(made_session(), [], records)
    assert line is not None
    assert line.moments == ((HOUR, "reconnected"), (HOUR, "unlocked"))
    later = [(Evidence("unlock", 7), made_event(time=at + timedelta(seconds=seconds))) for seconds in (0.1, 4, 60)]
    joined = timeline(made_session(), [], [*records, *later])
    assert joined is not None
    assert [what for _, what in joined.moments] == ["reconnected", "unlocked", "unlocked"]
    adjusted = timeline(made_session(flags=("clock-adjusted",)), [], records)
    assert adjusted is not None
    assert adjusted.moments == ()


@given(
    st.lists(
        st.tuples(st.sampled_from(ORDER), st.integers(-20, 260), st.integers(0, 120)).map(
            lambda a: made_absence(a[0], a[1], a[1] + a[2])
        ),
        max_size=8,
    )
)
def test_every_minute_has_the_strongest_state_of_those_that_hold(absences: list[Absence]) -> None:
    line = laid_out(*absences)
    assert sum(line.totals().values()) == line.length == 4 * HOUR
    assert line.stretches[0].from_us == 0
    for at in range(240):
        moment = at * MINUTE + MINUTE // 2
        held = {a.kind for a in absences if a.from_us <= moment < a.to_us}
        expected = next((kind for kind in ORDER if kind in held), "present")
        assert next(s.state for s in line.stretches if s.from_us <= moment < s.to_us) == expected
    for before, after in zip(line.stretches, line.stretches[1:], strict=False):
        assert before.to_us == after.from_us
        assert before.state != after.state
