"""Logs that would keep one worker busy when the others have no more to do: stretches of them are read by all.

Whoever reads the log then takes what was read of it, and reads himself what nobody could read or what is gone.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from multiprocessing import current_process
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from logonscope.ahead.known_forms import forms_of_thread
from logonscope.ahead.parts import Task, plan
from logonscope.ahead.reader import ReadAhead
from logonscope.ahead.reading import read_parts
from logonscope.ahead.tasks import Tasks
from logonscope.fleet.source_listing import is_remote
from logonscope.readers.evtx_apart import runs_here
from logonscope.readers.sources import find_sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logonscope.ahead.parts import Part, PartRead
    from logonscope.fleet.source_listing import Unit
    from logonscope.normalise.dims import Dims
    from logonscope.readers.source_file import SourceFile

_LEAST_BYTES = 32_000_000
"""Less is read sooner than it is cut."""
_SHARES = 4
"""A log is cut that is more than such a part of what each worker has to read."""
_PARTS_TOGETHER = 8


@dataclass(frozen=True, slots=True)
class StretchTask:
    """Stretches of one log."""

    folder: Path
    """For their events."""
    log: str
    """The path of the log."""
    parts: tuple[Part, ...]


class Stretch(NamedTuple):
    """What was read of one."""

    part: Part
    read: PartRead
    """Without their texts, which are with the events."""
    events: Path


def large(units: Sequence[Unit], workers: int) -> Iterator[SourceFile]:
    """The logs that are worth cutting: single .evtx files of this file system.

    Args:
        units: All that is to be read.
        workers: How many there are to do so.
    """
    least = max(_LEAST_BYTES, sum(unit.size for unit in units) / (_SHARES * workers))
    for unit in units if workers > 1 else ():
        if unit.size > least and not is_remote(unit.path):
            for file in find_sources([Path(unit.path)], []):
                if file.kind == "evtx" and file.opener is None:
                    yield file


def stretch_tasks(file: SourceFile, folder: Path) -> Iterator[StretchTask]:
    """Tasks that read all of a log."""
    parts = [part for task in plan([file]) for part in task.parts]
    for first in range(0, len(parts), _PARTS_TOGETHER):
        yield StretchTask(folder, str(file.path), tuple(parts[first : first + _PARTS_TOGETHER]))


def read_stretches(task: StretchTask) -> list[Stretch]:
    """Read the records of some stretches; a task of a worker.

    Raises:
        OSError: Something cannot be written.
    """
    let_have_processes()
    task.folder.mkdir(parents=True, exist_ok=True)
    stretches = []
    for part in task.parts:
        with runs_here():
            (read,), events = read_parts([part], task.folder / f"{secrets.token_hex(8)}.arrow", forms_of_thread())
        stretches.append(Stretch(part, read, events))
    return stretches


class _ReadBefore(Tasks):
    def __init__(self, file: SourceFile, folder: Path, stretches: Iterable[Stretch]) -> None:
        super().__init__([], folder, lambda: False)
        self._files = {id(file)}
        there = sorted((one for one in stretches if one.events.is_file()), key=lambda one: one.part.start)
        for part, read, events in there:
            self._tasks.append(Task([part._replace(file=file)], is_sent=True, read=[read], events=events))


def taken_from(file: SourceFile, folder: Path, stretches: Iterable[Stretch], dims: Dims) -> ReadAhead:
    """What lets a log be loaded from what was read of it.

    Args:
        file: The log.
        folder: A private folder.
        stretches: What was read, in any order.
        dims: Those of the case that it is loaded into.
    """
    return ReadAhead(_ReadBefore(file, folder, stretches), dims, keep=True)


def let_have_processes() -> None:
    """Let this worker have processes: as a daemon of Dask's it may not, but chunks that look damaged want one."""
    current_process()._config["daemon"] = False  # type: ignore[attr-defined]
