"""What of the records is loaded at all, where the user asks for a part only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from fnmatch import translate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_EPOCH = datetime(1601, 1, 1)


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of the records; each condition that is given must hold."""

    since: datetime | None = None
    until: datetime | None = None
    """Naive UTC; ``until`` is the first moment that is left out. A record without a time is kept."""
    channels: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    """Names with ``*`` and ``?``, without regard to case; a host's short name stands for its full one."""
    events: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self != Cut()

    @property
    def is_partial(self) -> bool:
        """Whether of the logs that are kept some records are left out: what is not there may only not be loaded."""
        return bool(self.since or self.until or self.events)

    @property
    def filetimes(self) -> tuple[int, int]:
        """``since`` and ``until`` in 100 ns since 1601."""
        return (_filetime(self.since) if self.since else 0, _filetime(self.until) if self.until else 1 << 64)

    def has_channel(self, channel: str) -> bool:
        """Whether the records of a channel are kept."""
        return _fits(channel, self.channels)

    def has_host(self, computer: str) -> bool:
        """Whether the records of a computer are kept."""
        return _fits(computer, self.hosts) or _fits(computer.partition(".")[0], self.hosts)

    def __str__(self) -> str:
        return ", ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        if self.since:
            yield f"since {_short(self.since)}"
        if self.until:
            yield f"until {_short(self.until)}"
        if self.channels:
            yield f"channel {' or '.join(self.channels)}"
        if self.hosts:
            yield f"host {' or '.join(self.hosts)}"
        if self.events:
            yield f"event {', '.join(map(str, sorted(self.events)))}"


EVERYTHING = Cut()


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return not patterns or any(re.match(translate(pattern.lower()), name.lower()) for pattern in patterns)


def _filetime(time: datetime) -> int:
    passed = time - _EPOCH
    return ((passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds) * 10


def _short(time: datetime) -> str:
    return time.isoformat(" ").removesuffix(":00").removesuffix(" 00:00")
