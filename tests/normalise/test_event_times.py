"""The time of a record: to the 100 ns that Windows keeps, in UTC, from its header where TimeCreated is no time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from normalised import columns, columns_as_of_any_shape, event, system, written

from logonscope.display import exact_time_text

TIME = "2026-03-02T09:00:02.123456"
WITHOUT = object()


def told(created: Any, stamp: str) -> str:
    """The exact time of a record, which does not depend on the way it is taken apart."""
    parts = system(TimeCreated={"#attributes": {"SystemTime": created}})
    if created is WITHOUT:
        del parts["TimeCreated"]
    record = event(parts, EventData=None)
    texts = [
        exact_time_text(row["time"], row["tick"])
        for way in (columns, columns_as_of_any_shape)
        for row in way(written(record), stamps=[stamp])[0]
    ]
    assert texts[0] == texts[1]
    return texts[0]


@pytest.mark.parametrize(
    ("created", "stamp", "time"),
    [
        (f"{TIME}Z", f"{TIME}7Z UTC", f"{TIME}7Z"),
        (f"{TIME}Z", f"{TIME}Z UTC", f"{TIME}0Z"),
        (f"{TIME}Z", f"{TIME}789Z UTC", f"{TIME}7Z"),
        (f"{TIME}Z", "2026-03-02T09:00:02.1234577Z UTC", f"{TIME}0Z"),
        (f"{TIME}Z", "2020-01-01T00:00:00Z UTC", f"{TIME}0Z"),
        ("2026-03-02T09:00:02.000000Z", "2026-03-02T09:00:02Z UTC", "2026-03-02T09:00:02.0000000Z"),
        ("2026-03-02T09:00:02Z", "2026-03-02T09:00:02Z UTC", "2026-03-02T09:00:02.0000000Z"),
        ("2026-03-02T09:00:02.5+02:00", f"{TIME}7Z UTC", "2026-03-02T07:00:02.5000000Z"),
        (f"{TIME}Z", "", f"{TIME}0Z"),
    ],
)
def test_the_header_adds_the_last_digit_only_where_it_agrees(created: str, stamp: str, time: str) -> None:
    assert told(created, stamp) == time


@pytest.mark.parametrize("created", [WITHOUT, None, "", "yesterday", 7, "2026-13-45T99:00:00.000000Z", ["x"]])
def test_the_header_serves_where_time_created_is_no_time(created: Any) -> None:
    assert told(created, f"{TIME}Z UTC").startswith(TIME)


@pytest.mark.parametrize("stamp", ["", "UTC", "never Z UTC", "9999-12-31T23:59:59-14:00"])
def test_a_record_without_any_time_has_none(stamp: str) -> None:
    assert told(WITHOUT, stamp) == "-"


def test_one_odd_time_leaves_the_others_of_the_batch_as_they_are() -> None:
    odd = event(system(TimeCreated={"#attributes": {"SystemTime": "yesterday"}}), EventData=None)
    usual = event(system(), EventData=None)
    rows, _ = columns(written(usual), written(odd), written(usual), stamps=[f"{TIME}7Z UTC"] * 3)
    exact = datetime.fromisoformat(TIME)
    assert [row["time"] for row in rows] == [exact] * 3
    assert [rows[0]["tick"], rows[2]["tick"]] == [7, 7]


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        ("2026-03-02T10:00:00.000000Z", "2026-03-02T08:00:00.000000Z", -7_200_000_000),
        ("2026-03-02T10:00:00.0000000Z", "2026-03-02T10:00:00.0000010Z", 1),
        ("2026-03-02T10:00:00Z", None, None),
        (None, "2026-03-02T10:00:00Z", None),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00", None),
        ("10 o'clock", "2026-03-02T10:00:00Z", None),
        (7, 8, None),
        ([], {}, None),
    ],
)
def test_how_far_the_clock_was_set(before: Any, after: Any, step: int | None) -> None:
    fields = {"SubjectUserName": "jon", "PreviousTime": before, "NewTime": after}
    rows, _ = columns(written(event(system(4616), EventData=fields)))
    assert rows[0]["clock_step"] == step
