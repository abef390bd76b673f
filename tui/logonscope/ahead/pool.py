"""The processes that read: how they are started, what each is at, and what happens when one of them dies."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import suppress
from multiprocessing.connection import wait
from time import monotonic
from typing import TYPE_CHECKING

from logonscope.ahead.serving import SECONDS, serve
from logonscope.own_process import OwnProcess, cause_of_death

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.ahead.parts import Task

_log = logging.getLogger(__name__)
_TASKS_WAITING = 4
"""Of each process, so that it need not wait for who is busy writing."""
_START_SECONDS = 5.0
"""Processes that have not started by then may never do."""
HANGING_SECONDS = 60.0
"""A task takes a small part of a second."""
_BROKEN = (EOFError, OSError)


class _Process:
    """One process."""

    def __init__(self, folder: Path) -> None:
        self._process = OwnProcess(serve, folder, name="reading ahead")
        self.connection = self._process.connection
        self.is_ready = False
        self.tasks: deque[Task] = deque()
        self._since = monotonic()

    def send(self, task: Task) -> None:
        """Tell it to read some parts."""
        if not self.tasks:
            self._since = monotonic()
        task.parts, task.done = task.parts[task.done :], 0
        self.connection.send(task.parts)
        self.tasks.append(task)
        task.is_sent = True

    def receive(self) -> None:
        """Take its answer.

        Raises:
            EOFError, OSError: It is dead.
        """
        answer = self.connection.recv()
        self._since = monotonic()
        if self.is_ready:
            task = self.tasks.popleft()
            task.read, task.events = answer
        self.is_ready = True

    @property
    def hangs(self) -> bool:
        """Whether it has been at one task for too long."""
        return bool(self.tasks) and monotonic() - self._since > HANGING_SECONDS

    def end(self) -> int:
        """End it, whatever it is at, and say with what exit code."""
        return self._process.end()


class Pool:
    """Some processes; none of them runs before they are started.

    Args:
        folder: A private folder for what they read.
        size: How many.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self._folder = folder
        self._processes: list[_Process] = []
        self._size = size
        self._start_until = 0.0
        self._births_left = 4 * size + 64

    def __len__(self) -> int:
        return len(self._processes)

    def start(self) -> None:
        """Start the processes, if that was not done before."""
        size, self._size = self._size, 0
        if size:
            self._start_until = monotonic() + _START_SECONDS
        for _ in range(size):
            self._begin()

    def _begin(self) -> None:
        self._births_left -= 1
        if self._births_left >= 0:
            try:
                self._processes.append(_Process(self._folder))
            except (OSError, ValueError) as error:
                _log.warning("no process can be made: whoever waits reads by himself", exc_info=error)

    def will_take(self, task: Task) -> bool:
        """Whether to wait until a process takes a task, and not read it by oneself.

        That might be the end of who reads one that a process has died of. Others wait for processes that start, which
        is soon unless something is wrong.
        """
        is_starting = not any(process.is_ready for process in self._processes) and monotonic() < self._start_until
        return bool(self._processes) and (task.is_suspect or is_starting)

    def take(self, task: Task) -> bool:
        """Give a task to a process that has time for it.

        Returns:
            Whether there is one.
        """
        ready = [process for process in self._processes if process.is_ready and len(process.tasks) < _TASKS_WAITING]
        if not ready:
            return False
        with suppress(*_BROKEN):  # that it is dead will show when its answer is waited for
            min(ready, key=lambda process: len(process.tasks)).send(task)
        return task.is_sent

    def poll(self, seconds: float) -> list[Task]:
        """Receive what has been read.

        Args:
            seconds: How long to wait until there is something.

        Returns:
            Tasks that processes have died of; what else those had been given is no longer sent.
        """
        answers = wait([process.connection for process in self._processes], seconds)
        dead: list[Task] = []
        for process in list(self._processes):
            try:
                if process.connection in answers:
                    process.receive()
                elif process.hangs:
                    dead += self._bury(process, hung=True)
            except _BROKEN:
                dead += self._bury(process, hung=False)
        return dead

    def _bury(self, process: _Process, *, hung: bool) -> list[Task]:
        self._processes.remove(process)
        code = process.end()
        fate = f"reading it took more than {HANGING_SECONDS:.0f} s" if hung else cause_of_death(code, SECONDS)
        for task in process.tasks:
            task.is_sent = False
        if process.is_ready:
            self._begin()
        killers = list(process.tasks)[:1]
        _log.warning("a reading process is gone (%s); %d are left", fate, len(self))
        for task in killers:
            _log.warning("it was at %s", [(str(part.file.place), part.start, part.stop) for part in task.parts])
            task.fate, task.hung = fate, hung
        return killers

    def close(self) -> None:
        """End all processes."""
        while self._processes:
            self._processes.pop().end()
