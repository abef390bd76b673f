"""Leaves records out while they are loaded, and keeps count of them, so that nobody takes them for missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from logonscope.normalise.cached import Cached
from logonscope.normalise.times import TIME_DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.normalise.dims import Dims
    from logonscope.normalise.envelope import Envelope, Place
    from logonscope.readers.cut import Cut


_NEVER = "~"
"""Comes after every time."""


class LeftOut(NamedTuple):
    """A run of records of one source that were left out."""

    computer: int
    channel: int
    """Codes of the dims."""
    first_id: int
    last_id: int
    """EventRecordIDs."""


class Cutting:
    """Applies a cut to batch after batch.

    Args:
        cut: What is kept.
        dims: The case's dims.
    """

    def __init__(self, cut: Cut, dims: Dims) -> None:
        self._cut = cut
        self._dims = dims
        self._place_is_kept = Cached(self._keeps_place)
        self._since = cut.since.isoformat(timespec="microseconds") if cut.since else ""
        self._until = cut.until.isoformat(timespec="microseconds") if cut.until else _NEVER
        self._skipped = 0
        self._runs: list[LeftOut] = []
        self.records = 0
        """How many records were left out."""

    def kept(self, envelopes: Sequence[Envelope], header_ids: Sequence[int], bad: Sequence[int]) -> list[int]:
        """Choose the records that are kept, in the order of a file.

        Args:
            envelopes: The records.
            header_ids: Theirs.
            bad: Positions of those that could not be understood: they are kept.

        Returns:
            Their positions.
        """
        kept = [position for position, envelope in enumerate(envelopes) if self._keeps(envelope)]
        if bad:
            kept = sorted({*kept, *bad})
        self._join_skipped(envelopes, header_ids)
        chosen = set(kept)
        left = [position for position in range(len(envelopes)) if position not in chosen]
        self.records += len(left)
        for position in left:
            envelope = envelopes[position]
            record_id = header_ids[position] if envelope.record_id is None else envelope.record_id
            self._add(envelope.place, record_id, record_id)
        return kept

    def skip(self, records: int) -> None:
        """Count records that a reader left out without a look at them."""
        self.records += records
        self._skipped += records

    def take_runs(self) -> list[LeftOut]:
        """What was left out since the last time that this was asked."""
        runs, self._runs = self._runs, []
        return runs

    def end_source(self) -> None:
        """Another source begins."""
        self._skipped = 0

    def _keeps(self, envelope: Envelope) -> bool:
        cut = self._cut
        if cut.events and envelope.kind.event_id not in cut.events:
            return False
        time = envelope.time
        if len(time) == TIME_DIGITS and not self._since <= time < self._until:
            return False
        return bool(self._place_is_kept[envelope.place])

    def _keeps_place(self, place: Place) -> bool:
        texts = self._dims.text
        computer = texts["computer"].texts[place.computer]
        return self._cut.has_channel(texts["channel"].texts[place.channel]) and self._cut.has_host(computer)

    def _join_skipped(self, envelopes: Sequence[Envelope], header_ids: Sequence[int]) -> None:
        """Records that were skipped lie before the next one that was not, of the same log as far as can be told."""
        if self._skipped and envelopes:
            record_id = header_ids[0] if envelopes[0].record_id is None else envelopes[0].record_id
            if record_id > 1:
                self._add(envelopes[0].place, max(1, record_id - self._skipped), record_id - 1)
            self._skipped = 0

    def _add(self, place: Place, first_id: int, last_id: int) -> None:
        last = self._runs[-1] if self._runs else None
        if last and (last.computer, last.channel, last.last_id + 1) == (place.computer, place.channel, first_id):
            self._runs[-1] = last._replace(last_id=last_id)
        else:
            self._runs.append(LeftOut(place.computer, place.channel, first_id, last_id))
