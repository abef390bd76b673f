"""JSON values out of a stream of text, in bounded memory, whatever lies between them.

They may come one a line, pretty-printed over many lines, in an array of any length, on one line without end, or after
lines such as ``Record 7``. Only objects are looked for. A fault costs the value that it lies in: no string of JSON
holds a line break, so a line that begins as the broken value did begins the next one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST_VALUE = 4 << 20
"""Bytes; a record of Windows holds 64 KiB, which no writer of JSON makes a hundred times as long."""
_LONG_LINE = 1 << 20
_SURE_OF_FAULT = 256 << 10
"""So many characters before the end of what has been read a fault is one, and not just where reading has stopped."""
_BETWEEN = b" \t\r\n\0,[]\x1e\xef\xbb\xbf"
_ODD = "nothing but zero bytes or brackets here"
_MENDED = "bytes that are no text stand in this record: they are shown replaced or escaped"
_RECORD_LINE = re.compile(rb"Record \d+\Z")
_NEXT_VALUE = re.compile(r"\}\s*,?\s*(?=\{)")
_SPACE = re.compile(r"[\s\0,\[\]\x1e\ufeff]*")
_decode = msgspec.json.Decoder().decode
_raw_decode = json.JSONDecoder(strict=False).raw_decode
_NOT_THIS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_FAULTY = (ValueError, RecursionError)


class Value(NamedTuple):
    """One object."""

    offset: int
    """Bytes from the beginning of the text."""
    text: bytes
    """As it stands there."""
    record: dict[str, Any]
    mended: str = ""
    """What of it had to be replaced, in words; empty for nothing."""


class Fault(NamedTuple):
    """Text that holds no readable object."""

    offset: int
    reason: str


class _Text:
    """What has been read and not yet taken."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self.held = b""
        self.start = 0
        """Offset of what is held."""
        self.at = 0
        """How far into it has been taken."""
        self.ended = False

    @property
    def offset(self) -> int:
        return self.start + self.at

    @property
    def left(self) -> int:
        return max(len(self.held) - self.at, 0)

    def more(self) -> bool:
        """Read on; False at the end."""
        block = next(self._blocks, None)
        if block is None:
            self.ended = True
            return False
        self.held, self.start, self.at = self.held[self.at :] + block, self.start + self.at, 0
        return True

    def line_end(self) -> int | None:
        """Where the next line ends; None where it is longer than a line should be."""
        while (end := self.held.find(b"\n", self.at)) < 0:
            if self.left >= _LONG_LINE:
                return None
            if not self.more():
                return len(self.held)
        return end

    def skip_line(self) -> None:
        """Leave out what is left of a line without end."""
        while (end := self.held.find(b"\n", self.at)) < 0:
            self.at = len(self.held)
            if not self.more():
                return
        self.at = end + 1


def json_values(blocks: Iterable[bytes]) -> Iterator[Value | Fault]:
    """Find the objects of a text.

    Args:
        blocks: The text in UTF-8, in blocks of any size.

    Yields:
        The objects, and what lies between them that is none, in the order of the text.
    """
    text = _Text(blocks)
    while text.left or text.more():
        end = text.line_end()
        if end is None:
            yield from _endless_line(text)
            continue
        whole = text.held[text.at : end]
        line = whole.strip(_BETWEEN)
        offset = text.offset
        if not line or (line[:1] == b"R" and _RECORD_LINE.match(line)):
            text.at = end + 1
            if whole and _is_odd(whole):
                yield Fault(offset, _ODD)
        elif line[:1] != b"{":
            text.at = end + 1
            yield Fault(offset, "no JSON object here")
        elif line[-1:] == b"}":
            text.at = end + 1
            offset += whole.find(b"{")
            try:
                yield Value(offset, line, _decode(line))
            except _NOT_THIS:
                yield from _in_line(line, offset)
        elif end == len(text.held):
            text.at = end
            yield from _in_line(line, offset + whole.find(b"{"))
        else:
            yield from _over_lines(text, whole, end)


def _in_line(line: bytes, offset: int) -> Iterator[Value | Fault]:
    """What is in a line that is not one sound object: several of them, or one with faults."""
    for found, _ in _objects(line, offset, ended=True):
        yield found


def _is_odd(line: bytes) -> bool:
    """Whether a line without an object is not just a part of an array."""
    return b"\0" in line or line.count(b"[") > 1


