"""Rows around those that fit, in the order of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from logonscope.case.view import View
from logonscope.filters.syntax import parse
from logonscope.store.row_window import open_window_around
from support.small_case import small_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.case.case import Case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with small_case(tmp_path_factory.mktemp("context")) as loaded:
        yield loaded


def listed(case: Case, text: str, around: int, *, descending: bool = False) -> list[tuple[int, bool]]:
    window = case.window(View("event", parse(text), around=around, descending=descending))
    events = case.events(window.page(0, window.count))
    return [(event.record_id, hit) for event, hit in zip(events, window.are_hits(0, window.count), strict=True)]


def test_neighbours_are_listed_in_the_order_of_the_list(case: Case) -> None:
    assert listed(case, "event:4625", 1) == [(3, False), (4, True), (5, False)]
    assert listed(case, "event:4625", 1, descending=True) == [(5, False), (4, True), (3, False)]
    assert listed(case, "event:4608,1102", 1) == [(1, True), (2, False), (102, False), (103, True)]


def test_without_a_filter_or_without_rows_around_all_fit(case: Case) -> None:
    assert case.window(View("event", parse(""), around=5)).hits is None
    assert case.window(View("event", parse("event:4625"))).hits is None
    assert listed(case, "event:1", 5) == []
    assert case.count(View("event", parse("event:4625"), around=5)) == 1
    assert case.window(View("event", parse("event:4625"), around=5)).hit_count == 1


@pytest.mark.parametrize("around", [1, 2, 3, 5, 20, 100])
def test_every_row_within_reach_and_no_other_is_kept(around: int) -> None:
    hits = {0, 17, 18, 60, 99}
    sql = "SELECT i, i IN (SELECT unnest(?::INTEGER[])) FROM range(100) t(i) ORDER BY i"
    window = open_window_around(duckdb.connect(), sql, [sorted(hits)], around)
    assert window.page(0, 100) == [n for n in range(100) if any(abs(n - hit) <= around for hit in hits)]
    assert window.hit_count == len(hits)
