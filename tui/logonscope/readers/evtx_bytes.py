"""The bytes of many chunks at once: numbers and stretches at many places, without a loop in Python."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[Any]


class ManyChunks:
    """Chunks of 64 KiB, one after another.

    Args:
        chunks: 64 KiB each.
    """

    def __init__(self, chunks: list[bytes]) -> None:
        self.whole = b"".join(chunks)
        self.count = len(chunks)
        self.bytes = np.frombuffer(self.whole, np.uint8)
        self._uint16, self._uint32, self._uint64 = (self._at_any_place(kind) for kind in ("<u2", "<u4", "<u8"))

    def uint8(self, places: Ints) -> Ints:
        """The bytes at some places, as ``int64``."""
        return self.bytes[places].astype(np.int64)

    def uint16(self, places: Ints) -> Ints:
        """The same of two bytes."""
        return self._uint16[places].astype(np.int64)

    def uint32(self, places: Ints) -> Ints:
        """The same of four bytes."""
        return self._uint32[places].astype(np.int64)

    def uint64(self, places: Ints) -> Ints:
        """The same of eight bytes, without a sign."""
        return self._uint64[places]

    def rows(self, places: Ints, size: int) -> Ints:
        """So many bytes at each place."""
        return np.lib.stride_tricks.sliding_window_view(self.bytes, size)[places]

    def _at_any_place(self, kind: str) -> Ints:
        size = np.dtype(kind).itemsize
        count = max(len(self.whole) - size + 1, 0)
        return np.ndarray(shape=(count,), dtype=kind, buffer=self.whole, strides=(1,))


def binary_slices(whole: bytes, begins: Ints, ends: Ints) -> pa.Array:
    """Stretches of bytes as an Arrow array, without a copy of what lies between.

    Args:
        whole: The bytes.
        begins: Where each begins; none before the one before it ends.
        ends: Where each ends.

    Raises:
        ValueError: They lie otherwise, or outside.
    """
    borders = np.empty(2 * len(begins), np.int32)
    borders[::2], borders[1::2] = begins, ends
    # Arrow takes them on trust: what is wrong here would be read from anywhere.
    if len(borders) and (borders[0] < 0 or borders[-1] > len(whole) or (borders[1:] < borders[:-1]).any()):
        raise ValueError("stretches of bytes lie one in another, or outside")
    slices = pa.BinaryArray.from_buffers(
        pa.binary(), max(len(borders) - 1, 0), [None, pa.py_buffer(borders), pa.py_buffer(whole)]
    )
    return slices.take(pa.array(np.arange(0, len(borders), 2, dtype=np.int32)))


def codes_of(values: pa.Array) -> tuple[Ints, pa.Array]:
    """For each value its place among the different ones, as ``int32``, and those."""
    coded = values.dictionary_encode()
    return coded.indices.to_numpy(), coded.dictionary


def pair_codes(first: Ints, second: Ints, count: int) -> tuple[Ints, list[tuple[int, int]]]:
    """For each pair of codes its place among the different pairs, and those.

    Args:
        first: Codes.
        second: Other codes.
        count: More than the greatest of those.
    """
    codes, pairs = codes_of(pa.array(first.astype(np.int64) * count + second))
    return codes, [divmod(pair, count) for pair in pairs.to_pylist()]