def _over_lines(text: _Text, line: bytes, end: int) -> Iterator[Value | Fault]:
    """The object that begins on a line and does not end there: it ends where the indent is that of its beginning."""
    lead = line[: line.find(b"{")]
    indent = lead[len(lead.rstrip(b" \t")) :] if lead.strip(b" \t") else lead
    text.at += len(lead)
    offset, after = text.offset, end - text.at
    closing, opening = b"\n" + indent + b"}", b"\n" + indent + b"{"
    searched = after
    while True:
        close = text.held.find(closing, text.at + searched)
        following = text.held.find(opening, text.at + searched, close if close >= 0 else len(text.held))
        if close >= 0 or following >= 0 or text.left > LONGEST_VALUE:
            break
        searched = max(text.left - len(opening), 0)
        if not text.more():
            break
    if close >= 0 and following < 0:
        found = text.held[text.at : close + len(closing)]
        text.at = close + len(closing)
        yield _decoded(found, offset)
        return
    first_line = text.held[text.at : text.at + after].rstrip(_BETWEEN)
    text.at = following if following >= 0 else len(text.held) if text.ended else text.at + after
    yield from _in_line(first_line, offset)


def _endless_line(text: _Text) -> Iterator[Value | Fault]:
    """A line of more than a megabyte: an array of objects without a line break, or nothing of use."""
    told = False
    while text.left or text.more():
        end = text.held.find(b"\n", text.at)
        held = text.held[text.at : end] if end >= 0 else text.held[text.at :]
        window = held.lstrip(_BETWEEN)
        offset = text.offset + len(held) - len(window)
        if window and window[:1] != b"{":
            yield Fault(offset, "no JSON object here, on a line of more than a megabyte")
            text.skip_line()
            return
        if not window and not told and _is_odd(held):
            told = True
            yield Fault(text.offset, _ODD)
        reach = 0
        for found, so_far in _objects(window, offset, ended=text.ended or end >= 0):
            reach = so_far
            yield found
        if end >= 0:
            text.at = end
            return
        text.at += len(held) - len(window) + reach
        if not reach and len(window) > LONGEST_VALUE:
            yield Fault(offset, f"no end of this JSON object within {LONGEST_VALUE >> 20} MiB")
            text.skip_line()
            return
        if not reach and not text.more():
            text.ended = True


def _objects(raw: bytes, offset: int, *, ended: bool) -> Iterator[tuple[Value | Fault, int]]:
    """The objects in a piece of text, each with how far it reaches into it, in bytes.

    Args:
        raw: The text, which begins with an object.
        offset: Where it lies.
        ended: Whether it is complete; else its last object may go on after it, and is left out.
    """
    text = raw.decode("utf-8", "surrogateescape")
    place = reach = 0
    while place < len(text):
        start = place
        try:
            found, place = _raw_decode(text, start)
            why = "" if isinstance(found, dict) else "no JSON object here"
        except _FAULTY as fault:
            position = getattr(fault, "pos", start)
            if not ended and position > len(text) - _SURE_OF_FAULT:
                return
            following = _NEXT_VALUE.search(text, max(start + 1, position))
            place = following.end() if following else len(text)
            why = _why(fault, start)
        piece = text[start:place].encode("utf-8", "surrogateescape")
        begun, reach = offset + reach, reach + len(piece)
        yield Fault(begun, why) if why else _decoded(piece, begun), reach
        between = _SPACE.match(text, place)
        place, before = between.end() if between else place, place
        reach += len(text[before:place].encode("utf-8", "surrogateescape"))


def _decoded(raw: bytes, offset: int) -> Value | Fault:
    try:
        return Value(offset, raw, _decode(raw))
    except _NOT_THIS:
        return _mended(raw, offset)


def _mended(raw: bytes, offset: int) -> Value | Fault:
    """An object with bytes or characters that JSON does not allow, which are escaped or replaced."""
    try:
        found = json.loads(raw.decode("utf-8", "replace"), strict=False)
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        return Value(
            offset,
            text,
            _decode(text),
            "bytes that are no text stand in this record: they are shown replaced or escaped",
        )
    except _FAULTY as error:
        return Fault(offset, _why(error))


def _why(error: Exception, start: int = 0) -> str:
    if isinstance(error, RecursionError):
        return "this JSON object is nested too deep"
    if isinstance(error, json.JSONDecodeError) and (
        error.pos >= len(error.doc) or error.msg.startswith("Unterminated")
    ):
        return "this JSON object has no end"
    if isinstance(error, json.JSONDecodeError):
        return f"not well-formed JSON at character {error.pos - start:,} of this object: {error.msg}"
    return f"not well-formed JSON: {str(error).partition(' (byte')[0].partition(';')[0]}"
