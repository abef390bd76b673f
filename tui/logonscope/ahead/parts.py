"""What is read at a time: stretches of files, cut where chunks should begin, small files several together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from logonscope.readers.evtx_layout import CHUNK_BYTES, FILE_HEADER_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from logonscope.readers.evtx_run import EvtxRun
    from logonscope.readers.source_file import SourceFile

CHUNKS_PER_PART = 64
_MOST_PARTS = 64


class Part(NamedTuple):
    """A stretch of a file."""

    file: SourceFile
    start: int
    stop: int | None
    """Bytes from the beginning of the file; None for its end, wherever that is by then."""

    def chunks(self) -> int:
        """How many chunks may lie in it."""
        return -(-((self.stop or max(self.file.size, self.start)) - max(self.start, FILE_HEADER_BYTES)) // CHUNK_BYTES)

    def halves(self) -> list[Part]:
        """Two parts of at least one chunk each, where it has so many."""
        middle = max(self.start, FILE_HEADER_BYTES) + self.chunks() // 2 * CHUNK_BYTES
        return [self._replace(stop=middle), self._replace(start=middle)]


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
    def is_waiting(self) -> bool:
        """Whether it can be given to a process."""
        return not (self.is_sent or self.fate or self.is_over)

    def smaller(self) -> list[Task]:
        """Parts of it that may do no harm; whoever waits for a process that hangs does not do so again and again."""
        if len(self.parts) > 1:
            return [Task([part], is_suspect=True) for part in self.parts[self.done :]]
        can_be_halved = not self.hung and self.part.chunks() > 1
        return [Task([half], is_suspect=True) for half in self.part.halves()] if can_be_halved else []


def plan(files: Iterable[SourceFile]) -> Iterator[Task]:
    """Cut files into tasks, in their order."""
    parts: list[Part] = []
    chunks = 0
    for file in files:
        for part in _parts(file):
            parts.append(part)
            chunks += part.chunks()
            if chunks >= CHUNKS_PER_PART or len(parts) == _MOST_PARTS:
                yield Task(parts)
                parts, chunks = [], 0
    if parts:
        yield Task(parts)


def _parts(file: SourceFile) -> Iterator[Part]:
    step = CHUNKS_PER_PART * CHUNK_BYTES
    borders = list(range(FILE_HEADER_BYTES + step, file.size, step))
    for start, stop in zip([0, *borders], [*borders, None], strict=True):
        yield Part(file, start, stop)
