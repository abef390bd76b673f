"""The reading process: reads and normalises what it is told to, until nobody is there to tell it."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.ahead.parts import PartRead
from logonscope.garbage import rare_collections
from logonscope.normalise.batch import Normaliser
from logonscope.normalise.dims import Dims
from logonscope.normalise.portable import with_texts
from logonscope.readers.evtx_parse import Parts
from logonscope.readers.evtx_run import RunReader
from logonscope.readers.raw import RawBatch

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from logonscope.ahead.parts import Part
    from logonscope.readers.evtx_run import EvtxRun

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
    """Read some parts and normalise them together: small batches cost much for each record.

    Args:
        parts: The parts.
        events: Where to write their events.
    """
    dims = Dims()
    whole = RawBatch([], [], [], 0)
    read = [_read_part(part, whole) for part in parts]
    batch, misread = Normaliser(dims)(whole, 0)
    first = 0
    for part in read:
        own = range(first, first + part.records)
        part.misread.extend(whole.header_ids[position] for position in misread if position in own)
        first += part.records
    portable = with_texts(batch, dims)
    with events.open("xb") as target, pa.ipc.new_file(target, portable.schema) as writer:
        writer.write_batch(portable)
    return read, events


def _read_part(part: Part, whole: RawBatch) -> PartRead:
    """Read a part, and add its records to those of others."""
    runs: list[EvtxRun] = []
    last, before, error = 0, len(whole.texts), None
    try:
        with part.file.open() as file:
            for run in RunReader(file, part.file.place).runs(_CHUNKS_PER_RUN, _CHUNKS_PER_RUN, part.start, part.stop):
                last = max(last, max(run.parts.header_ids, default=0))
                whole.header_ids.extend(run.parts.header_ids)
                whole.stamps.extend(run.parts.stamps)
                whole.texts.extend(run.parts.texts)
                runs.append(replace(run, parts=Parts()))
    except OSError as problem:
        error = problem
    return PartRead(runs, len(whole.texts) - before, [], last, error)
