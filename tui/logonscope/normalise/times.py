"""The time of each record: UTC, to the microsecond, with the seventh digit that Windows keeps apart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS = {str(digit): digit for digit in range(10)}
TIME_DIGITS = 26
"""Characters of a time to the microsecond: ``2026-05-11T12:45:17.660156``."""


def times(created: Sequence[str], stamps: Sequence[str]) -> tuple[pa.Array, pa.Array]:
    """Times from TimeCreated, or from the record's header where that is missing.

    The last digit, which TimeCreated lacks, comes from the header where the two agree.

    Args:
        created: Time in TimeCreated: ``2026-05-11T12:45:17.660156``; empty where the record has none.
        stamps: Time in the record's header: ``2026-05-11T12:45:17.6601562Z UTC``.

    Returns:
        ``timestamp[us]``, null where there is no time, and ``uint8``.
    """
    try:
        time = pa.array(created, pa.string()).cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        found = [_time(own) or _time(stamp.removesuffix(" UTC")) for own, stamp in zip(created, stamps, strict=True)]
        time = pa.array(found, pa.timestamp("us"))
    ticks = [
        _DIGITS.get(stamp[TIME_DIGITS : TIME_DIGITS + 1], 0) if stamp[:TIME_DIGITS] == own else 0
        for own, stamp in zip(created, stamps, strict=True)
    ]
    return time, pa.array(ticks, pa.uint8())


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None
