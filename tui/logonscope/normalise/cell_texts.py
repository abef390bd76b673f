"""Values of records as the JSON that the parser makes of them, each different value once.

What the parser may write in another way than is done here, odd texts above all, is left to it.
Source: MS-EVEN6 2.2.18 for the types; libyal's description of Windows XML Event Log, "value types".
"""

from __future__ import annotations

import re
from codecs import utf_16_le_decode
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import msgspec
import numpy as np
import pyarrow as pa

from logonscope.readers.evtx_bytes import ManyChunks, binary_slices, codes_of
from logonscope.readers.sid import SID_HEAD_BYTES, sid_size, sid_text
from logonscope.readers.stamps import filetime_stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from logonscope.readers.evtx_bytes import Ints
    from logonscope.readers.evtx_instances import Cells

NULL, STRING, UINT8, UINT16, UINT32, UINT64 = 0, 1, 4, 6, 8, 10
GUID, SIZE, FILETIME, SID, HEX32, HEX64 = 15, 16, 17, 19, 20, 21
_NULL, _EMPTY = b"null", b'""'
UNREADABLE = -1
"""Code of a value that is left to the parser."""
_ODD = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MANY = 16_384
"""Different values that are remembered of each kind; most come again in the next chunks."""
_to_json = msgspec.json.Encoder().encode
FIRST_TIME, LAST_TIME = 116_444_736_000_000_000, 2_650_152_384_000_000_000
"""1970 and 9999 as FILETIME."""


class CellTexts(NamedTuple):
    """The texts of some values."""

    codes: Ints
    """Of each value; ``UNREADABLE`` for those that are left to the parser."""
    texts: list[bytes]
    """JSON, by code."""


def cell_texts(chunks: ManyChunks, cells: Cells, is_element: Ints) -> CellTexts:
    """The texts of values.

    Args:
        chunks: The bytes.
        cells: Where each value lies, in order.
        is_element: Whether each is all that an element of its own name has: the parser takes an empty one for none.
    """
    codes = np.full(len(cells.types), UNREADABLE, np.int64)
    texts: list[bytes] = []
    for kind in np.flatnonzero(np.bincount(cells.types)).tolist():
        of_kind = np.flatnonzero(cells.types == kind)
        is_there = (cells.sizes[of_kind] > 0) & (kind != NULL)
        if kind in _WITHOUT_BYTES:
            codes[of_kind[~is_there]] = len(texts)
            texts.append(_WITHOUT_BYTES[kind])
        of_kind = of_kind[is_there]
        if len(of_kind) and kind in _NUMBERS:
            for size, write in _NUMBERS[kind].items():
                of_size = of_kind[cells.sizes[of_kind] == size]
                found, different = codes_of(pa.array(_READ[size](chunks, cells.begins[of_size])))
                _add(codes, texts, of_size, found, write(different.to_pylist()))
        elif len(of_kind) and kind in _STRETCHES:
            begins = cells.begins[of_kind]
            found, different = codes_of(binary_slices(chunks.whole, begins, begins + cells.sizes[of_kind]))
            _add(codes, texts, of_kind, found, list(map(_STRETCHES[kind], different.to_pylist())))
    elements = np.flatnonzero(is_element & (codes != UNREADABLE))
    is_empty = np.array([text == _EMPTY for text in texts], bool)
    codes[elements[is_empty[codes[elements]]]] = len(texts)
    return CellTexts(codes, [*texts, _NULL])


def _add(codes: Ints, texts: list[bytes], of_kind: Ints, found: Ints, written: Sequence[bytes | None]) -> None:
    if None in written:
        is_readable = np.array([text is not None for text in written])[found]
        of_kind, found = of_kind[is_readable], found[is_readable]
    codes[of_kind] = found + len(texts)
    texts += [text or b"" for text in written]


def _decimal(numbers: Sequence[int]) -> Sequence[bytes]:
    return [b"%d" % number for number in numbers]


def _hexadecimal(numbers: Sequence[int]) -> Sequence[bytes]:
    return [b'"0x%x"' % number for number in numbers]


def _times(ticks: Sequence[int]) -> Sequence[bytes | None]:
    return [_time(tick) if FIRST_TIME <= tick < LAST_TIME else None for tick in ticks]


def _time(tick: int) -> bytes | None:
    stamp = filetime_stamp(tick)
    return b'"%sZ"' % stamp[0].encode() if stamp else None


def string_text(written: bytes) -> str | None:
    """A text as the parser reads it, without the NUL at its end; None for one that is left to it."""
    try:
        text = utf_16_le_decode(written, "strict", True)[0].removesuffix("\0")
    except UnicodeDecodeError:
        return None
    return None if _ODD.search(text) else text


@lru_cache(_MANY)
def _string(written: bytes) -> bytes | None:
    text = string_text(written)
    return None if text is None else _to_json(text)


def guid_text(written: bytes) -> str | None:
    """A GUID as the parser writes it."""
    return str(UUID(bytes_le=written)).upper() if len(written) == 16 else None


@lru_cache(_MANY)
def _guid(written: bytes) -> bytes | None:
    text = guid_text(written)
    return None if text is None else b'"%s"' % text.encode()


@lru_cache(_MANY)
def _sid(written: bytes) -> bytes | None:
    is_plain = len(written) >= SID_HEAD_BYTES and written[0] == 1 and len(written) == sid_size(written)
    return b'"%s"' % sid_text(written).encode() if is_plain else None


_READ = {1: ManyChunks.uint8, 2: ManyChunks.uint16, 4: ManyChunks.uint32, 8: ManyChunks.uint64}
_NUMBERS: dict[int, dict[int, Callable[[Sequence[int]], Sequence[bytes | None]]]] = {
    UINT8: {1: _decimal},
    UINT16: {2: _decimal},
    UINT32: {4: _decimal},
    UINT64: {8: _decimal},
    SIZE: {4: _hexadecimal, 8: _hexadecimal},
    FILETIME: {8: _times},
    HEX32: {4: _hexadecimal},
    HEX64: {8: _hexadecimal},
}
"""Of each type the sizes that it may have, and how numbers of that size are written."""
_STRETCHES: dict[int, Callable[[bytes], bytes | None]] = {STRING: _string, GUID: _guid, SID: _sid}
_WITHOUT_BYTES = {NULL: _NULL, STRING: _EMPTY}
