"""What the LocalSessionManager log adds to sessions at a desktop (rule R23).

It knows desktops by a small number that is used again at once, and users by name only. Event 21 ties a number to
a session of the Security log; 23, 24 and 25 with that number then belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_EARLIEST = timedelta(seconds=-5)
_LATEST = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Desktop:
    """A session of the Security log at a desktop."""

    session: int
    user: str
    """Account name in lower case, without the domain."""
    start: datetime | None
    boot_end: datetime | None
    """Start of the machine's next boot."""


@dataclass(frozen=True, slots=True)
class TerminalEvent:
    """One record of the LocalSessionManager log, in record order."""

    row: int
    time: datetime
    event_id: int
    number: int
    """Number of the desktop session."""
    account: int
    user: str
    """As in ``Desktop``."""
    source_ip: str


@dataclass(slots=True)
class Stay:
    """What the log says about one desktop session, from 21 to 23."""

    number: int
    session: int | None
    """The session of the Security log, or None where that log does not show it."""
    opened: TerminalEvent
    closed: TerminalEvent | None = None
    marks: list[TerminalEvent] = field(default_factory=list)
    """24 and 25, in order."""


def follow_desktops(events: Iterable[TerminalEvent], desktops: Sequence[Desktop]) -> list[Stay]:
    """Follow the desktop sessions of one machine.

    Args:
        events: Its LocalSessionManager records 21, 23, 24 and 25, in record order.
        desktops: Its sessions of types 2, 10, 11 and 12.

    Returns:
        One stay per record 21.
    """
    stays: list[Stay] = []
    current: dict[int, Stay] = {}
    free = {desktop.session: desktop for desktop in desktops}
    for event in events:
        if event.event_id == 21:
            desktop = _match(event, free.values())
            if desktop:
                del free[desktop.session]
            stay = Stay(event.number, desktop.session if desktop else None, event)
            stays.append(stay)
            current[event.number] = stay
            continue
        running = current.get(event.number)
        if running is None or running.opened.user != event.user or _over(running, event, desktops):
            continue
        if event.event_id == 23:
            running.closed = event
            del current[event.number]
        else:
            running.marks.append(event)
    return stays


def _match(event: TerminalEvent, desktops: Iterable[Desktop]) -> Desktop | None:
    fitting = [
        desktop
        for desktop in desktops
        if desktop.user == event.user and desktop.start and _EARLIEST <= event.time - desktop.start <= _LATEST
    ]
    return min(fitting, key=lambda d: abs(event.time - (d.start or event.time)), default=None)


def _over(stay: Stay, event: TerminalEvent, desktops: Sequence[Desktop]) -> bool:
    """Whether the machine had started again in between: numbers begin anew with each boot."""
    boot_end = next((d.boot_end for d in desktops if d.session == stay.session), None)
    return boot_end is not None and event.time >= boot_end
