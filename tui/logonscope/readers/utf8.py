"""Text files as blocks of UTF-8, whatever they are in: PowerShell writes UTF-16 where its output is sent to a file."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from logonscope.readers.text_stream import BLOCK_BYTES, TextStream, without_lone

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCKS_KEPT = 16
"""How many blocks back an offset is still known exactly."""


class _Block(NamedTuple):
    start: int
    """Where it begins in the UTF-8 text."""
    source_start: int
    """Where it begins in the file."""
    text: bytes


class Utf8Blocks:
    """The text of an open file, block by block.

    Args:
        file: The file; from where it stands it is read on.
        encoding: ``utf-8``, ``utf-16-le`` or ``utf-16-be``.
    """

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self._began = file.tell()
        self._blocks: deque[_Block] = deque(maxlen=_BLOCKS_KEPT)

    def __iter__(self) -> Iterator[bytes]:
        """The blocks.

        Raises:
            OSError: The file cannot be read.
        """
        if self._encoding == "utf-8":
            while block := self._file.read(BLOCK_BYTES):
                yield block
            return
        start = 0
        for source_start, decoded in TextStream(self._file, self._began).blocks():
            text = without_lone(decoded).encode()
            self._blocks.append(_Block(start, source_start, text))
            start += len(text)
            yield text

    def source_offset(self, offset: int) -> int:
        """Where in the file an offset of the UTF-8 text lies.

        Args:
            offset: Bytes, in what this reading has yielded.
        """
        if self._encoding == "utf-8":
            return self._began + offset
        for block in reversed(self._blocks):
            if block.start <= offset:
                before = block.text[: offset - block.start].decode("utf-8", "ignore")
                return block.source_start + len(before.encode(self._encoding))
        return self._began
