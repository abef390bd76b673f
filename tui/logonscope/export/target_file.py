"""A file that is written for the user: whole or not at all, never within the evidence, over nothing unasked."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import secrets
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, TextIO

from logonscope.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from _typeshed import ReadableBuffer

_STALE_SECONDS = 60
"""A draft that was just made may have no lock yet."""
_NO_LINKS = frozenset((errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK))
"""What a file system answers that knows no second name of a file, as FAT."""


@contextmanager
def open_target(path: Path, evidence: Iterable[Path], force: bool) -> Iterator[BinaryIO]:
    """Open a file to write to; it has its name when the block ends well, and is gone when it does not.

    It is written under another name in the same folder. What is killed in mid-write leaves ``.logonscope-*.part``,
    which the next one to be written there sweeps.

    Args:
        path: The file to make.
        evidence: The files and folders of the case.
        force: Write over a file that is there.

    Raises:
        OutputError: As of ``check_target``; or the file cannot be written, as where the disk is full.
    """
    check_target(path, evidence, force)
    _sweep(path.parent)
    draft = path.with_name(f".logonscope-{secrets.token_hex(6)}.part")
    try:
        with _telling(path):
            raw = _Draft(path, os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
            with suppress(OSError):  # not all file systems know locks
                fcntl.flock(raw, fcntl.LOCK_EX)
        out = io.BufferedWriter(raw, 1 << 17)
        try:
            yield out
            out.flush()
            with _telling(path):
                os.fsync(out.fileno())
        finally:
            with suppress(OutputError):  # what is left in the buffer of a full disk
                out.close()
        with _telling(path):
            _name(draft, path, force)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


@contextmanager
def open_text_target(path: Path, evidence: Iterable[Path], force: bool) -> Iterator[TextIO]:
    """The same for lines of UTF-8; a character that is none is written as an escape.

    Raises:
        OutputError: As of ``open_target``.
    """
    with open_target(path, evidence, force) as out:
        lines = io.TextIOWrapper(out, "utf-8", "backslashreplace", "\n")
        try:
            yield lines
            lines.flush()
        finally:
            with suppress(OutputError):
                lines.detach()


def check_target(path: Path, evidence: Iterable[Path], force: bool) -> None:
    """See whether a file may be made, before the work that fills it.

    Args:
        path: The file to make.
        evidence: The files and folders of the case.
        force: Whether a file that is there may be written over.

    Raises:
        OutputError: It is the evidence or within it, is there already, has no folder, or is no file.
    """
    with _telling(path):
        folder = path.parent.resolve()
        if not folder.is_dir():
            raise OutputError(f"{path}: there is no folder {path.parent}", "Make it, or name another file.")
        known = {_identity(part) for part in evidence if part.exists()}
        if any(_identity(part) in known for part in (folder, *folder.parents)):
            raise OutputError(
                f"{path}: this is within the evidence, where nothing is written", "Name a file elsewhere."
            )
        if not os.access(folder, os.W_OK):
            raise OutputError(f"{path}: the folder cannot be written to", "Name a file elsewhere.")
        if path.exists() and _identity(path) in known:
            raise OutputError(f"{path}: this is the evidence, which is only read", "Name another file.")
        if path.exists() and not path.is_file():
            raise OutputError(f"{path}: this is no file that could be written over", "Name another file.")
        if _is_there(path) and not force:
            raise OutputError(f"{path} is there already", "Name another file, or write over it with --force.")


def _sweep(folder: Path) -> None:
    """Delete drafts of ours that a killed process left: nobody holds their lock."""
    for draft in folder.glob(".logonscope-*.part"):
        with suppress(OSError):
            left = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                found = os.fstat(left)
                if (
                    stat.S_ISREG(found.st_mode)
                    and found.st_uid == os.getuid()
                    and time.time() - found.st_mtime > _STALE_SECONDS
                ):
                    fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    draft.unlink()
            finally:
                os.close(left)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def _name(draft: Path, path: Path, force: bool) -> None:
    """Give the draft its name; without ``force`` also a file that came meanwhile is left alone."""
    if force:
        draft.replace(path)
        return
    try:
        path.hardlink_to(draft)
    except FileExistsError as error:
        raise OutputError(f"{path} has been made meanwhile", "Name another file.") from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        draft.rename(path)


class _Draft(io.FileIO):
    """Tells errors by the name that the user knows."""

    def __init__(self, path: Path, descriptor: int) -> None:
        super().__init__(descriptor, "wb")
        self._path = path

    def write(self, part: ReadableBuffer, /) -> int:
        with _telling(self._path):
            return super().write(part)


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}", "Nothing of it is left; name another file.") from error
