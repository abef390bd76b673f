"""The logs of one machine while it lives: they grow, are archived and cleared, and lose records in many ways."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain, count, dropwhile
from typing import TYPE_CHECKING, Any

from logonscope.demo.records import Record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from logonscope.demo.records import EventKind


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One record that Windows wrote, whether or not it is still there. Compared by identity."""

    order: int
    """How many records the machine had written before it."""
    moment: datetime
    """When it was written, on a clock that nobody sets."""
    boot: int
    """In which boot of the machine, counted from 1."""
    record: Record


class Journal:
    """All channels of a machine. Every channel numbers its records from 1, also across a clearing.

    Args:
        computer: Name of the machine as its records state it.
        channels: The channels that are kept; records for others are not written.
    """

    def __init__(self, computer: str, channels: frozenset[str]) -> None:
        self._computer = computer
        self._channels = channels
        self._live: dict[str, list[Entry]] = {channel: [] for channel in channels}
        self._last_id: dict[str, int] = defaultdict(int)
        self._archives: dict[str, list[Entry]] = {}
        self._gone: list[Entry] = []
        self._order = count()

    def write(
        self,
        moment: datetime,
        boot: int,
        kind: EventKind,
        time: int,
        fields: dict[str, Any],
        *,
        arrives: bool = True,
        **system: Any,
    ) -> None:
        """Write a record to the kind's channel.

        Args:
            moment: When it happens, on a clock that nobody sets.
            boot: In which boot, counted from 1.
            kind: Its kind.
            time: Its time stamp (FILETIME).
            fields: Its payload by field name.
            arrives: Whether the log service gets it; a record that is lost on the way has no number.
            system: More values of `Record`.
        """
        if kind.channel not in self._channels:
            return
        self._last_id[kind.channel] += arrives
        record_id = self._last_id[kind.channel] if arrives else 0
        record = Record(kind, record_id, time, self._computer, kind.fill(**fields), **system)
        (self._live[kind.channel] if arrives else self._gone).append(Entry(next(self._order), moment, boot, record))

    def lose_after(self, moment: datetime) -> None:
        """Forget what was written after a moment and had not reached the disk; its record IDs come again."""
        for channel, entries in self._live.items():
            unsaved = [*dropwhile(lambda entry: entry.moment <= moment, entries)]
            if unsaved:
                self._last_id[channel] = unsaved[0].record.record_id - 1
            self._remove(channel, unsaved)

    def take_out(self, channel: str, newest: int, every: int) -> None:
        """Take records out of a channel, which leaves holes in its record IDs.

        Args:
            channel: The channel.
            newest: Among how many of its newest records.
            every: Each how-manieth of them goes; 1 for all.
        """
        self._remove(channel, self._live[channel][-newest::every])

    def keep_newest(self, channel: str, newest: int) -> None:
        """Let some newest records of a channel take the place of all older ones."""
        self._remove(channel, self._live[channel][:-newest])

    def archive(self, channel: str, file_name: str) -> None:
        """Move a channel's records to a file of their own."""
        self._archives[file_name], self._live[channel] = self._live[channel], []

    def clear(self, channel: str) -> None:
        """Empty a channel; its record IDs go on counting."""
        self._remove(channel, self._live[channel])

    def files(self) -> dict[str, list[Record]]:
        """The records of every log file by file name, the archives too."""
        live = {file_name_of(channel): entries for channel, entries in sorted(self._live.items())}
        return {name: [entry.record for entry in entries] for name, entries in (self._archives | live).items()}

    def entries(self) -> Iterator[tuple[Entry, bool]]:
        """Every record that was ever written, and whether it is still in a file; in no order."""
        kept = chain(*self._archives.values(), *self._live.values())
        return chain(((entry, True) for entry in kept), ((entry, False) for entry in self._gone))

    def _remove(self, channel: str, entries: Collection[Entry]) -> None:
        going = {id(entry) for entry in entries}
        self._gone += entries
        self._live[channel] = [entry for entry in self._live[channel] if id(entry) not in going]


def file_name_of(channel: str) -> str:
    """The name of a channel's log file."""
    return f"{channel.replace('/', '%4')}.evtx"
