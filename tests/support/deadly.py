"""Files that are the end of a process that reads them: of the one that reads ahead, never of the tests' own."""

from __future__ import annotations

import io
import multiprocessing
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class DeadlyFile:
    """Opens a file of which one byte must not be read by another process."""

    path: Path
    place: int
    """Bytes from its beginning."""
    how: Literal["crashes", "sleeps", "spins", "bloats"] = "crashes"

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
            _end_by(self._file.how)
        return size


def _end_by(how: str) -> None:
    if how == "sleeps":
        time.sleep(600)
    while how == "spins":
        pass
    if how == "bloats":
        bytearray(2 << 30)  # there is no harm in it where so much may be had
    else:
        os.abort()
