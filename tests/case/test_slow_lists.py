"""The first rows of a list that takes long are those of the whole list, however little was looked through."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from logonscope.case import first_rows, slow_lists
from logonscope.case.view import ORDERS, Scope, View
from logonscope.filters.syntax import parse
from support.small_case import small_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.case.case import Case
    from logonscope.filters.compile import Target


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.setattr(slow_lists, "_MANY_RECORDS", 1)
    monkeypatch.setattr(first_rows, "_FIRST_SPAN_ROWS", 2)
    with small_case(tmp_path) as case:
        yield case


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("text", ["", "alice", "a", "nothing-is-called-this"])
def test_any_slow_lists_are_enough_once_time_is_up(
    large: Case, text: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View("event", parse(text), descending=descending)
    whole = large.window(view).page(0, 10**6)
    assert bool(whole) == (text != "nothing-is-called-this")
    monkeypatch.setattr(slow_lists, "_SOON_SECONDS", 0)
    soon = large.window(view, most=10**6)
    assert soon.page(0, 10**6) == whole[: soon.count]
    assert (soon.count > 0) == bool(whole)
    assert soon.goes_on == (soon.count < len(whole))


def test_until_then_as_many_come_as_are_wanted(large: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_lists, "_SOON_SECONDS", math.inf)
    view = View("event", parse("alice"))
    whole = large.window(view).page(0, 10**6)
    assert len(whole) > 3
    assert (large.window(view, most=3).page(0, 9), large.window(view, most=3).goes_on) == (whole[:3], True)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("text", ["user:alice", "event:4624", "-event:4624", "is:remote", "user:nobody"])
def test_in_the_usual_order_the_first_rows_come_first_and_all_of_a_short_list(
    large: Case, text: str, descending: bool
) -> None:
    view = View("event", parse(text), descending=descending)
    whole = large.window(view).page(0, 10**6)
    assert bool(whole) == (text != "user:nobody")
    first = large.window(view, most=2)
    assert (first.page(0, 10**6), first.goes_on) == (whole[:2], len(whole) > 1)
    every = large.window(view, most=len(whole) + 1)
    assert (every.page(0, 10**6), every.goes_on) == (whole, False)
    assert every.times is not None


@pytest.mark.parametrize("target", ["event", "session"])
@pytest.mark.parametrize("descending", [False, True])
def test_in_another_order_the_first_rows_come_first(large: Case, target: Target, descending: bool) -> None:
    for order in ORDERS[target][1:]:
        view = View(target, order=order, descending=descending, scope=Scope.ALL)
        whole = large.window(view).page(0, 10**6)
        first = large.window(view, most=2)
        assert (first.page(0, 9), first.goes_on) == (whole[:2], True)
