"""The time zones of the machines, as far as their logs tell them.

System 6013 names the zone and its offset without summer time; Kernel-General 1, 22 and 24 tell the offset in force.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from logonscope.knowledge.zones import windows_zones

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

_TOLD = """
    SELECT m.name, e.time, e.event_id, e.event_data
    FROM live_event e
    JOIN computer_machine c ON c.source = e.source AND c.computer = e.computer
    JOIN machine m ON m.number = c.machine
    WHERE e.time IS NOT NULL
      AND (e.event_id = 6013 AND e.provider IN (SELECT code FROM dim_provider WHERE text = 'EventLog')
           OR e.event_id IN (1, 22, 24)
              AND e.provider IN (SELECT code FROM dim_provider WHERE text = 'Microsoft-Windows-Kernel-General'))
    ORDER BY m.name, e.time, e.tick, e.record_id, e.row
"""
_BIAS_FIELDS = {1: "TimeZoneBias", 22: "NewBias", 24: "CurrentBias"}
_NAMED_BIAS = re.compile(r"(-?\d{1,4}) (.+)")
_MOST_MINUTES = 15 * 60


@dataclass(frozen=True, slots=True)
class ZoneNote:
    """What one record tells of the time zone of its machine."""

    time: datetime
    minutes: int
    """East of UTC: as it was then, or without summer time where ``name`` is given."""
    name: str = ""
    """Windows' name of the zone, not sanitised; empty where only the offset is told."""
    zone: str = ""
    """The zone of the IANA database that it stands for; empty where that is not known."""


Notes = tuple[ZoneNote, ...]


def machine_zones(con: duckdb.DuckDBPyConnection) -> dict[str, Notes]:
    """What the logs tell of the time zone of each machine, in order, and only what changed.

    Args:
        con: A cursor of the calling thread.
    """
    found: dict[str, list[ZoneNote]] = {}
    for machine, time, event_id, event_data in con.execute(_TOLD).fetchall():
        note = _note(time, event_id, _fields(event_data))
        if note is not None:
            found.setdefault(machine, []).append(note)
    return {machine: tuple(notes) for machine, notes in found.items()}


def zones_now(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, int]]:
    """The zone of each machine that its last record names: in the IANA database, or empty; minutes east of UTC.

    Args:
        con: A cursor of the calling thread.
    """
    return {machine: (notes[-1].zone, notes[-1].minutes) for machine, notes in machine_zones(con).items()}


def _fields(event_data: str | None) -> dict[str, Any]:
    try:
        fields = json.loads(event_data or "{}")
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}


def _note(time: datetime, event_id: int, fields: dict[str, Any]) -> ZoneNote | None:
    if event_id != 6013:
        return _checked(time, fields.get(_BIAS_FIELDS[event_id]))
    data = fields.get("Data")
    texts = data.get("#text") if isinstance(data, dict) else data
    last = texts[-1] if isinstance(texts, list) and texts else ""
    told = _NAMED_BIAS.fullmatch(last) if isinstance(last, str) else None
    return _checked(time, told[1], told[2]) if told else None


def _checked(time: datetime, bias: Any, name: str = "") -> ZoneNote | None:
    try:
        minutes = -int(bias)
    except (TypeError, ValueError):
        return None
    if abs(minutes) > _MOST_MINUTES:
        return None
    return ZoneNote(time, minutes, name, windows_zones().get(name, ""))


def note_at(notes: Notes, time: datetime) -> tuple[ZoneNote, bool]:
    """The record that tells of a moment, and whether it leaves no doubt.

    The last one before it does where it names a known zone, or where the next one says the same. Before the first
    record nothing is certain.

    Args:
        notes: At least one record.
        time: Naive UTC.
    """
    place = bisect_right(notes, time, key=lambda note: note.time)
    if not place:
        return notes[0], False
    note = notes[place - 1]
    if note.zone:
        return note, True
    following = notes[place] if place < len(notes) else None
    is_offset = not note.name and following is not None and not following.name
    return note, is_offset and following is not None and following.minutes == note.minutes
