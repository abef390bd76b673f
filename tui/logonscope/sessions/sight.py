"""What the logs would have shown, had it happened: so that what they do not show can be ruled out."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_DESTROYING = timedelta(minutes=3)
"""How long before a 4634 other logs may have told of the sign-out (rule R17)."""
_LATENESS = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Reach:
    """From when to when a log tells of desktops."""

    first: datetime | None
    """Its first record; None where it holds all since it was made."""
    last: datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of one machine.

    Args:
        desktop_logs: The logs that tell of desktops, by provider.
        boot_begins: Position of the first record of each boot; those of which the start is recorded.
        holes: Positions in the Security log after which records are missing, in order; its last one among them.
        resumes: The position at which the log goes on after each hole.
    """

    desktop_logs: Mapping[str, Reach] = field(default_factory=dict)
    boot_begins: Mapping[int, int] = field(default_factory=dict)
    holes: Sequence[int] = ()
    resumes: Sequence[int] = ()

    def shows_closing_at(self, time: datetime) -> bool:
        """Whether a log would tell that a desktop was closed, whose logon Windows then removed at a time."""
        return any(
            (log.first is None or time - log.first >= _DESTROYING) and time - log.last <= _LATENESS
            for log in self.desktop_logs.values()
        )

    def is_whole(self, boot: int, position: int) -> bool:
        """Whether the Security log holds all that was written from the start of a boot to a position."""
        begin = self.boot_begins.get(boot)
        return begin is not None and not self.has_hole(begin, position)

    def has_hole(self, first: int, last: int) -> bool:
        """Whether records of the Security log are missing after one position and before another."""
        next_hole = bisect_left(self.holes, first)
        return next_hole < len(self.holes) and self.holes[next_hole] < last

    def is_missing(self, position: int) -> bool:
        """Whether there was a record of the Security log at a position that is gone."""
        hole = bisect_left(self.holes, position) - 1
        return hole >= 0 and position < self.resumes[hole]
