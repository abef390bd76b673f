"""How evidence is opened: for reading only, and without a trace in its access time where the system allows that."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

_NO_TRACE = getattr(os, "O_NOATIME", 0)
"""Linux: the access time stays. Only the file's owner and root may ask for it."""
_FOR_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)


def open_evidence(path: Path) -> BinaryIO:
    """Open a file of evidence.

    Raises:
        OSError: It cannot be opened.
    """
    return open(path, "rb", opener=_descriptor)  # noqa: PTH123: Path.open takes no opener


def _descriptor(path: str, _: int) -> int:
    if _NO_TRACE:
        try:
            return os.open(path, _FOR_READING | _NO_TRACE)
        except PermissionError:
            pass  # the file is somebody else's
    return os.open(path, _FOR_READING)
