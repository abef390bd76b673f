"""Files that no reader reads, to be searched for records: memory images, page files, unallocated space."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

RAW = "raw"
"""The kind of such a file: no entry of ``formats.toml``, since no reader reads it."""
_SMALLEST = 64


def raw_files(paths: Iterable[Path], read: Collection[Path]) -> Iterator[SourceFile]:
    """Find the regular files that were not read.

    Args:
        paths: Files and folders, as the user gave them; folders are searched recursively, links are not followed.
        read: Files on disk that were read.

    Yields:
        The others, in a stable order, each once. What cannot be looked at is left out: it was told of before.
    """
    seen = {_identity(path) for path in read}
    for path in paths:
        for candidate in _below(path):
            try:
                status = candidate.stat()
            except OSError:
                continue
            identity = status.st_dev, status.st_ino
            if stat.S_ISREG(status.st_mode) and status.st_size >= _SMALLEST and identity not in seen:
                seen.add(identity)
                yield SourceFile(candidate, str(candidate), status.st_size, RAW, status.st_mtime_ns)


def _below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for parent, folders, names in os.walk(path):
        folders.sort()
        yield from (Path(parent, name) for name in sorted(names) if not Path(parent, name).is_symlink())


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
