"""What every reader has: its file, open for reading until the ``with`` block ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from logonscope.readers.source_file import SourceFile


class OpenFile:
    """A file that is open for reading.

    Args:
        file: The file.

    Raises:
        OSError: It cannot be opened.
    """

    def __init__(self, file: SourceFile) -> None:
        self._path = file.place
        self._file = file.open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
