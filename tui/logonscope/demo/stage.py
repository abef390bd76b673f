"""Plays what several people and programs do at once, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Actor = Iterator[datetime]
"""A generator that yields the time at which it wants to go on, and acts when it is resumed."""


def play(actors: Iterable[Actor]) -> None:
    """Resume each actor at the times that it asks for, until all have finished."""
    order = count()
    waiting: list[tuple[datetime, int, Actor]] = []
    for actor in actors:
        _wait(waiting, actor, next(order))
    while waiting:
        _, _, actor = heappop(waiting)
        _wait(waiting, actor, next(order))


def _wait(waiting: list[tuple[datetime, int, Actor]], actor: Actor, order: int) -> None:
    moment = next(actor, None)
    if moment is not None:
        heappush(waiting, (moment, order, actor))
