"""The start of the kernel, hidden in activity IDs (rule R6: measured, not documented by Microsoft)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1601, 1, 1)
_PLAUSIBLE_YEARS = range(2007, 2101)


def kernel_start(activity_id: str) -> datetime | None:
    """Read the start of the kernel from the activity ID of a Security record.

    Its last 8 bytes, little-endian, are a FILETIME that is the same in all records of one boot on Windows 10 and
    Server 2016 and later. A random GUID, or a time that cannot be, gives None.

    Args:
        activity_id: A GUID, with or without braces.

    Returns:
        Naive UTC, to the microsecond.
    """
    try:
        guid = UUID(activity_id)
    except ValueError:
        return None
    if guid.variant == "specified in RFC 4122" and guid.version == 4:
        return None
    ticks = int.from_bytes(guid.bytes[8:], "little")
    try:
        start = _EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return start if start.year in _PLAUSIBLE_YEARS else None
