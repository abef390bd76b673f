"""SHA-256, size and time of the files of a case: what ties a report to the evidence that it was made from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO

from logonscope.errors import QueryCancelledError
from logonscope.readers.archives.streams import Lender
from logonscope.readers.evidence import open_evidence
from logonscope.readers.sources import STDIN

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from logonscope.readers.source_file import SourceFile

_PIECE = 1 << 20
_CHANGED = "it has changed since it was read: this is the hash of what it holds now"
_MOVING = "it changed while it was hashed: this is the hash of no one state of it"


@dataclass(frozen=True, slots=True)
class SourceHash:
    """What identifies one file, byte for byte."""

    sha256: str
    """64 hexadecimal digits; empty where it could not be read to its end."""
    of: str
    """Of which bytes: ``the file``, ``the file as it unpacks from its archive``, ``standard input as it came``."""
    size: int
    """How many bytes these are."""
    modified: datetime | None
    """When the file on disk was last written, naive UTC; None for standard input."""
    archive_sha256: str = ""
    """Of the archive on disk that a member lies in; empty for all else."""
    note: str = ""
    """What is to be known of it, as that the file has changed; not sanitised."""


class SourceHashes:
    """The hashes of the files of a case. Its methods do I/O: they belong into a thread.

    Args:
        files: Gives the files that were read, by the number of the source.
        kept: Gives hashes that were computed when these were read, where that was done.
    """

    def __init__(
        self,
        files: Callable[[], Mapping[int, SourceFile]],
        kept: Callable[[], Mapping[int, SourceHash]] = dict[int, "SourceHash"],
    ) -> None:
        self._files = files
        self._kept = kept
        self._known: dict[int, SourceHash] = {}
        self._archives: dict[Path, str] = {}
        self._lock = Lock()

    @property
    def known(self) -> Mapping[int, SourceHash]:
        """Those that have been computed so far, by the number of the source."""
        return dict(self._known)

    @property
    def sha256(self) -> Mapping[int, str]:
        """The SHA-256 that are known so far, by the number of the source."""
        return {number: found.sha256 for number, found in self._known.items() if found.sha256}

    def compute(
        self,
        report: Callable[[int, int], None] = lambda done, total: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Mapping[int, SourceHash]:
        """Hash all files that were not hashed before, or that have grown since.

        Args:
            report: Gets how many files are done, and of how many.
            cancelled: Asked for every piece; what was computed until then is kept.

        Returns:
            The hashes by the number of the source.
        """
        with self._lock:
            self._known = {**self._kept(), **self._known}
            files = dict(self._files())
            for done, (number, file) in enumerate(files.items()):
                report(done, len(files))
                if not _is_of_now(self._known.get(number), file):
                    try:
                        self._known[number] = hash_of(file, cancelled, self._archives)
                    except QueryCancelledError:
                        break
            Lender.rest()
            return dict(self._known)


def hash_of(
    file: SourceFile, cancelled: Callable[[], bool] = lambda: False, archives: dict[Path, str] | None = None
) -> SourceHash:
    """Hash one file.

    Args:
        file: The file.
        cancelled: Asked for every piece.
        archives: Hashes of archives on disk that are known; gets those that are computed.

    Raises:
        QueryCancelledError: It was cancelled.
    """
    of = "the file as it unpacks from its archive" if file.opener else "the file"
    if file.shown == STDIN:
        of = f"{of}, on standard input" if file.opener else "standard input as it came"
    try:
        before = file.path.stat()
        sha256, size = _digest(file.open(), cancelled)
        archive = _archive(file, cancelled, {} if archives is None else archives) if file.opener else ""
        note = _note(file, before, file.path.stat())
    except OSError as error:
        return SourceHash("", of, file.size, None, note=f"it could not be hashed: {error.strerror or error}")
    modified = None if file.shown == STDIN else datetime.fromtimestamp(before.st_mtime, UTC).replace(tzinfo=None)
    return SourceHash(sha256, of, size, modified, archive, note)


def _digest(stream: BinaryIO, cancelled: Callable[[], bool]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with stream:
        while piece := stream.read(_PIECE):
            if cancelled():
                raise QueryCancelledError("interrupted")
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _archive(file: SourceFile, cancelled: Callable[[], bool], known: dict[Path, str]) -> str:
    if file.path not in known:
        known[file.path] = _digest(open_evidence(file.path), cancelled)[0]
    return known[file.path]


def _note(file: SourceFile, before: os.stat_result, after: os.stat_result) -> str:
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return _MOVING
    has_grown = not file.opener and before.st_size != file.size
    return _CHANGED if has_grown or before.st_mtime_ns != file.modified_ns else ""


def _is_of_now(known: SourceHash | None, file: SourceFile) -> bool:
    """Whether a hash still holds, as far as size and time tell."""
    if known is None or not known.sha256:
        return False
    try:
        now = file.path.stat()
    except OSError:
        return True  # it is gone: what was computed is what is known
    time = datetime.fromtimestamp(now.st_mtime, UTC).replace(tzinfo=None)
    return known.modified in (None, time) and (bool(file.opener) or known.size == now.st_size)
