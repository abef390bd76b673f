"""Private folders for case stores, swept when the process that made them is gone."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path

from platformdirs import user_cache_path

from logonscope.cache.folder_lock import claim, remove_unused
from logonscope.display import bytes_text
from logonscope.errors import StoreError

_LEAST_FREE = 200_000_000
"""Bytes. With less the folder for temporary files is taken, if there is more."""


class WorkFolder:
    """A private folder (mode 0700) that lives as long as this process.

    A lock on a file inside tells other processes that it is in use; the kernel drops the lock even when the process
    is killed, so that the next start can sweep what was left.

    Args:
        parent: Where to make it; if None, the user's cache folder, or the one for temporary files where that cannot be
            written to.

    Raises:
        StoreError: It cannot be made.
    """

    def __init__(self, parent: Path | None = None) -> None:
        base = parent or user_cache_path("logonscope") / "cases"
        self.trouble = ""
        """Why it is not in the user's cache folder; not sanitised."""
        try:
            self._make(base, 0 if parent else _LEAST_FREE)
        except OSError as error:
            said = f"{base}: cannot make a folder for the case: {error.strerror or error}"
            try:
                if parent is not None:
                    raise
                self._make(_temporary(), 0)
            except OSError:
                advice = "Set XDG_CACHE_HOME to a folder that you may write to."
                raise StoreError(said, advice) from error
            self.trouble = said

    def _make(self, base: Path, least_free: int) -> None:
        base.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(base).free < least_free < shutil.disk_usage(tempfile.gettempdir()).free:
            raise OSError(errno.ENOSPC, f"less than {bytes_text(least_free)} free there")
        for folder in base.iterdir():
            remove_unused(folder)
        self.path = base / f"{os.getpid()}-{secrets.token_hex(4)}"
        self.path.mkdir(mode=0o700)
        self._lock = claim(self.path)

    def remove(self) -> None:
        """Delete the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()

    def release(self) -> None:
        """Let go of a folder that somebody else has from now on."""
        os.close(self._lock)


def _temporary() -> Path:
    """A folder of the user's own among the temporary files.

    Raises:
        OSError: Somebody else made it, or may write to it.
    """
    base = Path(tempfile.gettempdir(), f"logonscope-{os.getuid()}")
    base.mkdir(exist_ok=True, mode=0o700)
    status = base.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or stat.S_IMODE(status.st_mode) != 0o700:
        raise PermissionError(f"{base} is not private")
    return base
