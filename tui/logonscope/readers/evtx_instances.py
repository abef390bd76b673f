"""Where the values of records lie, found in many chunks at once.

A record names a template and has a list of values for its holes: how many, size and type of each, then their bytes. The
last value of an event's own template is the event's payload, which is again a template and values.
Source: libyal's description of Windows XML Event Log, "template instance" and "template instance values".

Chunks of which anything is not as Windows writes it are left to the parser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from logonscope.readers.evtx_bytes import binary_slices, codes_of, pair_codes
from logonscope.readers.evtx_definitions import UNKNOWN
from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    DEFINITION_HEADER_BYTES,
    FRAGMENT_HEADER,
    SMALLEST_RECORD,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.readers.evtx_bytes import Ints, ManyChunks
    from logonscope.readers.evtx_definitions import Definitions
    from logonscope.readers.evtx_layout import Chunk

NOT_THERE = 0x80
"""Added to the type of a value that has no bytes."""
NO_TYPE = 0x7F
"""Stands for everything above it: what these types are, arrays above all, is left to the parser."""
_MAGIC = 0x2A2A
_TOKEN = 0x0C
_REFERENCE_BYTES = 10
_MOST_VALUES = 256


@dataclass(slots=True)
class Records:
    """Records of many chunks, in their order."""

    places: Ints
    """Bytes from the beginning of the first chunk to each record."""
    ends: Ints
    chunks: Ints
    """Which chunk each is of."""

    def only(self, kept: Ints) -> Records:
        """Some of them."""
        return Records(self.places[kept], self.ends[kept], self.chunks[kept])


@dataclass(slots=True)
class Instances:
    """Templates with their values, of one record each."""

    is_good: Ints
    """Whether it is as Windows writes it; what else is said of others means nothing."""
    templates: Ints
    """Number of each one's template."""
    descriptors: Ints
    """Where the sizes and types of the values stand."""
    counts: Ints
    """How many values each has."""

    def only(self, kept: Ints) -> Instances:
        """Some of them."""
        return Instances(self.is_good[kept], self.templates[kept], self.descriptors[kept], self.counts[kept])

    @property
    def values(self) -> Ints:
        """Where the bytes of the values begin."""
        begins: Ints = self.descriptors + 4 * self.counts
        return begins


@dataclass(slots=True)
class Cells:
    """All values of many instances, one instance after another."""

    first: Ints
    """Which cell is the first of each instance."""
    counts: Ints
    """How many cells each instance has."""
    types: Ints
    """``NO_TYPE`` for all that are no types."""
    begins: Ints
    sizes: Ints
    """Bytes."""
    ends: Ints
    """Where the bytes of each instance's values end."""

    def owners(self, cells: Ints) -> Ints:
        """Which instance some cells are of."""
        return np.searchsorted(self.first + self.counts, cells, side="right")


