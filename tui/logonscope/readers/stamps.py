"""Times in texts, brought into the two forms that all readers hand on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_UTC_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?\Z")
_DIGITS = 7


def utc_stamp(text: str) -> tuple[str, str] | None:
    """A time as text, in UTC.

    Args:
        text: ``2026-05-11T12:45:17.660156200Z``, with up to nine digits of a second and any offset from UTC; without
            an offset it is taken for UTC.

    Returns:
        The time to the microsecond (``2026-05-11T12:45:17.660156``), and with the seventh digit as in
        ``RawBatch.stamps``. None for what is no such time.
    """
    found = _UTC_TIME.match(text)
    if found is None:
        return None
    day, clock, fraction, offset = found.groups()
    digits = (fraction or "").ljust(_DIGITS, "0")[:_DIGITS]
    if offset not in (None, "Z", "+00:00", "+0000"):
        try:
            moved = datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC)
        except (ValueError, OverflowError):
            return None
        day, clock = moved.strftime("%Y-%m-%d"), moved.strftime("%H:%M:%S")
    return f"{day}T{clock}.{digits[:6]}", f"{day}T{clock}.{digits}Z UTC"


_FILETIME_EPOCH = datetime(1601, 1, 1)


def filetime_stamp(filetime: int) -> tuple[str, str] | None:
    """The same of a count of 100-nanosecond ticks since 1601, UTC; None beyond the year 9999."""
    seconds, ticks = divmod(filetime, 10_000_000)
    try:
        moment = _FILETIME_EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None
    text = f"{moment.isoformat(timespec='seconds')}.{ticks:07}"
    return text[:-1], f"{text}Z UTC"
