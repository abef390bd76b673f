"""The logs of one machine while it lives: they grow, lose their end in a crash, are archived and cleared."""

from __future__ import annotations

from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from logonscope.demo.records import Record

if TYPE_CHECKING:
    from datetime import datetime

    from logonscope.demo.records import EventKind


class Journal:
    """All channels of a machine. Every channel numbers its records from 1, also across a clearing.

    Args:
        computer: Name of the machine as its records state it.
        channels: The channels that are kept; records for others are not written.
    """

    def __init__(self, computer: str, channels: frozenset[str]) -> None:
        self._computer = computer
        self._channels = channels
        self._written: dict[str, list[tuple[datetime, Record]]] = {channel: [] for channel in channels}
        self._last_id: dict[str, int] = defaultdict(int)
        self._archives: dict[str, list[Record]] = {}

    def write(self, moment: datetime, kind: EventKind, time: int, fields: dict[str, Any], **system: Any) -> None:
        """Write a record to the kind's channel.

        Args:
            moment: When it happens, on a clock that nobody sets.
            kind: Its kind.
            time: Its time stamp (FILETIME).
            fields: Its payload by field name.
            system: More values of `Record`.
        """
        if kind.channel not in self._channels:
            return
        self._last_id[kind.channel] += 1
        record = Record(kind, self._last_id[kind.channel], time, self._computer, kind.fill(**fields), **system)
        self._written[kind.channel].append((moment, record))

    def lose_after(self, moment: datetime) -> None:
        """Forget what was written after a moment and had not reached the disk; its record IDs come again."""
        for channel, written in self._written.items():
            kept = list(takewhile(lambda entry: entry[0] <= moment, written))
            self._last_id[channel] -= len(written) - len(kept)
            self._written[channel] = kept

    def archive(self, channel: str, file_name: str) -> None:
        """Move a channel's records to a file of their own."""
        self._archives[file_name] = self.clear(channel)

    def clear(self, channel: str) -> list[Record]:
        """Take a channel's records out of it; its record IDs go on counting."""
        records = [record for _, record in self._written[channel]]
        self._written[channel] = []
        return records

    def files(self) -> dict[str, list[Record]]:
        """The records of every log file by file name, the archives too."""
        live = {file_name_of(channel): written for channel, written in sorted(self._written.items())}
        return self._archives | {name: [record for _, record in written] for name, written in live.items()}


def file_name_of(channel: str) -> str:
    """The name of a channel's log file."""
    return f"{channel.replace('/', '%4')}.evtx"
