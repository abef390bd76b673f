"""The names in a chunk, as chains: a chain that bites its own tail keeps the Rust parser going for ever.

A chunk's header points to the first name of each of 64 chains; a name begins with the place of the next one, its hash
and its length. Names do not share bytes. Source: libyal's description of the format.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from logonscope.readers.evtx_layout import NAME_HEADER, NAME_TABLE_AT, NAME_TABLE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

_link = struct.Struct("<I").unpack_from


def with_open_chains(chunk: bytes) -> bytes:
    """Cut chains where they lead back, and where their names take more bytes than there are.

    The parser follows them only to have the names at hand: it finds each name by its own place all the same.

    Args:
        chunk: Its bytes.

    Returns:
        The same bytes where all chains have an end.
    """
    links = list(_endless_links(chunk))
    if not links:
        return chunk
    image = bytearray(chunk)
    for link in links:
        image[link : link + 4] = bytes(4)
    return bytes(image)


def _endless_links(chunk: bytes) -> Iterator[int]:
    last = len(chunk) - NAME_HEADER.size
    seen: set[int] = set()
    taken = 0
    for entry in range(NAME_TABLE_AT, NAME_TABLE_AT + NAME_TABLE_BYTES, 4):
        link, (place,) = entry, _link(chunk, entry)
        while 0 < place <= last:
            if place in seen or taken > len(chunk):
                yield link
                break
            seen.add(place)
            link = place
            place, _, characters = NAME_HEADER.unpack_from(chunk, link)
            taken += NAME_HEADER.size + 2 * characters
