"""The tasks in their order: given to processes, taken back from those that die, and passed by when they were used."""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

from logonscope.ahead.parts import Part, Task, chunks_per_task, plan
from logonscope.ahead.pool import Pool
from logonscope.readers.evtx_layout import CHUNK_BYTES, FILE_HEADER_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from logonscope.readers.source_file import SourceFile

LEAST_BYTES = 64_000_000
"""Less is read sooner than a process has started."""
_MOST_PROCESSES = 6
"""One writer keeps no more of them busy."""
_TASKS_AHEAD = 16
_TASKS_EACH = 8
"""At least, so that no process reads long after the others have done."""
_POLL_SECONDS = 0.1


class Tasks:
    """What is read ahead of some files.

    Args:
        files: All files that will be read, in their order.
        folder: A private folder for what was read.
        cancelled: Asked while waiting.
        rows_first: Whether somebody waits for the first rows: what starts before them would take their processor.
    """

    def __init__(
        self, files: Sequence[SourceFile], folder: Path, cancelled: Callable[[], bool], *, rows_first: bool = False
    ) -> None:
        self._cancelled = cancelled
        self._rows_first = rows_first
        processes, size = min(os.cpu_count() or 1, _MOST_PROCESSES), sum(file.size for file in files)
        is_worth_it = processes > 1 and size >= LEAST_BYTES
        self._tasks = deque(plan(files, chunks_per_task(size, _TASKS_EACH * processes)) if is_worth_it else ())
        self._pool = Pool(folder, processes if is_worth_it else 0)
        self._files = {id(file) for file in files} if is_worth_it else set()

    def has(self, file: SourceFile) -> bool:
        """Whether a file is read ahead."""
        return id(file) in self._files

    def next(self, file: SourceFile, offset: int) -> Task | Part | None:
        """What comes next of a file.

        Args:
            file: The file; those before it are done with.
            offset: From where on; what was read ahead from elsewhere is dropped.

        Returns:
            A task, read or failed, of which a part begins there; or a part that nobody reads; None if the user cancels.
        """
        if self._rows_first:
            self._rows_first = False
            return self._first_chunk(file, offset)
        self._pool.start()
        seconds = 0.0
        while not self._cancelled():
            if not (self._tasks and self._tasks[0].is_begun):
                self._go_on(seconds)
            task = self._first(file, offset)
            if task is None or task.part.start > offset:
                return Part(file, offset, task.part.start if task else None)
            if task.read is not None or task.fate:
                return task
            if not task.is_sent and not self._pool.will_take(task):
                # Whoever asks reads by himself, unless that might be the end of him.
                return _given_up(task) if task.is_suspect else _first_part(task)
            seconds = _POLL_SECONDS
        return None

    def _first_chunk(self, file: SourceFile, offset: int) -> Part:
        """What is read without the processes; they get the rest of the task that it belongs to."""
        stop = max(offset, FILE_HEADER_BYTES) + CHUNK_BYTES
        if task := self._first(file, offset):
            task.parts[task.done] = task.part._replace(start=stop)
        return Part(file, offset, stop)

    def drop(self, file: SourceFile) -> None:
        """What was read ahead of a file is not needed any more."""
        while self._tasks and (self._tasks[0].is_over or self._tasks[0].part.file is file):
            self._pass_by(self._tasks[0])

    def close(self) -> None:
        """End the processes."""
        self._pool.close()

    def _first(self, file: SourceFile, offset: int) -> Task | None:
        """The task with the next part of a file that does not lie before a place."""
        while self._tasks:
            task = self._tasks[0]
            if not task.is_over and task.part.file is not file:
                return None
            if not task.is_over and task.part.start >= offset:
                return task
            self._pass_by(task)
        return None

    def _pass_by(self, task: Task) -> None:
        if task.is_over:
            self._tasks.popleft()
        else:
            task.done += 1

    def _go_on(self, seconds: float) -> None:
        for killer in self._pool.poll(seconds):
            self._split(killer)
        for task in islice(self._tasks, _TASKS_AHEAD):
            if task.is_waiting and not self._pool.take(task):
                return

    def _split(self, task: Task) -> None:
        """Find out which part of a task it is that a process has died of."""
        smaller = task.smaller()
        if smaller and task in self._tasks:
            place = self._tasks.index(task)
            self._tasks.remove(task)
            for part in reversed(smaller):
                self._tasks.insert(place, part)


def _first_part(task: Task) -> Part:
    task.done += 1
    return task.parts[task.done - 1]


def _given_up(task: Task) -> Task:
    task.fate = "no process is left to read it"
    return task
