"""Where the live records of .evtx files begin, for their citation: found in their chunks when they are cited."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, suppress
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc

from logonscope.readers.evtx_layout import CHUNK_HEADER_BYTES, CHUNK_MAGIC, EvtxLayout, record_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, BinaryIO

    from logonscope.readers.evtx_layout import Chunk
    from logonscope.readers.source_file import SourceFile


class RecordOffsets:
    """Finds records in the evidence by their sizes and IDs alone; no record is parsed.

    Files are opened when they are needed, for reading only, until the ``with`` block ends.

    Args:
        files: The files of a case that have been read, by number of the source, with what finds their records again.
    """

    def __init__(self, files: Mapping[int, tuple[SourceFile, Any]]) -> None:
        self._files = files
        self._open: dict[int, tuple[BinaryIO, dict[int, Chunk]] | None] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # an archive tells its fault when it is closed
            self._closing.close()

    def find(self, sources: pa.Array, chunks: pa.Array, header_ids: pa.Array) -> pa.UInt64Array:
        """Find some records.

        Args:
            sources: The number of the file of each.
            chunks: Where its chunk begins in the file, in bytes; null where that is not known.
            header_ids: The ID that its header has.

        Returns:
            Where each record begins in its file, in bytes. Null where the chunk is not known, holds no such record or
            several, or cannot be read as it was when it was loaded.
        """
        offsets = pa.nulls(len(header_ids), pa.uint64())
        places = pa.table({"source": sources, "chunk": chunks}).filter(pc.is_valid(chunks))
        wanted = sorted(
            (place["source"], place["chunk"])
            for place in places.group_by(["source", "chunk"]).aggregate([]).to_pylist()
        )
        for source, found in groupby(wanted, itemgetter(0)):
            ids, begins = self._records(source, [chunk for _, chunk in found])
            told = begins.take(pc.index_in(header_ids, value_set=ids))
            offsets = pc.if_else(pc.and_(pc.equal(sources, source), pc.is_valid(chunks)), told, offsets)
        return offsets

    def _records(self, source: int, chunks: Iterable[int]) -> tuple[pa.UInt64Array, pa.UInt64Array]:
        """Header IDs of the records of some chunks, and where they begin; without those that are there twice."""
        ids: list[int] = []
        begins: list[int] = []
        for chunk in chunks:
            found = self._walk(source, chunk)
            ids += [header_id for _, _, header_id in found]
            begins += [chunk + position for position, _, _ in found]
        told = pa.table({"id": pa.array(ids, pa.uint64()), "begin": pa.array(begins, pa.uint64())})
        if len(set(ids)) < len(ids):
            times = Counter(ids)
            told = told.filter(pa.array([times[header_id] == 1 for header_id in ids]))
        return told.column("id").combine_chunks(), told.column("begin").combine_chunks()

    def _walk(self, source: int, offset: int) -> list[tuple[int, int, int]]:
        """The records of a chunk, as ``record_chain`` has them."""
        if source not in self._open:
            self._open[source] = self._opened(source)
        if opened := self._open[source]:
            file, chunks = opened
            chunk, body = chunks[offset], b""
            with suppress(OSError):
                file.seek(offset)
                body = file.read(chunk.size)
            if body.startswith(CHUNK_MAGIC):
                return list(record_chain(body, CHUNK_HEADER_BYTES, chunk.end))
        return []

    def _opened(self, source: int) -> tuple[BinaryIO, dict[int, Chunk]] | None:
        if source not in self._files:
            return None  # a lake's file that cannot be reached from here
        file, layout = self._files[source]
        with suppress(OSError):
            if isinstance(layout, EvtxLayout) and file.is_unchanged():
                chunks = {chunk.offset: chunk for chunk in layout.chunks}
                return self._closing.enter_context(file.open()), chunks
        return None
