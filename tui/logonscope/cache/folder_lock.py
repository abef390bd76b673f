"""Locks on the folders that logonscope makes for itself; the kernel drops them however their process ends."""

from __future__ import annotations

import fcntl
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOCK = "lock"
"""The file in a folder that is locked."""


def claim(folder: Path) -> int:
    """Lock a new folder for this process alone.

    Returns:
        A descriptor; closing it frees the folder.

    Raises:
        OSError: It cannot be locked.
    """
    descriptor = os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def share(folder: Path) -> int | None:
    """Keep a folder from being deleted; several processes may do so at once.

    Returns:
        A descriptor; closing it frees the folder. None where it is being deleted, or is none of ours.
    """
    return _locked(folder, os.O_RDONLY, fcntl.LOCK_SH)


def hold(folder: Path) -> int | None:
    """Lock a folder for this process alone, whether or not it was locked before.

    Returns:
        A descriptor; closing it frees the folder. None where another process has it.

    Raises:
        OSError: The lock file cannot be made.
    """
    descriptor = os.open(folder / LOCK, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def is_used(folder: Path) -> bool:
    """Whether a process has it open."""
    descriptor = _locked(folder, os.O_RDONLY, fcntl.LOCK_EX)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def remove_unused(folder: Path) -> bool:
    """Delete a folder of ours that no process has open.

    Returns:
        Whether it is gone.
    """
    descriptor = _locked(folder, os.O_RDONLY, fcntl.LOCK_EX)
    if descriptor is None:
        return False
    try:
        shutil.rmtree(folder, ignore_errors=True)
        return not folder.exists()
    finally:
        os.close(descriptor)


def _locked(folder: Path, access: int, kind: int) -> int | None:
    if folder.is_symlink():
        return None
    try:
        descriptor = os.open(folder / LOCK, access | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
