"""Private folders for case stores, swept when the process that made them is gone."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from logonscope.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_LOCK = "lock"


class WorkFolder:
    """A private folder (mode 0700) that lives as long as this process.

    A lock on a file inside tells other processes that it is in use; the kernel drops the lock even when the process
    is killed, so that the next start can sweep what was left.

    Args:
        parent: Where to make it; the user's cache folder if None.

    Raises:
        StoreError: It cannot be made.
    """

    def __init__(self, parent: Path | None = None) -> None:
        base = parent or user_cache_path("logonscope") / "cases"
        try:
            base.mkdir(parents=True, exist_ok=True, mode=0o700)
            _sweep(base)
            self.path = base / f"{os.getpid()}-{secrets.token_hex(4)}"
            self.path.mkdir(mode=0o700)
            self._lock = os.open(self.path / _LOCK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            advice = "Set XDG_CACHE_HOME to a folder that you may write to."
            raise StoreError(f"{base}: cannot make a folder for the case: {error.strerror or error}", advice) from error

    def remove(self) -> None:
        """Delete the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _sweep(base: Path) -> None:
    """Delete folders whose process is gone."""
    for folder in base.iterdir():
        lock = folder / _LOCK
        if folder.is_symlink() or not lock.is_file():
            continue
        try:
            descriptor = os.open(lock, os.O_WRONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass
        finally:
            os.close(descriptor)
