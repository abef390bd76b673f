"""From the paths that the user names to the files to read."""

from __future__ import annotations

import os
import shutil
import stat
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from logonscope.errors import SourceError
from logonscope.readers.formats import formats, supported
from logonscope.readers.sniff import HEAD_BYTES, sniff
from logonscope.readers.source_file import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@cache
def log_suffixes() -> tuple[str, ...]:
    """How files are named that were meant to be logs."""
    return tuple(suffix for entry in formats().values() for suffix in entry.suffixes)


def find_sources(paths: Iterable[Path], unreadable: list[SourceError]) -> Iterator[SourceFile]:
    """Find the files to read, in a stable order, each once.

    Args:
        paths: Files and folders; folders are searched recursively for event logs.
        unreadable: Gets an error for each named path that cannot be read, and for each file in a folder that is
            named like a log but is none. Other files in a folder are not worth a word.

    Yields:
        Readable event logs.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        for candidate, named in _candidates(path, unreadable):
            try:
                source, identity = _identify(candidate)
            except SourceError as error:
                if named or _is_named_like_a_log(candidate):
                    unreadable.append(error)
                continue
            if identity not in seen:
                seen.add(identity)
                yield source


def _candidates(path: Path, unreadable: list[SourceError]) -> Iterator[tuple[Path, bool]]:
    if not _is_folder(path):
        yield path, True
        return
    found = False
    for candidate in _files_below(path, unreadable):
        found = found or _is_named_like_a_log(candidate) or _looks_readable(candidate)
        yield candidate, False
    if not found:
        unreadable.append(SourceError(f"{path}: no event log in this folder", f"Supported: {supported()}."))


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


def _looks_readable(path: Path) -> bool:
    try:
        return bool(_identify(path))
    except SourceError:
        return False


def _is_named_like_a_log(path: Path) -> bool:
    return path.name.lower().endswith(log_suffixes())


def _identify(path: Path) -> tuple[SourceFile, tuple[int, int]]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{path}: not a regular file", "Copy its contents to a file first.")
        with path.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES))
    except FileNotFoundError as error:
        raise SourceError(f"{path}: no such file or folder", "Check the spelling.") from error
    except PermissionError as error:
        raise SourceError(f"{path}: no permission to read it", "Run as a user who may, or copy it.") from error
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from error
    if not kind.readable:
        raise SourceError(f"{path}: found {kind.name}", f"Supported: {supported()}.")
    found = SourceFile(path, str(path), status.st_size, kind.name, status.st_mtime_ns)
    return found, (status.st_dev, status.st_ino)


def spool_stdin(stdin: BinaryIO, folder: Path) -> Path:
    """Copy standard input to a private file, since a log is read by position.

    Args:
        stdin: Binary stream, read to its end.
        folder: A private folder for the copy.

    Returns:
        The path of the copy.
    """
    path = folder / "stdin"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy:
        shutil.copyfileobj(stdin, copy, 1 << 20)
    return path
