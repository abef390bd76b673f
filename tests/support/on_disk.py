"""Files of a test, as what a reader is made with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from pathlib import Path


def on_disk(path: Path, kind: str = "evtx") -> SourceFile:
    """A file as ``find_sources`` would have it."""
    status = path.stat()
    return SourceFile(path, str(path), status.st_size, kind, status.st_mtime_ns)
