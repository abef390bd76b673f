"""A stay on its own time line: present, locked, disconnected, asleep, or not known, from its start to its end."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from logonscope.display import duration_text, microseconds
from logonscope.knowledge.attendance import attendance_words
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from logonscope.model import Absence, Event, Evidence, Session

_STRONGEST_FIRST = ("off", "asleep", "disconnected", "locked", "idle")
"""Where absences overlap, the first of these is shown."""
_MOMENTS = {"unlock": "unlocked", "return": "reconnected", "reconnect": "reconnected"}
"""Roles of evidence that prove that somebody was there at that moment."""
_ONE_MOMENT = 5_000_000
"""Microseconds in which the records of one unlock or one reconnection come, a logon and a notice each."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a stay in one state."""

    state: str
    """A key of ``[state]`` in ``knowledge/attendance.toml``."""
    from_us: int
    to_us: int
    """Microseconds of running time since the start of the session."""


@dataclass(frozen=True, slots=True)
class Timeline(Fact):
    """A line of the detail that is drawn as a bar; its text says the same in words."""

    stretches: tuple[Stretch, ...] = ()
    """From the start to the end, none overlapping."""
    moments: tuple[tuple[int, str], ...] = ()
    """Microseconds since the start, and what somebody did then."""

    @property
    def length(self) -> int:
        """Microseconds from the start to the end, or as long as it lasted for certain."""
        return self.stretches[-1].to_us if self.stretches else 0

    def totals(self) -> dict[str, int]:
        """Microseconds in each state."""
        found: Counter[str] = Counter()
        for stretch in self.stretches:
            found[stretch.state] += stretch.to_us - stretch.from_us
        return dict(found)

    def cells(self, count: int) -> list[str]:
        """The time line cut into equal cells: of each the state that holds most of it.

        Args:
            count: How many cells.
        """
        edges = [self.length * cell // count for cell in range(count + 1)]
        return [self._state_between(since, until) for since, until in pairwise(edges)]

    def _state_between(self, since: int, until: int) -> str:
        shares: Counter[str] = Counter()
        for stretch in self.stretches:
            shares[stretch.state] += max(0, min(stretch.to_us, until) - max(stretch.from_us, since))
        return shares.most_common(1)[0][0]


def timeline(
    session: Session, absences: Sequence[Absence], evidence: Iterable[tuple[Evidence, Event]] = ()
) -> Timeline | None:
    """Lay out a stay.

    Args:
        session: The session.
        absences: Its times away; they may overlap.
        evidence: Its records, for the moments at which somebody was there.

    Returns:
        The time line; None for what is no stay, and where it is not known how long it lasted.
    """
    length = session.duration_least or 0
    if session.logon_class != "stay" or session.role != "session" or length <= 0:
        return None
    stretches = _stretches(session, absences, length)
    moments = _moments(session, evidence, length)
    words = attendance_words().state
    totals = Timeline("", stretches=stretches).totals()
    told = [f"{words[state]} {duration_text(total)}" for state, total in totals.items()]
    return Timeline(", ".join(told), stretches=stretches, moments=moments)


def _stretches(session: Session, absences: Iterable[Absence], length: int) -> tuple[Stretch, ...]:
    changes: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for absence in absences:
        since, until = max(absence.from_us, 0), min(absence.to_us, length)
        if since < until:
            changes[since].append((absence.kind, 1))
            changes[until].append((absence.kind, -1))
    there = "present" if session.sees_locks else "connected" if session.presence else "on"
    away: Counter[str] = Counter()
    stretches: list[Stretch] = []
    for since, until in pairwise(sorted({0, length, *changes})):
        for kind, step in changes[since]:
            away[kind] += step
        state = next((kind for kind in _STRONGEST_FIRST if away[kind]), there)
        if stretches and stretches[-1].state == state:
            stretches[-1] = replace(stretches[-1], to_us=until)
        else:
            stretches.append(Stretch(state, since, until))
    return tuple(stretches)


def _moments(session: Session, evidence: Iterable[tuple[Evidence, Event]], length: int) -> tuple[tuple[int, str], ...]:
    start = session.start
    if start is None or "clock-adjusted" in session.flags:  # a stamp does not tell the running time then
        return ()
    found = sorted(
        (at, _MOMENTS[entry.role])
        for entry, event in evidence
        if entry.role in _MOMENTS and event.time and 0 <= (at := microseconds(event.time - start)) <= length
    )
    moments: list[tuple[int, str]] = []
    for at, what in found:
        before = next((earlier for earlier, kind in reversed(moments) if kind == what), None)
        if before is None or at - before > _ONE_MOMENT:
            moments.append((at, what))
    return tuple(moments)
