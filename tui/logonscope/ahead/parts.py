"""What is read at a time: stretches of files, cut where chunks should begin, small files several together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from logonscope.readers.evtx_layout import CHUNK_BYTES, FILE_HEADER_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from logonscope.readers.evtx_run import EvtxRun
    from logonscope.readers.source_file import SourceFile

CHUNKS_PER_PART = 64
_MOST_CHUNKS, _MOST_PARTS = 128, 256
_PIECES = 16
"""Of a part that may do harm: few processes die until it is known which chunk does."""


class Part(NamedTuple):
    """A stretch of a file."""

    file: SourceFile
    start: int
    stop: int | None
    """Bytes from the beginning of the file; None for its end, wherever that is by then."""

    def chunks(self) -> int:
        """How many chunks may lie in it."""
        return -(-((self.stop or max(self.file.size, self.start)) - max(self.start, FILE_HEADER_BYTES)) // CHUNK_BYTES)

    def pieces(self) -> list[Part]:
        """Parts of it, of at least one chunk each."""
        first, chunks = max(self.start, FILE_HEADER_BYTES), self.chunks()
        step = -(-chunks // _PIECES) * CHUNK_BYTES
        return _between(self.file, [self.start, *range(first + step, first + chunks * CHUNK_BYTES, step), self.stop])


class PartRead(NamedTuple):
    """What came of a part."""

    runs: list[EvtxRun]
    """Without their records."""
    records: int
    """How many there are of it in the file of the task's events, behind those of the parts before."""
    misread: list[int]
    """Header IDs of the records that could not be understood."""
    last_header_id: int
    """The greatest of all."""
    error: OSError | None
    """Why it was read no further."""


@dataclass(slots=True, eq=False)
class Task:
    """What a process reads at a time."""

    parts: list[Part]
    done: int = 0
    """How many of them are not needed any more."""
    is_suspect: bool = False
    """Whether a process has died of it, or of others that it was read with."""
    is_sent: bool = False
    read: list[PartRead] | None = None
    """What came of each part."""
    events: Path | None = None
    """The Arrow file with their events."""
    fate: str = ""
    """Why it could not be read."""
    hung: bool = False

    @property
    def part(self) -> Part:
        """The first that is still needed."""
        return self.parts[self.done]

    @property
    def is_over(self) -> bool:
        """Whether nothing of it is needed any more."""
        return self.done == len(self.parts)

    @property
    def is_begun(self) -> bool:
        """Whether it has been read, and the first of it used."""
        return self.read is not None and 0 < self.done < len(self.parts)

    @property
    def is_waiting(self) -> bool:
        """Whether it can be given to a process."""
        return not (self.is_sent or self.fate or self.is_over)

    def smaller(self) -> list[Task]:
        """Parts of it that may do no harm; whoever waits for a process that hangs does not do so again and again."""
        if len(self.parts) > 1:
            return [Task([part], is_suspect=True) for part in self.parts[self.done :]]
        can_be_cut = not self.hung and self.part.chunks() > 1
        return [Task([piece], is_suspect=True) for piece in self.part.pieces()] if can_be_cut else []


def chunks_per_task(size: int, tasks: int) -> int:
    """How many chunks to read at a time: some of the cost of a task is the same for any size.

    Args:
        size: Bytes of all files.
        tasks: So many should come of them at least.
    """
    return max(CHUNKS_PER_PART, min(_MOST_CHUNKS, size // CHUNK_BYTES // tasks))


def plan(files: Iterable[SourceFile], chunks_at_a_time: int = 0) -> Iterator[Task]:
    """Cut files into tasks, in their order.

    Args:
        files: The files.
        chunks_at_a_time: How many chunks each task should have; ``CHUNKS_PER_PART`` if 0.
    """
    most = chunks_at_a_time or CHUNKS_PER_PART
    parts: list[Part] = []
    chunks = 0
    for file in files:
        for part in _parts(file, most):
            parts.append(part)
            chunks += part.chunks()
            if chunks >= most or len(parts) == _MOST_PARTS:
                yield Task(parts)
                parts, chunks = [], 0
    if parts:
        yield Task(parts)


def _parts(file: SourceFile, chunks: int) -> list[Part]:
    step = chunks * CHUNK_BYTES
    return _between(file, [0, *range(FILE_HEADER_BYTES + step, file.size, step), None])


def _between(file: SourceFile, borders: Sequence[int | None]) -> list[Part]:
    return [Part(file, start or 0, stop) for start, stop in pairwise(borders)]
