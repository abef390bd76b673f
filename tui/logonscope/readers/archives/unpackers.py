"""Unpackers: generators that take a packed stream and yield what it unpacks to, in pieces of bounded size."""

from __future__ import annotations

import bz2
import lzma
import sys
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PACKED_BYTES = 1 << 16
_PIECE_BYTES = 1 << 16
_GZIP, _RAW_DEFLATE = 31, -15


class _Decompressor(Protocol):
    """As in bz2, lzma and zstd."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Inflating:
    """zlib's object with the manners of the others."""

    def __init__(self, window_bits: int) -> None:
        self._inner: Any = zlib.decompressobj(window_bits)
        self._has_more = False

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def needs_input(self) -> bool:
        return not self._has_more

    @property
    def unused_data(self) -> bytes:
        return bytes(self._inner.unused_data)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        piece: bytes = self._inner.decompress(self._inner.unconsumed_tail + data, max_length)
        self._has_more = len(piece) == max_length or bool(self._inner.unconsumed_tail)
        return piece


def copied(packed: BinaryIO) -> Iterator[bytes]:
    """What is not packed at all."""
    while piece := packed.read(_PIECE_BYTES):
        yield piece


def inflated(packed: BinaryIO) -> Iterator[bytes]:
    """Raw deflate, as in zip."""
    return _unpacked(packed, lambda: _Inflating(_RAW_DEFLATE), repeats=False)


def gunzipped(packed: BinaryIO) -> Iterator[bytes]:
    """Gzip members, one after another."""
    return _unpacked(packed, lambda: _Inflating(_GZIP))


def unzstd(packed: BinaryIO) -> Iterator[bytes]:
    """Zstandard frames, one after another."""
    return _unpacked(packed, zstd.ZstdDecompressor)


def unbzip2(packed: BinaryIO) -> Iterator[bytes]:
    """Bzip2 streams, one after another."""
    return _unpacked(packed, bz2.BZ2Decompressor)


def unxz(packed: BinaryIO) -> Iterator[bytes]:
    """Xz streams, one after another."""
    return _unpacked(packed, lambda: lzma.LZMADecompressor(memlimit=1 << 30))


def _unpacked(packed: BinaryIO, begin: Callable[[], _Decompressor], *, repeats: bool = True) -> Iterator[bytes]:
    """Unpack one stream after another; padding with zeros after the last is no fault.

    Raises:
        EOFError: The packed bytes end too early.
    """
    rest = packed.read(_PACKED_BYTES)
    while rest:
        decompressor = begin()
        while not decompressor.eof:
            if decompressor.needs_input and not rest:
                rest = packed.read(_PACKED_BYTES)
                if not rest:
                    raise EOFError
            piece = decompressor.decompress(rest, _PIECE_BYTES)
            rest = b""
            if piece:
                yield piece
        rest = decompressor.unused_data
        if not repeats:
            return
        while not rest.strip(b"\0") and (more := packed.read(_PACKED_BYTES)):
            rest = more
        rest = rest.lstrip(b"\0")
