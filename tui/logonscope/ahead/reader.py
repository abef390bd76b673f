"""Readers of files that other processes read meanwhile."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from itertools import accumulate
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.ahead.events import NO_EVENTS, EventBatch
from logonscope.ahead.parts import Part
from logonscope.ahead.tasks import Tasks
from logonscope.normalise.portable import of_source, with_codes
from logonscope.readers.evtx import raw_batch
from logonscope.readers.evtx_run import CHUNKS_PER_RUN, RunReader, unparsed_run
from logonscope.readers.evtx_survey import Survey
from logonscope.readers.open_file import OpenFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from logonscope.ahead.parts import Task
    from logonscope.model import TamperSign
    from logonscope.normalise.dims import Dims
    from logonscope.readers.evtx_layout import EvtxLayout
    from logonscope.readers.evtx_run import EvtxRun
    from logonscope.readers.raw import RawBatch
    from logonscope.readers.source_file import SourceFile


class ReadAhead:
    """Files that are read ahead.

    Args:
        tasks: What is read of them.
        dims: The case's dims, for the codes of what was read.
        keep: Whether the files of events are left for others.
    """

    def __init__(self, tasks: Tasks, dims: Dims, *, keep: bool = False) -> None:
        self._tasks = tasks
        self._dims = dims
        self._keep = keep
        self._opened: tuple[Task, pa.RecordBatch, list[int]] | None = None

    def reader(self, file: SourceFile, source: int) -> AheadReader | None:
        """The reader of a file, if it is read ahead. Files are asked for in the order in which they were given.

        Args:
            file: The file.
            source: The number of the source.

        Raises:
            OSError: It cannot be opened.
        """
        return AheadReader(file, source, self, self._tasks) if self._tasks.has(file) else None

    def events(self, task: Task, source: int) -> pa.RecordBatch:
        """The events of the first part of a task that is still needed."""
        if self._opened is None or self._opened[0] is not task:
            self._opened = self._open(task)
        _, events, borders = self._opened
        first, end = borders[task.done : task.done + 2]
        return of_source(events.slice(first, end - first), source)

    def _open(self, task: Task) -> tuple[Task, pa.RecordBatch, list[int]]:
        """A task with its events, and where those of each part begin and end."""
        assert task.events is not None
        assert task.read is not None
        events = with_codes(pa.ipc.open_file(pa.memory_map(str(task.events))).get_batch(0), self._dims)
        if not self._keep:
            with suppress(OSError):  # Windows keeps what is open; it goes with its folder
                task.events.unlink()
        return task, events, list(accumulate((part.records for part in task.read), initial=0))


@contextmanager
def reading_ahead(
    files: Sequence[SourceFile], folder: Path, dims: Dims, cancelled: Callable[[], bool], *, rows_first: bool = False
) -> Iterator[ReadAhead]:
    """Have files read ahead, those that can be, if it is worth the while.

    Args:
        files: All files that will be read, in their order.
        folder: A private folder.
        dims: The case's dims.
        cancelled: Asked while waiting.
        rows_first: Whether somebody waits for the first rows.
    """
    place = folder / "ahead"
    place.mkdir(mode=0o700)
    own = [file for file in files if file.kind == "evtx" and file.opener is None]
    tasks = Tasks(own, place, cancelled, rows_first=rows_first)
    try:
        yield ReadAhead(tasks, dims)
    finally:
        tasks.close()
        shutil.rmtree(place, ignore_errors=True)


class AheadReader(OpenFile):
    """One file that is read ahead; see ``Reader``.

    Args:
        file: The file.
        source: The number of the source.
        ahead: Has its events.
        tasks: Has what was read.

    Raises:
        OSError: It cannot be opened.
    """

    def __init__(self, file: SourceFile, source: int, ahead: ReadAhead, tasks: Tasks) -> None:
        super().__init__(file)
        self._asked = file
        self._source = source
        self._ahead = ahead
        self._tasks = tasks
        self.places: EvtxLayout | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the headers said that the contents do not bear out; complete when all of the file has been read."""
        return self.places.notes if self.places else ()

    @property
    def signs(self) -> tuple[TamperSign, ...]:
        """What a change of the file may have left behind; complete when all of it has been read."""
        return self.places.signs if self.places else ()

    def batches(self) -> Iterator[RawBatch | EventBatch]:
        """All records in the order of the file; those that nobody has read ahead are read here.

        Raises:
            OSError: The file can be read no further.
        """
        self._survey = Survey(self._path)
        self._runs_here = RunReader(self._file, self._path)
        try:
            yield from self._batches()
            self._survey.finish()
            if problems := self._survey.take_problems():
                yield EventBatch(NO_EVENTS, 0, problems)
        finally:
            self._tasks.drop(self._asked)
            self.places = self._survey.layout()

    def _batches(self) -> Iterator[RawBatch | EventBatch]:
        offset = 0
        while (found := self._tasks.next(self._asked, offset)) is not None:
            stop = found.stop if isinstance(found, Part) else found.part.stop
            if isinstance(found, Part):
                for run in self._runs(offset, stop):
                    offset = run.stop
                    yield raw_batch(run, self._survey.add_run(run))
            elif found.read is None:
                run = unparsed_run(self._file, self._path, offset, stop, found.fate)
                offset = run.stop
                yield EventBatch(NO_EVENTS, run.stop - run.start, self._survey.add_run(run))
            else:
                read = found.read[found.done]
                problems = tuple(problem for run in read.runs for problem in self._survey.add_run(run))
                before, offset = offset, read.runs[-1].stop if read.runs else offset
                events = self._ahead.events(found, self._source)
                yield EventBatch(events, offset - before, problems, read.misread, read.last_header_id)
                if read.error:
                    raise read.error
            if stop is None or offset < stop:
                return

    def _runs(self, start: int, stop: int | None) -> Iterator[EvtxRun]:
        first = CHUNKS_PER_RUN if start else 1
        return self._runs_here.runs(CHUNKS_PER_RUN, first, start, stop)
