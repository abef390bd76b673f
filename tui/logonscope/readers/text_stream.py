"""A file as text, block by block in bounded memory, with the place of every character in its bytes."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, BinaryIO

from logonscope.display import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_BYTES = 1 << 20
ENCODING_BYTES = 1024
"""So many bytes of the beginning tell the encoding."""
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z][\w.:-]*)[\"']")
_LONE = re.compile("[\ud800-\udfff]")


def text_encoding(head: bytes) -> tuple[str, int]:
    """Tell the encoding of a text.

    Args:
        head: The first ``ENCODING_BYTES`` of it.

    Returns:
        The codec's name, UTF-8 where nothing else is said, and the length of the byte order mark.
    """
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    # UTF-16 without a mark: every other byte of Western text is zero.
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(zeros) > 1 and zeros.count(0) > len(zeros) // 2:
            return encoding, 0
    declared = _DECLARED.match(head)
    return (_ascii_based(declared[1].decode()) if declared else "utf-8"), 0


def _ascii_based(name: str) -> str:
    """A declared encoding, where it is one in which the declaration could be read at all."""
    try:
        return codecs.lookup(name).name if "<Event>".encode(name) == b"<Event>" else "utf-8"
    except (LookupError, UnicodeError):
        return "utf-8"


def without_lone(text: str) -> str:
    """The text with U+FFFD for what was no text in the file's encoding."""
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def replaced_notes(events: int) -> list[str]:
    """What is to be said of so many events in which ``without_lone`` had something to replace."""
    return [f"{plural(events, 'event')} with characters that are no text, shown as \ufffd"] if events else []


class TextStream:
    """The text of an open file.

    Bytes that are no text come as lone surrogates, so that every character's place can be told; ``without_lone``
    makes them fit to be shown.

    Args:
        file: The file, open at any place.
        start: Where to begin: the place of a character, 0 for the beginning.

    Raises:
        OSError: The file cannot be read.
    """

    def __init__(self, file: BinaryIO, start: int = 0) -> None:
        file.seek(0)
        self.encoding, mark = text_encoding(file.read(ENCODING_BYTES))
        self._file = file
        self._start = max(start, mark)
        self._errors = "surrogatepass" if self.encoding.startswith("utf-16") else "surrogateescape"

    def blocks(self) -> Iterator[tuple[int, str]]:
        """Read to the end.

        Yields:
            Where a block begins, in bytes, and its text.
        """
        decoder = codecs.getincrementaldecoder(self.encoding)(self._errors)
        self._file.seek(self._start)
        place = self._start
        while block := self._file.read(BLOCK_BYTES):
            begins = place - len(decoder.getstate()[0])
            place += len(block)
            yield begins, decoder.decode(block)
        # A last character that is cut is no text.

    def size(self, text: str) -> int:
        """How many bytes some of its text takes in the file."""
        if text.isascii() and self._errors == "surrogateescape":
            return len(text)
        return len(text.encode(self.encoding, self._errors))
