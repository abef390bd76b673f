"""When the person was at the desk: a session less the times locked, disconnected, idle or asleep (rules R20 to R22).

All arithmetic is on the machine's running time: stamped times less the steps by which the clock had been set, in
microseconds.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_ABSENCES = {"lock": "locked", "leave": "disconnected", "idle": "idle"}
"""Role of the record that begins an absence, and the absence."""
_CLOSERS = {"unlock": "locked", "return": "disconnected", "active": "idle"}


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A record that begins or ends an absence, or proves that somebody was there."""

    instant: int
    time: datetime
    """As stamped."""
    role: str
    """``lock``, ``unlock``, ``leave``, ``return``, ``idle``, ``active``; ``proof`` for a logon that unlocked the screen
    or reconnected."""


class Lasting(msgspec.Struct, frozen=True, gc=False):
    """How long a desktop session lasted, as far as the logs reach."""

    session: int
    machine: int
    since: datetime
    start: int
    until: datetime
    end: int


class Away(msgspec.Struct, frozen=True, gc=False):
    """One absence, within its session."""

    kind: str
    since: datetime
    until: datetime
    start: int
    end: int


def absences(lasting: Lasting, marks: Iterable[Mark]) -> list[Away]:
    """The times away from one session.

    Args:
        lasting: The session.
        marks: Its records, in order; an absence that no record ends runs to the end of the session.

    Returns:
        Absences of each kind in order; those of different kinds may overlap.
    """
    found: list[Away] = []
    began: dict[str, Mark] = {}
    proof: Mark | None = None
    for mark in marks:
        if mark.role == "proof":
            proof = mark
        elif mark.role in _ABSENCES:
            kind = _ABSENCES[mark.role]
            before = began.get(kind)
            # Unlocked in between, although no record of the unlocking itself is there.
            if before and proof and kind != "idle" and before.instant < proof.instant < mark.instant:
                found.append(_away(kind, before, proof))
                began[kind] = mark
            began.setdefault(kind, mark)
        elif (kind := _CLOSERS[mark.role]) in began:
            found.append(_away(kind, began.pop(kind), mark))
    for kind, mark in began.items():
        ended = proof if proof and kind != "idle" and proof.instant > mark.instant else None
        until = (ended.time, ended.instant) if ended else (lasting.until, lasting.end)
        found.append(Away(kind, mark.time, until[0], mark.instant, until[1]))
    return [clipped for away in found if (clipped := _within(lasting, away))]


def _away(kind: str, began: Mark, ended: Mark) -> Away:
    return Away(kind, began.time, ended.time, began.instant, ended.instant)


def _within(lasting: Lasting, away: Away) -> Away | None:
    """The part of an absence that lies in its session."""
    since, start = (away.since, away.start) if away.start >= lasting.start else (lasting.since, lasting.start)
    until, end = (away.until, away.end) if away.end <= lasting.end else (lasting.until, lasting.end)
    return Away(away.kind, since, until, start, end) if start < end else None


def asleep(lasting: Lasting, sleeps: Sequence[Away]) -> Iterator[Away]:
    """The part of the machine's sleeps that lies in a session."""
    return (clipped for sleep in sleeps if (clipped := _within(lasting, sleep)))


def away_time(found: Iterable[Away]) -> int:
    """Total time away in microseconds: of absences that overlap, a lock inside a disconnect say, each moment once."""
    total, covered = 0, None
    for away in sorted(found, key=lambda a: (a.start, a.end)):
        start = away.start if covered is None else max(away.start, covered)
        total += max(away.end - start, 0)
        covered = away.end if covered is None else max(covered, away.end)
    return total
