"""The reading process: reads and normalises what it is told to, until nobody is there to tell it."""

from __future__ import annotations

import os
from bisect import bisect_right
from contextlib import suppress
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.ahead.parts import PartRead
from logonscope.garbage import rare_collections
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.normalise.envelope import TakenApart
from logonscope.normalise.portable import with_texts
from logonscope.own_process import fall_silent, limit_memory, limit_seconds
from logonscope.readers.evtx_parse import Parts
from logonscope.readers.evtx_run import RunReader

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from logonscope.ahead.parts import Part
    from logonscope.readers.evtx_run import EvtxRun

_CHUNKS_PER_RUN = 4
SECONDS = 4
"""Of processor time, for one task: ten times what a full one takes."""
_BYTES = 1 << 30


def serve(connection: Connection, folder: Path) -> None:
    """Answer each list of parts with a list of what came of them and the path of their events.

    Args:
        connection: To who asks.
        folder: A private folder for the events.
    """
    fall_silent()
    limit_memory(_BYTES)
    number = 0
    with rare_collections(), suppress(EOFError, OSError):
        connection.send(None)
        while True:
            parts = connection.recv()
            number += 1
            limit_seconds(SECONDS)
            connection.send(read_parts(parts, folder / f"events-{os.getpid()}-{number}.arrow"))


def read_parts(parts: list[Part], events: Path) -> tuple[list[PartRead], Path]:
    """Read some parts and normalise them together: small batches cost much for each record.

    Args:
        parts: The parts.
        events: Where to write their events.
    """
    dims = Dims()
    records = _Records(Normaliser(dims))
    read = [records.add(part) for part in parts]
    portable = with_texts(records.events(read), dims)
    with events.open("xb") as target, pa.ipc.new_file(target, portable.schema) as writer:
        writer.write_batch(portable)
    return read, events


class _Records:
    """The records of some parts, taken apart.

    Args:
        normalise: Does so.
    """

    def __init__(self, normalise: Normaliser) -> None:
        self._normalise = normalise
        self._apart = TakenApart()
        self._header_ids: list[int] = []
        self._stamps: list[str] = []

    def add(self, part: Part) -> PartRead:
        """Read a part."""
        runs: list[EvtxRun] = []
        before, error = len(self._apart), None
        try:
            with part.file.open() as file:
                reader = RunReader(file, part.file.place)
                for run in reader.runs(_CHUNKS_PER_RUN, _CHUNKS_PER_RUN, part.start, part.stop):
                    self._add(run.parts)
                    runs.append(replace(run, parts=Parts()))
        except OSError as problem:
            error = problem
        last = max(self._header_ids[before:], default=0)
        return PartRead(runs, len(self._apart) - before, [], last, error)

    def _add(self, parts: Parts) -> None:
        self._apart.add(self._normalise.take_apart(parts.texts))
        self._header_ids += parts.header_ids
        self._stamps += parts.stamps

    def events(self, read: list[PartRead]) -> pa.RecordBatch:
        """The events of all parts, in their order; what could not be understood is added to what came of each."""
        events, odd = self._normalise.events(self._apart, self._header_ids, self._stamps, 0)
        misread = sorted({*self._apart.bad, *odd})
        ends = list(accumulate(part.records for part in read))
        for position in misread:
            read[bisect_right(ends, position)].misread.append(self._header_ids[position])
        return events
