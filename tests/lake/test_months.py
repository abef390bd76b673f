"""Which files of events may hold a time."""

from __future__ import annotations

from datetime import datetime

import pytest

from logonscope.lake.months import EVERY_MONTH, Months, month_at, month_of


@pytest.mark.parametrize(
    ("months", "month", "held"),
    [
        (Months("2026-02", "2026-04"), "2026-02", True),
        (Months("2026-02", "2026-04"), "2026-04", True),
        (Months("2026-02", "2026-04"), "2026-01", False),
        (Months("2026-02", "2026-04"), "2026-05", False),
        (Months(None, "2026-04"), "1999-12", True),
        (Months("2026-02", None), "2026-01", False),
        (Months("2026-02", "2026-02"), "none", True),  # a time of 1601 lies there
        (Months("2026-02", "2026-02"), "", True),
        (EVERY_MONTH, "2026-02", True),
    ],
)
def test_months_in_a_row(months: Months, month: str, held: bool) -> None:
    assert months.holds(month) is held


def test_months_are_named_so_that_they_sort() -> None:
    assert month_at(datetime(999, 3, 1)) == "0999-03"
    assert month_of("event/month=2026-03/group=0001/a.parquet") == "2026-03"
    assert month_of("event/month=none/a.parquet") == "none"
    assert month_of("full_session/group=0001/part.parquet") == ""
