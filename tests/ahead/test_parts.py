"""Files are cut into parts without a gap, and a part that does harm into few pieces at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from logonscope.ahead.parts import CHUNKS_PER_PART, Part, Task, chunks_per_task, plan
from logonscope.readers.evtx_layout import CHUNK_BYTES, FILE_HEADER_BYTES
from support.on_disk import on_disk

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.readers.source_file import SourceFile


@pytest.fixture
def log(tmp_path: Path) -> SourceFile:
    """Said to be of a thousand chunks and a half."""
    path = tmp_path / "log"
    path.write_bytes(b"ElfFile\0")
    return replace(on_disk(path), size=FILE_HEADER_BYTES + 1000 * CHUNK_BYTES + CHUNK_BYTES // 2)


def covers(parts: list[Part], start: int, stop: int | None) -> bool:
    """Whether parts lie one behind the other from a place to another."""
    joined = all(before.stop == after.start for before, after in pairwise(parts))
    return joined and (parts[0].start, parts[-1].stop) == (start, stop)


@pytest.mark.parametrize("chunks", [0, 1, 7, 256, 5000])
def test_a_file_is_read_whole(log: SourceFile, chunks: int) -> None:
    parts = [part for task in plan([log], chunks) for part in task.parts]
    assert covers(parts, 0, None)
    assert all(part.chunks() <= (chunks or CHUNKS_PER_PART) for part in parts)


def test_small_files_are_read_together(log: SourceFile) -> None:
    small = [replace(log, size=FILE_HEADER_BYTES + CHUNK_BYTES) for _ in range(300)]
    tasks = list(plan(small, 100))
    assert [len(task.parts) for task in tasks] == [100, 100, 100]
    assert [id(part.file) for task in tasks for part in task.parts] == [id(file) for file in small]


def test_tasks_are_large_where_there_is_much() -> None:
    assert chunks_per_task(64_000_000, 16) == CHUNKS_PER_PART
    assert CHUNKS_PER_PART < chunks_per_task(128_000_000, 16) < chunks_per_task(1 << 40, 16) == 128


@pytest.mark.parametrize("start", [0, FILE_HEADER_BYTES + 3 * CHUNK_BYTES])
@pytest.mark.parametrize("chunks", [2, 15, 16, 17, 256])
def test_a_part_that_does_harm_is_cut_until_one_chunk_is_left(log: SourceFile, start: int, chunks: int) -> None:
    stop = max(start, FILE_HEADER_BYTES) + chunks * CHUNK_BYTES
    found, rounds = Task([Part(log, start, stop)]), 0
    while pieces := found.smaller():
        assert covers([piece.part for piece in pieces], found.part.start, found.part.stop)
        assert all(piece.is_suspect for piece in pieces)
        found, rounds = pieces[-1], rounds + 1
    assert (found.part.chunks(), found.part.stop) == (1, stop)
    assert rounds <= 2
