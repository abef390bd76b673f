"""The chunk that a record is cited by: told only where one chunk alone can hold it."""

from __future__ import annotations

from pathlib import Path

from logonscope.case.chunk_places import ChunkPlaces
from logonscope.readers.evtx_layout import Chunk, EvtxLayout
from logonscope.readers.source_file import SourceFile

LOG = SourceFile(Path("a.evtx"), "a.evtx", 0, "evtx", 0)


def test_chunks_that_claim_the_same_records_are_not_told() -> None:
    layout = EvtxLayout(
        (Chunk(4096, 1, 9, 0), Chunk(69632, 10, 20, 0), Chunk(135168, 15, 16, 0), Chunk(200704, 21, 30, 0))
    )
    places = ChunkPlaces.of({2: (LOG, layout), 1: (LOG, None)})
    assert list(zip(places.source, places.first_header_id, places.offset, strict=True)) == [
        (2, 1, 4096),
        (2, 21, 200704),
    ]


def test_a_log_without_chunks_has_none_to_tell() -> None:
    assert not list(ChunkPlaces.of({1: (LOG, EvtxLayout(()))}).offset)
