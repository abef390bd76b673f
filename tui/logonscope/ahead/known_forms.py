"""Which chunks need no parser: those of which all records have forms that it was asked about before.

The parser has the last word on what a record says. Of each form - two templates and the types of their values - it
reads a chunk that has one; only where all rows of that form come out the same does the shorter way serve for others.
"""

from __future__ import annotations

import struct
import threading
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from logonscope.normalise.instance_columns import InstanceColumns
from logonscope.normalise.understanding import Understanding
from logonscope.readers.evtx_bytes import ManyChunks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.normalise.batch import Normaliser
    from logonscope.readers.evtx_bytes import Ints
    from logonscope.readers.evtx_layout import Chunk

_MOST_FORMS = 4096
_ALL, _FEW = 1 << 30, 16
"""How many chunks are tried at a time; where hardly any is spared the parser, it is no use to try all."""
_ENOUGH = 8
"""One in so many."""
_ODD_BYTES = (ValueError, IndexError, OverflowError, MemoryError, struct.error, pa.ArrowException)
NO_ROWS = range(0)


class KnownForms:
    """Remembers what the parser bore out; the same for all that one process reads."""

    def __init__(self) -> None:
        self._understand = Understanding()
        self._is_borne_out: dict[int, bool] = {}
        self._tried = _ALL

    def events(
        self,
        chunks: Sequence[Chunk],
        images: list[bytes],
        normalise: Normaliser,
        parse: Callable[[list[int]], tuple[pa.RecordBatch, list[range]]],
    ) -> tuple[pa.RecordBatch | None, list[range]]:
        """The events of those chunks that need no parser.

        Args:
            chunks: What is known of each.
            images: 64 KiB each.
            normalise: Has the dims of what is read.
            parse: Has the parser read some of the chunks: gives their events, and which rows are those of each.

        Returns:
            Events, and which rows are those of each chunk; none of a chunk that is left to the parser.
        """
        rows = [NO_ROWS] * len(chunks)
        chunks, images = chunks[: self._tried], images[: self._tried]
        if not chunks:
            return None, rows
        self._tried = _FEW
        try:
            found = self._understand(ManyChunks(images), chunks)
            if found is None:
                return None, rows
            events, odd = InstanceColumns(normalise.envelopes, normalise.fields)(found)
        except _ODD_BYTES:
            return None, rows
        owners, forms = found.records.chunks, found.patterns
        is_good = found.is_good
        is_good[owners[odd]] = False
        borders = np.searchsorted(owners, np.arange(len(chunks) + 1)).tolist()
        asked = self._unknown(forms, owners, is_good)
        if asked:
            parsed, of_each = parse(asked)
            for chunk, theirs in zip(asked, of_each, strict=True):
                own = range(borders[chunk], borders[chunk + 1])
                self._compare(forms, _part(events, own), _part(parsed, theirs), own)
        refused = [form for form, holds in self._is_borne_out.items() if not holds]
        is_good[owners[np.isin(forms, refused)]] = False
        spared = np.flatnonzero(is_good).tolist()
        for chunk in spared:
            rows[chunk] = range(borders[chunk], borders[chunk + 1])
        self._tried = _ALL if _ENOUGH * len(spared) >= len(chunks) else _FEW
        return events, rows

    def _unknown(self, forms: Ints, owners: Ints, is_good: Ints) -> list[int]:
        """Chunks with all forms that the parser was not asked about."""
        kept = is_good[owners]
        different, firsts = np.unique(forms[kept], return_index=True)
        owners = owners[kept]
        found = zip(different.tolist(), owners[firsts].tolist(), strict=True)
        unknown = [(form, owner) for form, owner in found if form not in self._is_borne_out]
        if len(self._is_borne_out) + len(unknown) > _MOST_FORMS:
            self._is_borne_out |= {form: False for form, _ in unknown}
            return []
        return sorted({owner for _, owner in unknown})

    def _compare(self, forms: Ints, own: pa.RecordBatch, parsed: pa.RecordBatch, rows: range) -> None:
        """Compare the rows of a chunk with those that came of the parser."""
        of_rows = forms[rows.start : rows.stop].tolist()
        is_whole = own.num_rows == parsed.num_rows
        are_same = is_whole and own.equals(parsed)
        for row, form in enumerate(of_rows):
            holds = are_same or (is_whole and own.slice(row, 1).equals(parsed.slice(row, 1)))
            self._is_borne_out[form] = self._is_borne_out.get(form, True) and holds


_own = threading.local()


def forms_of_thread() -> KnownForms:
    """The forms that this thread knows; they stay known to it."""
    forms: KnownForms | None = getattr(_own, "forms", None)
    if forms is None:
        forms = _own.forms = KnownForms()
    return forms


def _part(events: pa.RecordBatch, rows: range) -> pa.RecordBatch:
    return events.slice(rows.start, len(rows))
