"""Which files are read together: tasks of about the same size, of neighbours, the largest first."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from logonscope import __version__
from logonscope.fleet.parse import ParseTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logonscope.fleet.source_listing import Unit
    from logonscope.lake.address import LakePlace

_TASK_BYTES, _TASK_FILES = 64_000_000, 500
_BATCH_BYTES, _BATCH_FILES = 64_000_000, 500
"""Of files that are only hashed."""


def hash_batches(units: Iterable[Unit]) -> list[tuple[Unit, ...]]:
    """Files that are hashed together."""
    return list(_batches(units, _BATCH_BYTES, _BATCH_FILES))


def parse_tasks(lake: LakePlace, units: Iterable[Unit]) -> list[ParseTask]:
    """Tasks that read all files.

    Args:
        lake: The lake.
        units: The files, hashed. The same files in another run make the same tasks.
    """
    neighbours = sorted(units, key=lambda unit: unit.path)
    return [parse_task(lake, batch) for batch in _batches(neighbours, _TASK_BYTES, _TASK_FILES)]


def parse_task(lake: LakePlace, units: Sequence[Unit]) -> ParseTask:
    """One task for some files."""
    stamp = "\n".join([__version__, *(f"{unit.path}\0{unit.size}\0{unit.sha256}" for unit in units)])
    return ParseTask(lake, hashlib.sha256(stamp.encode("utf-8", "surrogateescape")).hexdigest()[:24], tuple(units))


def largest_first(tasks: Iterable[ParseTask]) -> list[ParseTask]:
    """In the order in which they keep all workers busy to the end."""
    return sorted(tasks, key=lambda task: -sum(unit.size for unit in task.units))


def _batches(units: Iterable[Unit], most_bytes: int, most_files: int) -> Iterator[tuple[Unit, ...]]:
    batch: list[Unit] = []
    size = 0
    for unit in units:
        if batch and (size + unit.size > most_bytes or len(batch) >= most_files):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(unit)
        size += unit.size
    if batch:
        yield tuple(batch)
