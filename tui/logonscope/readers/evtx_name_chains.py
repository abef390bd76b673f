"""The chains of names in many chunks at once: the parser follows them first, and refuses a chunk where one breaks.

Source: libyal's description of the format, as in ``evtx_names``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from logonscope.readers.evtx_layout import (
    CHUNK_BYTES,
    CHUNK_HEADER_BYTES,
    NAME_HEADER,
    NAME_TABLE_AT,
    NAME_TABLE_BYTES,
)

if TYPE_CHECKING:
    from logonscope.readers.evtx_bytes import Ints, ManyChunks

_LONGEST_CHAIN = 64


def chained_names(chunks: ManyChunks) -> tuple[Ints, Ints]:
    """Follow the chains.

    Args:
        chunks: The bytes.

    Returns:
        Where the names are, each once, in order; and in which chunks the chains are as Windows writes them: each name
        leads to one that stands before it.
    """
    tables = np.frombuffer(chunks.whole, np.uint8).reshape(-1, CHUNK_BYTES)[
        :, NAME_TABLE_AT : NAME_TABLE_AT + NAME_TABLE_BYTES
    ]
    links = np.ascontiguousarray(tables).view("<u4").astype(np.int64)
    owners, entries = np.nonzero(links)
    links, before = links[owners, entries], np.full(len(owners), CHUNK_BYTES - NAME_HEADER.size)
    is_whole = np.ones(chunks.count, bool)
    found = [np.arange(0)]
    while len(owners):
        is_good = (links < before) & (links >= CHUNK_HEADER_BYTES) & (len(found) <= _LONGEST_CHAIN)
        is_whole[owners[~is_good]] = False
        before, owners = links[is_good], owners[is_good]
        found.append(owners * CHUNK_BYTES + before)
        links = chunks.uint32(found[-1])
        leads_on = np.flatnonzero(links)
        links, before, owners = links[leads_on], before[leads_on], owners[leads_on]
    return np.unique(np.concatenate(found)), is_whole
