"""Batches made ahead in a thread: the same ones, their errors, and no thread that stays."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from logonscope.export.ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Iterator


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


def numbers(count: int, places: list[str]) -> Iterator[int]:
    try:
        for number in range(count):
            places.append(threading.current_thread().name)
            yield number
    finally:
        places.append("closed")


def test_all_of_them_in_their_order() -> None:
    places: list[str] = []
    assert list(ahead(numbers(50, places))) == list(range(50))
    assert {*places} == {"export", "closed"}
    assert "export" not in threads()


def test_an_error_comes_in_its_place() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    taken = ahead(failing())
    assert next(taken) == 1
    with pytest.raises(ValueError, match="no more"):
        next(taken)
    assert "export" not in threads()


def test_who_takes_no_more_ends_the_thread() -> None:
    places: list[str] = []
    taken = ahead(numbers(1_000_000, places))
    assert next(taken) == 0
    taken.close()  # type: ignore[attr-defined]
    assert "export" not in threads()
    assert len(places) < 10
