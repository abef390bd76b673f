"""A text in a large case: its first hits come before all records have been looked through."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from logonscope.case import first_hits, first_rows
from logonscope.case.view import View
from logonscope.filters.syntax import parse
from support.small_case import small_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.case.case import Case


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Case]:
    monkeypatch.setattr(first_hits, "MANY_RECORDS", 1)
    monkeypatch.setattr(first_rows, "_FIRST_SPAN_ROWS", 2)
    with small_case(tmp_path) as case:
        yield case


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("text", ["alice", "a", "nothing-is-called-this"])
def test_any_first_hits_are_enough_once_time_is_up(
    large: Case, text: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = View("event", parse(text), descending=descending)
    whole = large.window(view).page(0, 10**6)
    assert bool(whole) == (text != "nothing-is-called-this")
    monkeypatch.setattr(first_hits, "_SOON_SECONDS", 0)
    soon = large.window(view, most=10**6)
    assert soon.page(0, 10**6) == whole[: soon.count]
    assert (soon.count > 0) == bool(whole)
    assert soon.goes_on == (soon.count < len(whole))


def test_until_then_as_many_come_as_are_wanted(large: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_hits, "_SOON_SECONDS", math.inf)
    view = View("event", parse("alice"))
    whole = large.window(view).page(0, 10**6)
    assert len(whole) > 3
    assert (large.window(view, most=3).page(0, 9), large.window(view, most=3).goes_on) == (whole[:3], True)


@pytest.mark.parametrize("text", ["", "user:alice", "event:4624"])
def test_what_needs_no_look_into_the_records_is_listed_as_a_whole(large: Case, text: str) -> None:
    view = View("event", parse(text))
    assert large.window(view, most=1).page(0, 10**6) == large.window(view).page(0, 10**6)
