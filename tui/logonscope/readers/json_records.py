"""A record of any known shape -> the shape that is normalised."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from logonscope.readers.json_fields import fields_of
from logonscope.readers.json_shapes import PARTS, Shaped, json_shapes
from logonscope.readers.record_text import Head, Tail, record_text
from logonscope.readers.stamps import utc_stamp

_EPOCH = datetime(1970, 1, 1)
_MS_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/\Z")
_ZONE_WORD = re.compile(r"\s*(?:UTC|GMT)\Z")
_TO_THE_SECOND = len("2026-03-02T08:00:00")
_QUARTER = 900
_GREATEST_OFFSET = 15 * 3600
_MANY = 4096
_PLAIN = frozenset({str, int, float, bool, type(None)})
_PART_COUNT = len(PARTS)
_UINT64 = 1 << 64
_SCALES = ((1e17, 10_000_000), (1e14, 1_000_000), (1e11, 1000))
"""Numbers from which on a time counts nanoseconds (in hundreds), microseconds, milliseconds; else seconds."""


def event_text(shaped: Shaped) -> tuple[str, str, bool]:
    """One record as JSON text in the shape that is normalised.

    Args:
        shaped: The record.

    Returns:
        The time as in ``RawBatch.stamps``, empty where the record has none that can be read; the text; and whether
        the record has a number of its own.
    """
    shape, record, parts = shaped
    (provider, event_id, version, level, task, opcode, keywords, guid, time, record_id, activity_id,
     process_id, thread_id, channel, computer, user_sid, local, utc) = [
        value if value.__class__ in _PLAIN else _plain(value) for value in parts[:_PART_COUNT]
    ]  # fmt: skip
    if shape.form == "hayabusa":
        channel, provider = _of_hayabusa(channel, event_id)
    stamp = _stamp(time, local, utc)
    number = record_id if record_id.__class__ is int and 0 <= record_id < _UINT64 else _number(record_id)
    text = record_text(
        Head(provider, event_id, version, level, task, opcode, _keywords(keywords), _guid(guid) if guid else None),
        stamp[0] if stamp else "",
        number,
        _guid(activity_id) if activity_id else None,
        Tail(process_id, thread_id, channel, computer, user_sid or None),
        fields_of(shape, record, parts[_PART_COUNT:], provider),
    )
    return stamp[1] if stamp else "", text, number is not None


def _plain(value: Any) -> Any:
    """A value without what is around it: its attributes, or a list."""
    if value.__class__ is dict:
        value = next((value[name] for name in ("#text", "Value", "value") if name in value), None)
    if value.__class__ is list:
        value = next(iter(value), None)
    return value if value.__class__ in _PLAIN else None


def _number(value: Any) -> int | None:
    if isinstance(value, str) and value.isdecimal() and len(value) <= 20:
        value = int(value)
    return value if isinstance(value, int) and 0 <= value < _UINT64 else None


@lru_cache(_MANY)
def _guid(text: Any) -> str:
    return str(text).strip("{}").upper()


@lru_cache(_MANY)
def _keywords(value: Any) -> str | None:
    """As Windows has them, from a number of any sign or from words for the audit result; else None."""
    if isinstance(value, bool | float) or value is None:
        return None
    if isinstance(value, int):
        return hex(value % _UINT64)
    text = str(value).strip()
    if text[:2].lower() == "0x":
        return text
    if text.lstrip("-").isdecimal() and len(text) <= 20:
        return hex(int(text) % _UINT64)
    return json_shapes().outcomes.get(text.lower())


def _of_hayabusa(channel: Any, event_id: Any) -> tuple[Any, str | None]:
    """Channel and provider, from Hayabusa's short name of the channel."""
    names = json_shapes().hayabusa
    full, provider = names.channels.get(channel, (channel, ""))
    own = names.providers.get(f"{channel} {event_id}")
    # Without its provider no event is known, and no name is made up: the channel is all that can be said.
    return full, own or provider or full


def _stamp(time: Any, local: Any, utc: Any) -> tuple[str, str] | None:
    """The time; one without a zone is brought to UTC by one moment that is told in local time and in UTC."""
    if isinstance(time, int | float):
        return _of_number(time)
    if not isinstance(time, str):
        return None
    found = utc_stamp(time)
    if found is None:
        found = _other(time)
    elif local.__class__ is str and utc.__class__ is str and time[-1:] != "Z" and time[19:20] not in ("+", "-"):
        offset = _offset(local[:_TO_THE_SECOND], utc[:_TO_THE_SECOND])
        found = _moved(found, offset) if offset else found
    return found


def _other(text: str) -> tuple[str, str] | None:
    """``2020-09-28 14:47:36.197 +02:00``, ``... UTC`` and ``/Date(1601297256197)/``."""
    number = _MS_DATE.match(text)
    if number:
        return _of_ticks(int(number[1]) * 10_000)
    head, space, zone = _ZONE_WORD.sub("Z", text.strip()[:64]).rpartition(" ")
    return utc_stamp(head + zone) if space and zone[:1] in ("+", "-") else utc_stamp(head + space + zone)


def _of_number(value: float) -> tuple[str, str] | None:
    """Seconds since 1970, or a thousandth or less of them, as its size tells."""
    scale = next((scale for least, scale in _SCALES if abs(value) >= least), 1)
    if scale == 10_000_000:
        return _of_ticks(int(value) // 100)
    ticks = value * (10_000_000 // scale)
    return _of_ticks(round(ticks)) if abs(ticks) < 1e19 else None


def _of_ticks(ticks: int) -> tuple[str, str] | None:
    """The time of a count of 100-nanosecond ticks since 1970."""
    seconds, rest = divmod(ticks, 10_000_000)
    try:
        text = f"{(_EPOCH + timedelta(seconds=seconds)).isoformat(timespec='seconds')}.{rest:07}"
    except OverflowError:
        return None
    return text[:-1], f"{text}Z UTC"


@lru_cache(_MANY)
def _offset(local: str, utc: str) -> timedelta | None:
    """What is to be added to local times, from one moment told both ways; to the quarter of an hour, as zones are."""
    try:
        seconds = (datetime.fromisoformat(utc) - datetime.fromisoformat(local)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    rounded = round(seconds / _QUARTER) * _QUARTER
    return timedelta(seconds=rounded) if abs(rounded) <= _GREATEST_OFFSET else None


def _moved(found: tuple[str, str], offset: timedelta) -> tuple[str, str] | None:
    text = _moved_second(found[0][:_TO_THE_SECOND], offset)
    return (text + found[0][_TO_THE_SECOND:], text + found[1][_TO_THE_SECOND:]) if text else None


@lru_cache(_MANY)
def _moved_second(text: str, offset: timedelta) -> str:
    """A second, moved; empty for what is none."""
    try:
        return (datetime.fromisoformat(text) + offset).isoformat()
    except (ValueError, OverflowError):
        return ""
