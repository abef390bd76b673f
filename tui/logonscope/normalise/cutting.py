"""Leaves records out while they are loaded, and keeps count of them, so that nobody takes them for missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from logonscope.normalise.cached import Cached
from logonscope.normalise.times import TIME_DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.normalise.dims import Dims
    from logonscope.normalise.envelope import Kind, Place, TakenApart
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

    def kept(self, records: TakenApart, header_ids: Sequence[int]) -> list[int]:
        """Choose the records that are kept, in the order of a file.

        Args:
            records: The records; those that could not be understood are kept.
            header_ids: Theirs.

        Returns:
            Their positions.
        """
        ids = [header if own is None else own for own, header in zip(records.record_ids, header_ids, strict=True)]
        looked_at = zip(records.kinds, records.times, records.places, strict=True)
        kept = [position for position, record in enumerate(looked_at) if self._keeps(*record)]
        if records.bad:
            kept = sorted({*kept, *records.bad})
        if self._skipped and ids:
            self._join_skipped(records.places[0], ids[0])
        chosen = set(kept)
        left = [position for position in range(len(records)) if position not in chosen]
        self.records += len(left)
        for position in left:
            self._add(records.places[position], ids[position], ids[position])
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

    def _keeps(self, kind: Kind, time: str, place: Place) -> bool:
        if self._cut.events and kind.event_id not in self._cut.events:
            return False
        if len(time) == TIME_DIGITS and not self._since <= time < self._until:
            return False
        return bool(self._place_is_kept[place])

    def _keeps_place(self, place: Place) -> bool:
        texts = self._dims.text
        computer = texts["computer"].texts[place.computer]
        return self._cut.has_channel(texts["channel"].texts[place.channel]) and self._cut.has_host(computer)

    def _join_skipped(self, place: Place, record_id: int) -> None:
        """Records that were skipped lie before the next one that was not, of the same log as far as can be told."""
        if record_id > 1:
            self._add(place, max(1, record_id - self._skipped), record_id - 1)
        self._skipped = 0

    def _add(self, place: Place, first_id: int, last_id: int) -> None:
        last = self._runs[-1] if self._runs else None
        if last and (last.computer, last.channel, last.last_id + 1) == (place.computer, place.channel, first_id):
            self._runs[-1] = last._replace(last_id=last_id)
        else:
            self._runs.append(LeftOut(place.computer, place.channel, first_id, last_id))
