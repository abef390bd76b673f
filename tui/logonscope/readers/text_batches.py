"""What the readers of text have in common: where records are, and how many problems are told one by one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logonscope.display import plural
from logonscope.model import ReadProblem
from logonscope.readers.open_file import OpenFile
from logonscope.readers.raw import RawBatch

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.readers.source_file import SourceFile

MOST_CHARACTERS = 1 << 20
"""An event is a few thousand characters; what is longer than this is none."""
MOST_PROBLEMS = 1000
"""So many problems of one file are told one by one; a file of rubbish has no end of them."""


@dataclass(slots=True)
class Places:
    """Where in a file some of its records begin."""

    numbers: list[int] = field(default_factory=list)
    """Which record of the file, counted from 1; ascending."""
    offsets: list[int] = field(default_factory=list)
    """Where it begins, bytes."""

    def add(self, number: int, offset: int) -> None:
        """Remember a record that comes after all that are known."""
        if not self.numbers or number > self.numbers[-1]:
            self.numbers.append(number)
            self.offsets.append(offset)

    def before(self, number: int) -> tuple[int, int]:
        """The last known record that is not after one: its number and offset; the file's first where none is known."""
        place = bisect_right(self.numbers, number) - 1
        return (self.numbers[place], self.offsets[place]) if place >= 0 else (1, 0)


class TextReader(OpenFile):
    """An open file of events as text, with the places of some of them and what is wrong with others.

    Args:
        file: The file.
        places: Where its events are, where that is known from an earlier reading.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, file: SourceFile, places: Places | None = None) -> None:
        super().__init__(file)
        self._problems = Problems(self._path)
        self._chosen_order = file.dates
        self.places = places or Places()


@dataclass(slots=True)
class Run:
    """The records of one batch, as they are found."""

    problems: Problems
    header_ids: list[int] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, number: int, stamp: str, text: str) -> None:
        """Add a record.

        Args:
            number: Which one of the file.
            stamp: Its time as in ``RawBatch.stamps``.
            text: Its JSON text.
        """
        self.header_ids.append(number)
        self.stamps.append(stamp)
        self.texts.append(text)

    def batch(self, bytes_read: int) -> RawBatch:
        """All that was found."""
        return RawBatch(self.header_ids, self.stamps, self.texts, bytes_read, self.problems.taken())


class Problems:
    """What is wrong with one file, each told with its place until there are too many.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[ReadProblem] = []
        self._told = 0
        self._more = 0

    @property
    def are_told(self) -> bool:
        """Whether the next one is still told with its place."""
        return self._told < MOST_PROBLEMS

    def add(self, offset: int | None, record_id: int | None, reason: str) -> None:
        """Add a record that could not be read."""
        if self.are_told:
            self._told += 1
            self._found.append(ReadProblem(self._path, "record", offset, record_id, reason))
        else:
            self._more += 1

    def taken(self) -> tuple[ReadProblem, ...]:
        """Those that were not handed over yet."""
        found, self._found = tuple(self._found), []
        return found

    def last(self) -> tuple[ReadProblem, ...]:
        """What is left to say when the whole file has been read."""
        if self._more:
            reason = f"{plural(self._more, 'more record')} could not be read"
            self._found.append(ReadProblem(self._path, "file", None, None, reason))
        return self.taken()
