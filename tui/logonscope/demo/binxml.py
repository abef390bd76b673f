"""Binary XML, the form that event records have on disk (Microsoft MS-EVEN6 2.2.12, libyal EVTX format).

A template is an XML tree with numbered slots. A record names the template and gives the values of the slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

END_OF_STREAM = b"\x00"
FRAGMENT_HEADER = b"\x0f\x01\x01\x00"
ALWAYS = 0xFFFF
"""The dependency of an element that is there whatever the record says."""

_OPEN, _OPEN_WITH_ATTRIBUTES = 0x01, 0x41
_CLOSE_START, _CLOSE_EMPTY, _CLOSE = b"\x02", b"\x03", b"\x04"
_TEXT, _ATTRIBUTE, _ATTRIBUTE_AND_MORE = 0x05, 0x06, 0x46
_SLOT, _OPTIONAL_SLOT = 0x0D, 0x0E
_STRING_TYPE = 0x01
_NAME_BUCKETS = 64

_U32 = Struct("<I")
_NAME_HEADER = Struct("<IHH")
_OPEN_HEADER = Struct("<BHI")
_SLOT_TOKEN = Struct("<BHB")
_TEXT_HEADER = Struct("<BBH")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a template that each record fills."""

    index: int
    code: int
    """BinXML type of the value."""
    optional: bool = False
    """Whether the attribute around it is left out when the value is NULL."""


@dataclass(frozen=True, slots=True)
class Element:
    """An XML element of a template."""

    name: str
    attributes: tuple[tuple[str, str | Slot], ...] = ()
    content: tuple[Element | Slot, ...] = ()
    needs: int = ALWAYS
    """The slot without whose value the element is left out."""


def name_hash(name: str) -> int:
    """The 16-bit hash of an element or attribute name (libyal EVTX format, 4.3)."""
    value = 0
    for character in name:
        value = (value * 65599 + ord(character)) & 0xFFFFFFFF
    return value & 0xFFFF


class NameTable:
    """The names that one chunk has spelled out so far: each once, referred to by its offset after that."""

    def __init__(self) -> None:
        self._offsets: dict[str, int] = {}
        self._heads: dict[int, int] = {}

    def reference(self, name: str, position: int) -> bytes:
        """Refer to a name at a position in the chunk, spelling it out when it is new.

        Args:
            name: The name.
            position: Bytes from the beginning of the chunk to where the reference goes.

        Returns:
            The offset of the name, followed by the name itself when this is where it is.
        """
        known = self._offsets.get(name)
        if known is not None:
            return _U32.pack(known)
        offset = position + _U32.size
        hashed = name_hash(name)
        bucket = hashed % _NAME_BUCKETS
        older = self._heads.get(bucket, 0)
        self._offsets[name] = self._heads[bucket] = offset
        spelled = name.encode("utf-16-le") + b"\0\0"
        return _U32.pack(offset) + _NAME_HEADER.pack(older, hashed, len(name)) + spelled

    def heads(self, end: int) -> list[int]:
        """The newest name of each hash bucket, of those that stand before an offset."""
        heads = [0] * _NAME_BUCKETS
        for name, offset in self._offsets.items():
            if offset < end:
                heads[name_hash(name) % _NAME_BUCKETS] = offset
        return heads


def encode_template(root: Element, position: int, names: NameTable) -> bytes:
    """Encode the tree of a template.

    Args:
        root: The outermost element.
        position: Bytes from the beginning of the chunk to where the tree goes.
        names: The chunk's names; new ones are added.

    Returns:
        The BinXML fragment with its end.
    """
    out = bytearray(FRAGMENT_HEADER)
    _encode_element(out, root, position, names)
    return bytes(out + END_OF_STREAM)


def _encode_element(out: bytearray, element: Element, position: int, names: NameTable) -> None:
    start = len(out)
    out += _OPEN_HEADER.pack(_OPEN_WITH_ATTRIBUTES if element.attributes else _OPEN, element.needs, 0)
    content = len(out)
    out += names.reference(element.name, position + content)
    if element.attributes:
        _encode_attributes(out, element, position, names)
    if element.content or not element.attributes:
        out += _CLOSE_START
        for part in element.content:
            if isinstance(part, Slot):
                out += _slot(part)
            else:
                _encode_element(out, part, position, names)
        out += _CLOSE
    else:
        out += _CLOSE_EMPTY
    _U32.pack_into(out, start + 3, len(out) - content)


def _encode_attributes(out: bytearray, element: Element, position: int, names: NameTable) -> None:
    size_at = len(out)
    out += _U32.pack(0)
    for token, (name, value) in zip(_attribute_tokens(element), element.attributes, strict=True):
        out.append(token)
        out += names.reference(name, position + len(out))
        out += _slot(value) if isinstance(value, Slot) else _text(value)
    _U32.pack_into(out, size_at, len(out) - size_at - _U32.size)


def _attribute_tokens(element: Element) -> Iterator[int]:
    """Every attribute but the last says that another one follows."""
    yield from [_ATTRIBUTE_AND_MORE] * (len(element.attributes) - 1)
    yield _ATTRIBUTE


def _text(value: str) -> bytes:
    encoded = value.encode("utf-16-le")
    return _TEXT_HEADER.pack(_TEXT, _STRING_TYPE, len(encoded) // 2) + encoded


def _slot(slot: Slot) -> bytes:
    return _SLOT_TOKEN.pack(_OPTIONAL_SLOT if slot.optional else _SLOT, slot.index, slot.code)
