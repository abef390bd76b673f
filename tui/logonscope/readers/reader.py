"""What every reader is, and the one that reads a file."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from logonscope.readers.formats import formats

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from logonscope.readers.raw import RawBatch
    from logonscope.readers.source_file import SourceFile


class Reader(Protocol):
    """One open file.

    A reader is made with the file, and with ``places`` of an earlier reading of the same file where there was one.
    Making it may raise ``OSError``; so may all that reads. Whatever is wrong with the contents is a ``ReadProblem`` of
    a batch and never an exception.
    """

    places: Any
    """What finds a record again without reading all of the file; None where there is no such thing."""

    def __enter__(self) -> Reader:
        """The reader itself."""

    def __exit__(self, *_: object) -> None:
        """Close the file."""

    @property
    def notes(self) -> Sequence[str]:
        """What is to be known of the whole file; complete when all of it has been read."""

    def batches(self) -> Iterator[RawBatch]:
        """All records in the order of the file, some at a time, in bounded memory."""

    def record(self, header_id: int) -> str | None:
        """Read one record again.

        Args:
            header_id: What ``RawBatch.header_ids`` had for it.

        Returns:
            The record as the file has it: XML as Windows wrote it where the format keeps that, else the JSON, the
            line or the text that it is. None where the file no longer has such a record.
        """


@runtime_checkable
class SkipsByTime(Protocol):
    """A reader that can leave out what lies outside of a time without parsing it."""

    def only_times(self, since: int, until: int) -> None:
        """Leave out what is surely outside, and tell how much in ``RawBatch.left_out``.

        Args:
            since: The first moment inside, in 100 ns since 1601.
            until: The first moment after it.
        """


def open_reader(file: SourceFile, places: Any = None) -> Reader:
    """Open a file with the reader of its format.

    Args:
        file: The file.
        places: What an earlier reading of it had in ``places``.

    Raises:
        OSError: It cannot be opened.
    """
    module, _, name = formats()[file.kind].reader.partition(":")
    reader: Reader = getattr(import_module(module), name)(file, places)
    return reader