def records_of(chunks: ManyChunks, headers: Sequence[Chunk]) -> tuple[Records, Ints]:
    """Find the records of chunks.

    Args:
        chunks: The bytes.
        headers: What is known of each.

    Returns:
        The records of all good chunks, and which those are: their records follow one another without a gap, and are
        as many as the header says, with the IDs that it says.
    """
    ends = np.array([min(header.end, CHUNK_BYTES) for header in headers], np.int64)
    words = np.frombuffer(chunks.whole, "<u4")
    places = np.flatnonzero(words[::2] == _MAGIC) * 8
    owners, offsets = places // CHUNK_BYTES, places % CHUNK_BYTES
    # The size of the record before stands right before a record; magic that lies in the bytes of another has none.
    before = words[places // 4 - 1].astype(np.int64)
    fits = (offsets > CHUNK_HEADER_BYTES) & (offsets + SMALLEST_RECORD <= ends[owners]) & (before % 8 == 0)
    fits &= (before >= SMALLEST_RECORD) & (before <= offsets - CHUNK_HEADER_BYTES)
    fits &= words[(places - np.where(fits, before, 0)) // 4] == _MAGIC
    kept = np.flatnonzero(fits | (offsets == CHUNK_HEADER_BYTES))
    places, owners, offsets = places[kept], owners[kept], offsets[kept]
    sizes = words[places // 4 + 1].astype(np.int64)
    is_last = np.append(owners[1:] != owners[:-1], True)[: len(owners)]
    following = np.where(is_last, ends[owners], np.append(offsets[1:], 0)[: len(offsets)])
    first = np.searchsorted(owners, np.arange(len(headers) + 1))
    counts = np.diff(first)
    first_ids = np.array([header.first_header_id for header in headers], np.uint64)
    expected = np.array([max(0, min(header.expected, CHUNK_BYTES)) for header in headers], np.int64)
    ids = first_ids[owners] + (np.arange(len(owners)) - first[owners]).astype(np.uint64)
    is_good = (counts == expected) & (counts > 0) & (ends % 8 == 0)
    is_wrong = (offsets + sizes != following) | (chunks.uint64(places + 8) != ids)
    sizes = np.where(is_wrong | (sizes < SMALLEST_RECORD), SMALLEST_RECORD, sizes)
    is_wrong |= chunks.uint32(places + sizes - 4) != sizes if len(places) else False
    is_wrong[first[:-1][counts > 0]] |= offsets[first[:-1][counts > 0]] != CHUNK_HEADER_BYTES
    is_good[owners[is_wrong]] = False
    chosen = is_good[owners]
    return Records(places[chosen], (places + sizes)[chosen], owners[chosen]), is_good


def instances_at(chunks: ManyChunks, definitions: Definitions, places: Ints, ends: Ints) -> Instances:
    """Read which template is used at each of some places.

    Args:
        chunks: The bytes.
        definitions: Numbers the templates.
        places: Where instances begin, in order, with a fragment's header or without.
        ends: Where the bytes of each end.
    """
    tokens = places + np.where(chunks.bytes[places] == FRAGMENT_HEADER[0], len(FRAGMENT_HEADER), 0)
    after = tokens + _REFERENCE_BYTES
    is_good = (after + 4 <= ends) & (chunks.bytes[np.minimum(tokens, len(chunks.bytes) - 1)] == _TOKEN)
    tokens = np.where(is_good, tokens, 0)
    after = tokens + _REFERENCE_BYTES
    bases = tokens & -CHUNK_BYTES
    at = chunks.uint32(tokens + 6)
    is_good &= (at >= CHUNK_HEADER_BYTES) & (at < CHUNK_BYTES - DEFINITION_HEADER_BYTES)
    at = bases + np.where(is_good, at, CHUNK_HEADER_BYTES)
    sizes = DEFINITION_HEADER_BYTES + chunks.uint32(at + DEFINITION_HEADER_BYTES - 4)
    is_good &= (at + sizes <= bases + CHUNK_BYTES) & (chunks.uint32(at + 4) == chunks.uint32(tokens + 2))
    is_inside = at == after
    lists = after + np.where(is_inside, sizes, 0)
    is_good &= lists + 4 <= ends
    lists = np.where(is_good, lists, 0)
    counts = np.where(is_good, chunks.uint32(lists), 0)
    is_good &= (counts <= _MOST_VALUES) & (lists + 4 + 4 * counts <= ends)
    templates = np.full(len(places), UNKNOWN, np.int64)
    different, which = np.unique(at[is_good], return_inverse=True)
    templates[is_good] = definitions.numbers(chunks, different)[which]
    is_good &= templates != UNKNOWN
    return Instances(is_good, templates, np.where(is_good, lists + 4, 0), np.where(is_good, counts, 0))


def head_patterns(chunks: ManyChunks, instances: Instances) -> tuple[Ints, list[tuple[int, bytes]]]:
    """Which instances have values of the same types and sizes, but for the last.

    Returns:
        A number for each instance, and the template and descriptors of each number.
    """
    begins = instances.descriptors
    ends = begins + 4 * np.maximum(instances.counts - 1, 0)
    codes, different = codes_of(_sliced(chunks.whole, begins, ends, instances.is_good))
    return _combined(instances.templates, codes, different)


def cells_of(chunks: ManyChunks, instances: Instances) -> Cells:
    """All values of some instances, all of which are good."""
    counts = instances.counts
    borders = np.append(0, np.cumsum(counts))
    first = borders[:-1]
    shifts = np.repeat(instances.descriptors - 4 * first, counts)
    descriptors = chunks.uint32(shifts + 4 * np.arange(len(shifts)))
    sizes = (descriptors & 0xFFFF).astype(np.int32)
    totals = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=totals[1:])
    before = instances.values - totals[first]
    begins = (totals[:-1] + np.repeat(before, counts)).astype(np.int32)
    types = np.minimum(descriptors >> 16, NO_TYPE).astype(np.uint8)
    return Cells(first, counts, types, begins, sizes, before + totals[borders[1:]])


def cell_patterns(instances: Instances, cells: Cells, marks: Ints) -> tuple[Ints, list[tuple[int, bytes, bool]]]:
    """Which instances have values of the same types, and lack the same.

    Args:
        instances: The instances.
        cells: Their values.
        marks: Something else that tells them apart.

    Returns:
        A number for each instance, and of each number the template, the types and the mark: ``NOT_THERE`` is added to
        a type where there are no bytes.
    """
    types = cells.types | ((cells.sizes == 0) * np.uint8(NOT_THERE))
    borders = np.append(cells.first, len(types)).astype(np.int32)
    rows = pa.BinaryArray.from_buffers(
        pa.binary(), len(cells.first), [None, pa.py_buffer(borders), pa.py_buffer(types.tobytes())]
    )
    codes, different = codes_of(rows)
    patterns, keys = _combined(2 * instances.templates + marks, codes, different)
    return patterns, [(key // 2, texts, bool(key % 2)) for key, texts in keys]


def _sliced(whole: bytes, begins: Ints, ends: Ints, is_good: Ints) -> pa.Array:
    """Stretches of bytes; empty ones where nothing is good, which may lie anywhere."""
    last = np.maximum.accumulate(np.where(is_good, ends, 0))
    before = np.append(0, last[:-1])[: len(last)]
    return binary_slices(whole, np.where(is_good, begins, before), np.where(is_good, ends, before))


def _combined(templates: Ints, codes: Ints, different: pa.Array) -> tuple[Ints, list[tuple[int, bytes]]]:
    texts = different.to_pylist()
    patterns, pairs = pair_codes(templates, codes, max(len(texts), 1))
    return patterns, [(template, texts[code]) for template, code in pairs]
