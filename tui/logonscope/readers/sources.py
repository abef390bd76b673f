"""From the paths that the user names to the files to read."""

from __future__ import annotations

import os
import select
import stat
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from logonscope.display import plural
from logonscope.errors import SourceError
from logonscope.readers.archives.limits import USUAL, Limits
from logonscope.readers.archives.names import shown_parts
from logonscope.readers.evidence import open_evidence
from logonscope.readers.formats import formats, supported
from logonscope.readers.sniff import HEAD_BYTES, sniff
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STDIN = "standard input"
"""How its copy is shown."""


_LOCKED = (32, 33)
"""Windows' errors ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION."""
_BLOCK_BYTES = 1 << 20
_WAIT_SECONDS = 0.2
_LONG_RECORD_BYTES = 1 << 20
_COPY = "Open a copy: wevtutil epl CHANNEL COPY.evtx makes one of a log in use."
_PASSWORD = "Unpack it with its password, and open what comes out."


@cache
def log_suffixes() -> tuple[str, ...]:
    """How files are named that were meant to be logs."""
    return tuple(suffix for entry in formats().values() for suffix in entry.suffixes)


def find_sources(
    paths: Iterable[Path],
    unreadable: list[SourceError],
    limits: Limits = USUAL,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[SourceFile]:
    """Find the files to read, in a stable order, each once.

    Args:
        paths: Files and folders; folders are searched recursively for event logs, and so are archives.
        unreadable: Gets an error for each named path that cannot be read, for each file in a folder that is named like
            a log but is none, and for archives of which not all can be read. Other files are not worth a word.
        limits: What is too much in an archive.
        cancelled: Asked for each file, also in archives; when it says so, nothing more is found.

    Yields:
        Readable event logs.
    """
    finder = _Finder(unreadable, limits, cancelled)
    for path in paths:
        yield from finder.in_folder(path) if _is_folder(path) else finder.in_file(path, named=True)


_NO_LAKE = (
    "tables in Parquet, but no lake.json, by which a lake of logonscope is known",
    "Name the folder that logonscope fleet ingest made, or make one of the logs.",
)


class _Finder:
    """Finds logs, and complains of what cannot be read."""

    def __init__(self, unreadable: list[SourceError], limits: Limits, cancelled: Callable[[], bool]) -> None:
        self._unreadable = unreadable
        self._limits = limits
        self._cancelled = cancelled
        self._seen: set[tuple[int, int]] = set()
        self._logs = 0
        """Files found that are logs or hold some, those found again too."""

    def in_folder(self, folder: Path) -> Iterator[SourceFile]:
        """The logs in a folder, and all folders in it."""
        before = self._logs, len(self._unreadable)
        told = "no event log in this folder", f"Supported: {supported()}."
        for path in _files_below(folder, self._unreadable):
            if self._cancelled():
                return
            if path.suffix == ".parquet":
                told = _NO_LAKE
            yield from self.in_file(path, named=False)
        if before == (self._logs, len(self._unreadable)):
            self._unreadable.append(SourceError(f"{folder}: {told[0]}", told[1]))

    def in_file(self, path: Path, *, named: bool) -> Iterator[SourceFile]:
        """A file, or the logs in it where it is an archive."""
        try:
            status, head = _look(path)
            identity = status.st_dev, status.st_ino
            if identity in self._seen:
                self._logs += 1
                return
            kind = sniff(head)
            if kind.readable:
                self._enter(identity)
                yield SourceFile(path, str(path), status.st_size, kind.name, status.st_mtime_ns)
            elif archive := _archive_kind(head):
                yield from self._in_archive(path, archive, status, identity, named=named)
            else:
                raise SourceError(f"{path}: found {kind.name}", f"Supported: {supported()}.")
        except SourceError as error:
            if named or _is_named_like_a_log(path):
                self._unreadable.append(error)

    def _enter(self, identity: tuple[int, int]) -> None:
        self._seen.add(identity)
        self._logs += 1

    def _in_archive(
        self, path: Path, archive: str, status: os.stat_result, identity: tuple[int, int], *, named: bool
    ) -> Iterator[SourceFile]:
        from logonscope.readers.archives.search import Search

        search = Search(self._limits, self._cancelled)
        found = False
        for log in search.logs(partial(open_evidence, path), archive):
            found = True
            self._enter(identity)
            yield SourceFile(path, str(path), log.size, log.kind, status.st_mtime_ns, log.members, log.opener)
        for way, reason in search.complaints:
            place = Path(path, *(part for member in way for part in shown_parts(member)))
            advice = _PASSWORD if "encrypted" in reason else "What was found before is loaded."
            self._unreadable.append(SourceError(f"{place}: {reason}", advice))
        if not found and not search.complaints:
            looked = plural(search.members, "file")
            raise SourceError(
                f"{path}: no event log in this {archive} archive ({looked})", f"Supported: {supported()}."
            )


def files_of(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, and those in folders that are."""
    for path in paths:
        if _is_folder(path):
            yield from _files_below(path, [])
        else:
            yield path


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # what is wrong with it shows when it is opened


def _files_below(folder: Path, unreadable: list[SourceError]) -> Iterator[Path]:
    def report(error: OSError) -> None:
        unreadable.append(SourceError(f"{error.filename}: {error.strerror}", "Check the folder's permissions."))

    for parent, folders, names in os.walk(folder, onerror=report):
        folders.sort()
        for name in sorted(names):
            yield Path(parent, name)


def _archive_kind(head: bytes) -> str:
    from logonscope.readers.archives.search import archive_kind  # logs that lie there unpacked need not wait for it

    return archive_kind(head)


def _is_named_like_a_log(path: Path) -> bool:
    return path.name.lower().endswith(log_suffixes())


def _look(path: Path) -> tuple[os.stat_result, bytes]:
    """What the file system and its first bytes say of a file.

    Raises:
        SourceError: It cannot be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{path}: not a regular file", "Copy its contents to a file first.")
        with open_evidence(path) as file:
            head = file.read(HEAD_BYTES)
            if head[:1] in (b"{", b"[") and b"\n" not in head:
                head += file.read(_LONG_RECORD_BYTES)  # not even its first record has ended
            return status, head
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file or folder", "Check the spelling.") from error
    except PermissionError as error:
        if getattr(error, "winerror", None) in _LOCKED:
            raise SourceError(f"{path}: another program keeps it open and locked", _COPY) from error
        raise SourceError(f"{path}: no permission to read it", "Run as a user who may, or copy it.") from error
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from error


def spool_stdin(stdin: BinaryIO, folder: Path, cancelled: Callable[[], bool] = lambda: False) -> Path:
    """Copy standard input to a private file, since a log is read by position.

    Args:
        stdin: Binary stream, read to its end.
        folder: A private folder for the copy.
        cancelled: Asked between blocks, and while the one who writes keeps us waiting; what came until then is kept.

    Returns:
        The path of the copy.
    """
    path = folder / "stdin"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy:
        while not cancelled():
            if _has_come(stdin):
                block = stdin.read1(_BLOCK_BYTES)  # type: ignore[attr-defined] # all that come here have it
                if not block:
                    break
                copy.write(block)
    return path


def _has_come(stdin: BinaryIO) -> bool:
    """Whether something can be read without waiting for long."""
    try:
        return bool(select.select([stdin], [], [], _WAIT_SECONDS)[0])
    except (OSError, ValueError):
        return True  # no file of the system's, which never waits
