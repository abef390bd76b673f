"""When a machine slept, or was off without a new boot (rules R7 and R20).

Power-Troubleshooter 1 gives both ends of a sleep. Where it is missing they come from Kernel-Power 42 and 107, or 506
and 507 for modern standby; 107 can be stamped before the clock was read again, then the clock step that follows tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from logonscope.sessions.payload import fields_of, time_field

if TYPE_CHECKING:
    from collections.abc import Iterable

_SAME = timedelta(seconds=10)
_AWAKE_AT_ONCE = timedelta(seconds=2)
_FAST_STARTUP = (6, 5)
"""TargetState and EffectiveState of a shutdown that hibernates the kernel."""
_BOOT_TYPES = (1, 2)
"""Kernel-Boot 27: fast startup, resume from hibernation."""


@dataclass(frozen=True, slots=True)
class PowerRecord:
    """One record of sleep, waking, or the clock, in record order."""

    time: datetime
    provider: str
    event_id: int
    clock_step: int | None
    event_data: str | None
    clock: int | None = None
    """Microseconds by which the clock had been set until then, in all; None where only times can tell."""

    @property
    def is_fast_startup(self) -> bool:
        """Whether it speaks of a machine that is switched off and not only sleeps."""
        fields = fields_of(self.event_data)
        return (fields.get("TargetState"), fields.get("EffectiveState")) == _FAST_STARTUP


@dataclass(frozen=True, slots=True)
class Sleep:
    """A time in which the machine did not run, and its boot went on after it."""

    kind: str
    """``asleep`` or ``off``."""
    since: datetime
    until: datetime | None
    """None where no record tells of the waking."""
    since_clock: int | None = None
    until_clock: int | None = None
    """Steps of the clock until then, as in ``PowerRecord``."""


def sleeps(records: Iterable[PowerRecord]) -> list[Sleep]:
    """Find the times that a machine slept.

    Args:
        records: Its records of sleep and waking, in record order.

    Returns:
        In order. A sleep of which no record tells the end lasts until the next one or the next start of the kernel at
        the latest, the last one without end.
    """
    found: list[Sleep] = []
    asleep: Sleep | None = None
    for record in records:
        match record.provider.rpartition("-")[2], record.event_id:
            case ("Power", 42 | 506):
                found += [_woken(asleep, record)] if asleep else []
                asleep = Sleep("off" if record.is_fast_startup else "asleep", record.time, None, record.clock)
            case ("Troubleshooter", 1):
                exact = _exact(record, asleep or (found[-1] if found else None))
                if exact and asleep and abs(exact.since - asleep.since) <= _SAME:
                    asleep = None
                if exact and found and abs(exact.since - found[-1].since) <= _SAME:
                    found.pop()
                found += [exact] if exact else []
            case ("Power", 507) | ("Boot", 27):
                if asleep and (record.event_id == 507 or fields_of(record.event_data).get("BootType") in _BOOT_TYPES):
                    found.append(_woken(asleep, record))
                    asleep = None
            case ("Power", 107):
                if asleep and record.time - asleep.since > _AWAKE_AT_ONCE:
                    found.append(_woken(asleep, record))
                    asleep = None
            case ("General", 1):
                if asleep and (record.clock_step or 0) > 0 and record.time > asleep.since:
                    found.append(_woken(asleep, record))
                    asleep = None
            case ("General", 12):
                found += [_woken(asleep, record)] if asleep else []
                asleep = None
    return [*found, *([asleep] if asleep else [])]


def _woken(asleep: Sleep, record: PowerRecord) -> Sleep:
    return replace(asleep, until=max(asleep.since, record.time), until_clock=record.clock)


def _exact(record: PowerRecord, asleep: Sleep | None) -> Sleep | None:
    since, until = time_field(record.event_data, "SleepTime"), time_field(record.event_data, "WakeTime")
    if since is None or until is None or until < since:
        return None
    since_clock = asleep.since_clock if asleep else record.clock
    return Sleep("off" if record.is_fast_startup else "asleep", since, until, since_clock, record.clock)
