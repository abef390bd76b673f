"""Files that are the end of a process that reads them: of the one that reads ahead, never of the tests' own."""

from __future__ import annotations

import io
import multiprocessing
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class DeadlyFile:
    """Opens a file of which one byte must not be read by another process."""

    path: Path
    place: int
    """Bytes from its beginning."""
    hangs: bool = False
    """Whether reading it never ends; a crash otherwise."""

    def __call__(self) -> BinaryIO:
        """Open it."""
        return cast("BinaryIO", io.BufferedReader(_Deadly(self)))


class _Deadly(io.FileIO):
    def __init__(self, file: DeadlyFile) -> None:
        super().__init__(file.path)
        self._file = file

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        start = self.tell()
        size = super().readinto(memoryview(buffer)[:4096])
        if multiprocessing.parent_process() and start <= self._file.place < start + size:
            if self._file.hangs:
                time.sleep(600)
            os.abort()
        return size
