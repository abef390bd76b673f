"""Where the chunks of .evtx files begin, for the citation of the records in them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from logonscope.readers.evtx_layout import EvtxLayout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from logonscope.model import Event
    from logonscope.readers.evtx_layout import Chunk
    from logonscope.readers.source_file import SourceFile

RUN_BITS = 7
"""A chunk of usual records has so many header IDs or fewer."""


@dataclass(frozen=True, slots=True)
class ChunkPlaces:
    """The chunks of some sources that alone hold their header IDs: where two do, neither is told."""

    source: list[int]
    first_header_id: list[int]
    last_header_id: list[int]
    offset: list[int]
    """Bytes from the beginning of the file. All in the order of source and header ID."""

    @classmethod
    def of(cls, files: Mapping[int, tuple[SourceFile, Any]]) -> ChunkPlaces:
        """Those of all files that are .evtx and have been read.

        Args:
            files: By number of the source, with what finds its records again.
        """
        found = [
            (number, chunk.first_header_id, chunk.last_header_id, chunk.offset)
            for number, (_, places) in sorted(files.items())
            if isinstance(places, EvtxLayout)
            for chunk in _alone(places.chunks)
        ]
        return cls.from_rows(found)

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int, int, int]]) -> ChunkPlaces:
        """Those of rows with what each field holds, in order."""
        columns = list(zip(*rows, strict=True)) or [()] * 4
        return cls(*map(list, columns))

    def chunk_offset(self, event: Event) -> int | None:
        """Where the chunk of a live record begins; None where that is not known."""
        if event.found_at is not None:
            return None
        place = bisect_right(range(len(self.source)), (event.source, event.header_id), key=self._key) - 1
        is_there = place >= 0 and self.source[place] == event.source
        return self.offset[place] if is_there and event.header_id <= self.last_header_id[place] else None

    def by_runs(self) -> pa.Table:
        """The same as a table, by runs of header IDs: a join by these costs a third of one by range."""
        spans = zip(self.first_header_id, self.last_header_id, strict=True)
        runs = [range(first >> RUN_BITS, (last >> RUN_BITS) + 1) for first, last in spans]
        of_run = pa.array([place for place, run in enumerate(runs) for _ in run], pa.int64())
        return pa.table(
            {
                "source": pa.array(self.source, pa.int32()).take(of_run),
                "run": pa.array([number for run in runs for number in run], pa.uint64()),
                "first_header_id": pa.array(self.first_header_id, pa.uint64()).take(of_run),
                "last_header_id": pa.array(self.last_header_id, pa.uint64()).take(of_run),
                "offset": pa.array(self.offset, pa.uint64()).take(of_run),
            }
        )

    def _key(self, place: int) -> tuple[int, int]:
        return self.source[place], self.first_header_id[place]


def _alone(chunks: Iterable[Chunk]) -> Iterator[Chunk]:
    ordered = sorted(chunks, key=lambda chunk: (chunk.first_header_id, chunk.last_header_id))
    highest = -1
    for chunk, following in zip_longest(ordered, ordered[1:]):
        is_last = following is None or chunk.last_header_id < following.first_header_id
        if highest < chunk.first_header_id and is_last:
            yield chunk
        highest = max(highest, chunk.last_header_id)
