"""How evidence lies on the disk: whether what was loaded of it is still all that there is, unchanged.

Reading all of it would take as long as loading. So of every file below the named paths the name, the size and the times
of its last change count (the one of its inode too, which nobody sets at will), and of those that were loaded also some
stretches of their contents, 64 of each unless they are many.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from logonscope.readers.evidence import open_evidence
from logonscope.readers.sources import files_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_STRETCHES, _FEWEST_STRETCHES = 64, 4
_STRETCHES_IN_ALL = 8192
_STRETCH_BYTES = 4096


@dataclass(frozen=True, slots=True)
class EvidenceState:
    """The files below some paths."""

    digest: str
    """SHA-256 of what the file system says of them, hexadecimal."""
    size: int
    """Bytes in all."""


def evidence_state(paths: Sequence[Path]) -> EvidenceState:
    """What the file system says of all files below some paths.

    Args:
        paths: Files and folders; one that is not there counts as such.
    """
    digest = hashlib.sha256()
    size = 0
    for path in files_of(paths):
        try:
            status = path.stat()
            said = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
            size += status.st_size
        except OSError as error:
            said = f"error {error.errno}"
        digest.update(b"%s\0%s\0" % (os.fsencode(path.absolute()), said.encode()))
    return EvidenceState(digest.hexdigest(), size)


def contents_sample(files: Sequence[Path]) -> str:
    """A digest of evenly spread stretches of files, of small ones all that they hold.

    Args:
        files: Files on disk.

    Raises:
        OSError: One of them cannot be read.
    """
    digest = hashlib.sha256()
    stretches = max(_FEWEST_STRETCHES, min(_STRETCHES, _STRETCHES_IN_ALL // max(1, len(files))))
    for path in files:
        with open_evidence(path) as file:
            size = os.fstat(file.fileno()).st_size
            for offset in _offsets(size, stretches):
                file.seek(offset)
                digest.update(file.read(_STRETCH_BYTES))
    return digest.hexdigest()


def _offsets(size: int, stretches: int) -> Iterable[int]:
    if size <= stretches * _STRETCH_BYTES:
        return range(0, size, _STRETCH_BYTES)
    return (place * (size - _STRETCH_BYTES) // (stretches - 1) for place in range(stretches))
