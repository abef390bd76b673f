"""The rows of a CSV file, each with its place, in bounded memory."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from logonscope.readers.text_batches import MOST_CHARACTERS
from logonscope.readers.text_stream import TextStream, without_lone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_TOO_LONG = f"a row of more than {MOST_CHARACTERS:,} characters"


class Row(NamedTuple):
    """One row, or what is in its place."""

    cells: list[str]
    text: str
    """The row as the file has it, without its line end."""
    offset: int
    """Where it begins, bytes."""
    reason: str = ""
    """What is wrong with it."""


def rows(file: BinaryIO, delimiter: str, start: int = 0) -> Iterator[Row]:
    """Read rows to the end of a file.

    Args:
        file: The file.
        delimiter: What stands between cells.
        start: Where a row begins, bytes; 0 for the beginning of the text.

    Yields:
        The rows; a row that cannot be read without its cells.
    """
    lines = _Lines(TextStream(file, start), start)
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        begins = lines.begin_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield Row([], "", begins, str(error))
            continue
        if cells is None:
            return
        yield Row(cells, "".join(lines.taken).rstrip("\r\n"), begins)


class _Lines:
    """The lines of a text, as a reader of rows takes them."""

    def __init__(self, stream: TextStream, start: int) -> None:
        self._stream = stream
        self._found = _lines(stream)
        self._next = start
        self._length = 0
        self.taken: list[str] = []
        """Those of the row that is being read."""

    def begin_row(self) -> int:
        """Forget the last row; where the next one begins, bytes."""
        self.taken.clear()
        self._length = 0
        return self._next

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        place, line = next(self._found)
        self._next = place + self._stream.size(line)
        self._length += len(line)
        if self._length > MOST_CHARACTERS:
            raise csv.Error(_TOO_LONG)
        readable = without_lone(line)
        self.taken.append(readable)
        return readable


def _lines(stream: TextStream) -> Iterator[tuple[int, str]]:
    """Lines with their ends and where they begin; a line that is too long comes in parts."""
    rest, begins = "", 0
    for place, block in stream.blocks():
        begins = begins if rest else place
        for line in _cut(rest + block):
            rest = line
            if line[-1] == "\n" or len(line) > MOST_CHARACTERS:
                yield begins, line
                begins += stream.size(line)
                rest = ""
    if rest:
        yield begins, rest


def _cut(text: str) -> list[str]:
    """Lines with their ends; ``splitlines`` would also cut at characters that names may hold."""
    *lines, rest = text.split("\n")
    return [f"{line}\n" for line in lines] + ([rest] if rest else [])
