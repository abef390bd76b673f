"""The outline that a template gives to its records: elements, attributes, fixed texts, and holes for values.

Source: libyal's description of Windows XML Event Log, "binary XML" and "template definition"; MS-EVEN6 2.2.12.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import NamedTuple

from logonscope.readers.evtx_layout import CHUNK_BYTES, DEFINITION_HEADER_BYTES, FRAGMENT_HEADER, NAME_HEADER

_OPEN, _END_ATTRIBUTES, _END_EMPTY, _CLOSE = 0x01, 0x02, 0x03, 0x04
_TEXT, _ATTRIBUTE, _HOLE, _OPTIONAL_HOLE = 0x05, 0x06, 0x0D, 0x0E
_MORE = 0x40
"""Set in a token where more of its kind follows, or where an element has attributes."""
_STRING = 1
_DEEPEST = 16
LONGEST_NAME = 512
"""Bytes."""
_OPEN_HEADER = struct.Struct("<BHII")
_HOLE_HEADER = struct.Struct("<BHB")
_TEXT_HEADER = struct.Struct("<BBH")
_uint32 = struct.Struct("<I").unpack_from


class OutlineError(ValueError):
    """A template has another form than those of Windows' own events."""


class Hole(NamedTuple):
    """Where the value of a record goes."""

    value: int
    """Which of them."""
    type: int
    is_optional: bool


class Element(NamedTuple):
    """An element of the XML."""

    name: str
    attributes: dict[str, str | Hole]
    content: list[str | Hole | Element]

    def element(self, name: str) -> Element | None:
        """The first element of a name in it."""
        return next((part for part in self.content if isinstance(part, Element) and part.name == name), None)


class NamePlace(NamedTuple):
    """Where a definition names something."""

    at: int
    """Bytes from the beginning of the definition to four that hold the place of the name in the chunk."""
    name: bytes
    """UTF-16."""
    is_inside: bool
    """Whether the name itself follows there; else it stands somewhere before."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A template, and which of its bytes depend on the chunk around it."""

    root: Element
    names: list[NamePlace]


def outline_of(chunk: bytes, place: int) -> Outline:
    """Walk through the definition of a template.

    Args:
        chunk: 64 KiB.
        place: Where the definition begins in it.

    Raises:
        OutlineError: It has another form than those of Windows' own events.
    """
    try:
        return _Walk(chunk, place).outline()
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise OutlineError("the definition of the template is damaged") from error


class _Walk:
    def __init__(self, chunk: bytes, place: int) -> None:
        self._chunk = chunk
        self._place = place
        self._at = place + DEFINITION_HEADER_BYTES
        self._end = self._at + _uint32(chunk, self._at - 4)[0]
        self._names: list[NamePlace] = []

    def outline(self) -> Outline:
        if self._chunk[self._at : self._at + 4] != FRAGMENT_HEADER or self._end > CHUNK_BYTES:
            raise OutlineError("the definition of the template does not begin as one")
        self._at += 4
        root = self._element(0)
        if self._chunk[self._at : self._end] != b"\0":
            raise OutlineError("the definition of the template does not end with its first element")
        return Outline(root, self._names)

    def _element(self, depth: int) -> Element:
        token, _, _, _ = _OPEN_HEADER.unpack_from(self._chunk, self._at)
        if token & ~_MORE != _OPEN or depth > _DEEPEST:
            raise OutlineError("an element is expected")
        self._at += _OPEN_HEADER.size - 4
        element = Element(self._name(), {}, [])
        if token & _MORE:
            self._at += 4
            self._attributes(element.attributes)
        closing = self._chunk[self._at]
        self._at += 1
        if closing == _END_ATTRIBUTES:
            self._content(element.content, depth)
        elif closing != _END_EMPTY:
            raise OutlineError("the end of a start tag is expected")
        return element

    def _attributes(self, attributes: dict[str, str | Hole]) -> None:
        token = _MORE
        while token & _MORE:
            token = self._chunk[self._at]
            if token & ~_MORE != _ATTRIBUTE:
                raise OutlineError("an attribute is expected")
            self._at += 1
            name = self._name()
            value = self._value()
            if value is None or name in attributes:
                raise OutlineError("an attribute has no value, or comes twice")
            attributes[name] = value

    def _content(self, content: list[str | Hole | Element], depth: int) -> None:
        while self._at < self._end:
            if self._chunk[self._at] == _CLOSE:
                self._at += 1
                return
            value = self._value()
            content.append(self._element(depth + 1) if value is None else value)
        raise OutlineError("an element has no end")

    def _value(self) -> str | Hole | None:
        """A text or a hole, if one is here."""
        token = self._chunk[self._at]
        if token in (_HOLE, _OPTIONAL_HOLE):
            _, index, kind = _HOLE_HEADER.unpack_from(self._chunk, self._at)
            self._at += _HOLE_HEADER.size
            return Hole(index, kind, token == _OPTIONAL_HOLE)
        if token != _TEXT:
            return None
        _, kind, characters = _TEXT_HEADER.unpack_from(self._chunk, self._at)
        begin = self._at + _TEXT_HEADER.size
        self._at = begin + 2 * characters
        if kind != _STRING or self._at > self._end:
            raise OutlineError("a text is expected")
        return self._chunk[begin : self._at].decode("utf-16-le")

    def _name(self) -> str:
        (place,) = _uint32(self._chunk, self._at)
        own = self._at + 4
        _, _, characters = NAME_HEADER.unpack_from(self._chunk, place)
        begin = place + NAME_HEADER.size
        name = self._chunk[begin : begin + min(2 * characters, LONGEST_NAME)]
        if len(name) != 2 * characters:
            raise OutlineError("a name is too long")
        self._names.append(NamePlace(self._at - self._place, name, place == own))
        self._at = own + (NAME_HEADER.size + len(name) + 2 if place == own else 0)
        return name.decode("utf-16-le")
