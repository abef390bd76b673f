"""What stands beside UTC: the time on a machine's clock, in a chosen zone, or until the end of the log."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from logonscope.case.zones import note_at
from logonscope.display import duration_text, microseconds, sanitise
from logonscope.errors import FilterError
from logonscope.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from logonscope.case.zones import Notes

Mode = Literal["nothing", "machine", "zone", "end"]
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)
_UNKNOWN = "zone unknown"
_ZONE_WIDTH, _SPAN_WIDTH = 17, 9
TITLES: dict[Mode, str] = {"nothing": "", "machine": "machine's zone", "zone": "", "end": "to end of log"}


@dataclass(frozen=True, slots=True)
class Beside:
    """What is written beside every time in UTC."""

    mode: Mode = "nothing"
    machines: dict[str, Notes] = field(default_factory=dict)
    """What the logs tell of the zones of machines, by name."""
    zone: tzinfo = UTC
    zone_name: str = "UTC"
    log_end: datetime | None = None

    @property
    def title(self) -> str:
        """For the head of a column, sanitised."""
        return self.zone_name if self.mode == "zone" else TITLES[self.mode]

    @property
    def width(self) -> int:
        """Characters that it takes."""
        widths = {"nothing": 0, "end": max(_SPAN_WIDTH, len(TITLES["end"]))}
        return widths.get(self.mode, _ZONE_WIDTH)

    def text(self, machine: str, time: datetime | None) -> str:
        """A time as it stands beside UTC: ``Mon 10:00 +01:00``; a ? where the logs leave a doubt.

        Args:
            machine: The machine's name as the logs have it.
            time: Naive UTC.
        """
        if time is None or self.mode == "nothing":
            return ""
        if self.mode == "end":
            return _to_end(time, self.log_end)
        local, doubt = self._local(machine, time)
        return f"{local:%a %H:%M} {_offset(local)}{doubt}" if local else _UNKNOWN

    def _local(self, machine: str, time: datetime) -> tuple[datetime | None, str]:
        """A time on the clock of a machine or in the chosen zone, and the mark of a doubt."""
        zone, doubt = self.zone, ""
        if self.mode == "machine":
            notes = self.machines.get(machine)
            if not notes:
                return None, ""
            note, is_sure = note_at(notes, time)
            named = _zone(note.zone) if note.zone else None
            zone = named or timezone(timedelta(minutes=note.minutes))
            doubt = "" if is_sure and (named or not note.zone) else "?"
        try:
            return time.replace(tzinfo=UTC).astimezone(zone), doubt
        except OverflowError:
            return None, ""

    def facts(self, machine: str, times: Iterable[tuple[str, datetime | None]]) -> tuple[Fact, ...]:
        """Times in full, for the detail.

        Args:
            machine: The machine's name as the logs have it.
            times: What each is, and the time in naive UTC.
        """
        if self.mode == "nothing":
            return ()
        told = (
            Fact(self._whole(machine, time), f"{name}, {self.title}", self._known_by(machine, time))
            for name, time in times
            if time is not None
        )
        return Fact("Beside UTC", heading=True), *told

    def _whole(self, machine: str, time: datetime) -> str:
        if self.mode == "end":
            return _to_end(time, self.log_end)
        local, doubt = self._local(machine, time)
        if local is None:
            return f"{_UNKNOWN}: no System 6013 and no Kernel-General 1, 22 or 24 of this machine tells it"
        return f"{local:%a %Y-%m-%d %H:%M:%S} {_offset(local)}{doubt}"

    def _known_by(self, machine: str, time: datetime) -> str:
        notes = self.machines.get(machine)
        if self.mode != "machine" or not notes:
            return ""
        note, is_sure = note_at(notes, time)
        told = f"{sanitise(note.name)} ({note.zone})" if note.zone else sanitise(note.name) or "an offset"
        doubt = "" if is_sure else "; not certain then, summer time least of all" if note.name else "; not certain then"
        return f"{told}, by the log at {note.time:%Y-%m-%d %H:%M} UTC{doubt}"


def _to_end(time: datetime, log_end: datetime | None) -> str:
    if log_end is None:
        return "-"
    apart = microseconds(log_end - time)
    return f"-{duration_text(apart)}" if apart >= 0 else f"+{duration_text(-apart)}"


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return f"{text[:3]}:{text[3:5]}"


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def find_zone(text: str) -> tuple[str, tzinfo]:
    """A zone by its name in the IANA database, in any case, or by its offset (``+02:00``).

    It looks into files: not for the event loop.

    Raises:
        FilterError: There is none.
    """
    typed = text.strip()
    offset = _OFFSET.fullmatch(typed)
    if offset and int(offset[2]) < 15 and int(offset[3] or 0) < 60:
        span = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        zone = timezone(span if offset[1] == "+" else -span)
        return str(zone), zone
    known = {name.lower(): name for name in available_timezones()}
    if not known:
        raise FilterError("no time zones are known on this computer", 0, len(text), "Install tzdata, or write +02:00.")
    name = known.get(typed.lower().replace(" ", "_"))
    by_city = [zone for key, zone in known.items() if key.rpartition("/")[2] == typed.lower().replace(" ", "_")]
    chosen = name or (by_city[0] if len(by_city) == 1 else "")
    found = _zone(chosen) if chosen else None
    if found is None:
        near = [known[key] for key in get_close_matches(typed.lower(), known, 2)] or by_city[:2]
        advice = f"Did you mean {' or '.join(near)}?" if near else "Write Europe/Berlin or +02:00."
        raise FilterError(f"there is no time zone {typed}", 0, len(text), advice)
    return chosen, found
