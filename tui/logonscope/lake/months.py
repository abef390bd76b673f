"""The months of events, as the folders of a lake name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

_NAMED = re.compile(r"/month=(\d{4}-\d\d|none)/")
UNTIMED = "none"
"""The month of what has no plausible time."""


class Months(NamedTuple):
    """Some months in a row, as ``2026-03``; without a bound where that is None."""

    first: str | None = None
    last: str | None = None

    def holds(self, month: str) -> bool:
        """Whether a month is one of them; an empty one, and that of no plausible time, may be any."""
        if month in ("", UNTIMED):
            return True
        return (self.first is None or self.first <= month) and (self.last is None or month <= self.last)


EVERY_MONTH = Months()


def month_at(time: datetime) -> str:
    """The month of a time, naive UTC."""
    return time.isoformat()[:7]


def month_of(path: str) -> str:
    """The month that a file of events is of; empty for a file of all months."""
    found = _NAMED.search(path)
    return found[1] if found else ""
