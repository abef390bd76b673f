"""Which clock a record of another log was stamped by."""

from __future__ import annotations

import pytest

from logonscope.sessions.clocks import ClockStep, places_in_order

SECOND = 1_000_000
HOUR = 3600 * SECOND
BACK = ClockStep(10 * HOUR, 8 * HOUR, -2 * HOUR)
FORWARD = ClockStep(9 * HOUR, 12 * HOUR, HOUR)


@pytest.mark.parametrize(
    ("times", "steps", "expected"),
    [
        ([7, 9, 11], [], [0, 0, 0]),
        ([7, 9.5, 8.5, 9.7], [BACK], [0, 0, -2, -2]),
        ([9, 9.5], [BACK], [-2, -2]),
        ([7, 11], [BACK], [0, -2]),
        ([7, 9.5, 8.5, 8.9, 13], [BACK, FORWARD], [0, 0, -2, -2, 1]),
        ([9.5, 9.4, 9.3], [BACK], [0, 0, -2]),
        ([], [BACK], []),
    ],
    ids=[
        "never set",
        "the order shows the step",
        "both fit: the later",
        "only one fits",
        "back and on again",
        "more steps back than there were",
        "no records",
    ],
)
def test_totals_in_order(times: list[float], steps: list[ClockStep], expected: list[int]) -> None:
    found = places_in_order([int(time * HOUR) for time in times], steps)
    assert [placed.total // HOUR for placed in found] == expected


def test_records_that_are_moments_out_of_order_show_no_step() -> None:
    found = places_in_order([9 * HOUR + SECOND, 9 * HOUR], [BACK])
    assert [placed.total for placed in found] == [-2 * HOUR, -2 * HOUR]
