"""The reading process: reads and normalises what it is told to, until nobody is there to tell it."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.ahead.events import NO_EVENTS
from logonscope.ahead.parts import PartRead
from logonscope.garbage import rare_collections
from logonscope.normalise.batch import EVENT_SCHEMA, Normaliser
from logonscope.normalise.dims import Dims
from logonscope.normalise.portable import with_texts
from logonscope.readers.evtx import raw_batch
from logonscope.readers.evtx_parse import Parts
from logonscope.readers.evtx_run import RunReader

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from logonscope.ahead.parts import Part

_CHUNKS_PER_RUN = 16


def serve(connection: Connection, folder: Path) -> None:
    """Answer each list of parts with a list of what came of them and the path of their events.

    Args:
        connection: To who asks.
        folder: A private folder for the events.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)  # the parser writes to stderr when it panics: that is the user's screen
    number = 0
    with rare_collections(), suppress(EOFError, OSError):
        connection.send(None)
        while True:
            parts = connection.recv()
            number += 1
            connection.send(read_parts(parts, folder / f"events-{os.getpid()}-{number}.arrow"))


def read_parts(parts: list[Part], events: Path) -> tuple[list[PartRead], Path]:
    """Read and normalise some parts.

    Args:
        parts: The parts.
        events: Where to write their events.
    """
    dims = Dims()
    normalise = Normaliser(dims)
    read, batches = zip(*(_read_part(part, normalise) for part in parts), strict=True)
    portable = with_texts(batches, dims)
    with events.open("xb") as target, pa.ipc.new_file(target, portable[0].schema) as writer:
        for batch in portable:
            writer.write_batch(batch)
    return list(read), events


def _read_part(part: Part, normalise: Normaliser) -> tuple[PartRead, pa.RecordBatch]:
    read = PartRead([], [], 0, None)
    batches = []
    last = 0
    try:
        with part.file.open() as file:
            for run in RunReader(file, part.file.place).runs(_CHUNKS_PER_RUN, _CHUNKS_PER_RUN, part.start, part.stop):
                raw = raw_batch(run, ())
                events, misread = normalise(raw, 0)
                batches.append(events)
                read.misread.extend(raw.header_ids[position] for position in misread)
                last = max(last, max(raw.header_ids, default=0))
                read.runs.append(replace(run, parts=Parts()))
    except OSError as error:
        read = read._replace(error=error)
    whole = pa.Table.from_batches(batches, EVENT_SCHEMA).combine_chunks().to_batches()
    return read._replace(last_header_id=last), whole[0] if whole else NO_EVENTS
