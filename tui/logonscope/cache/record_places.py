"""What readers found a file's records with, as plain values that JSON can keep."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from logonscope.readers import jsonl, text_batches
from logonscope.readers.evtx_layout import Chunk, EvtxLayout, FileHeader, Gap

if TYPE_CHECKING:
    from collections.abc import Callable

_HEADER = attrgetter("offset", "first_chunk", "last_chunk", "next_header_id", "size", "chunks", "flags", "checksum")


def plain_places(places: Any) -> tuple[str, Any]:
    """The places of the records of a file, and of what kind they are; empty for none.

    Args:
        places: What its reader had in ``places``.
    """
    if isinstance(places, EvtxLayout):
        return "chunks", [
            list(places.chunks),
            [(gap.offset, gap.size) for gap in places.gaps],
            [_HEADER(header) for header in places.headers],
            sorted(places.faulty),
            [places.checksums_good, places.checksums_bad],
        ]
    if isinstance(places, jsonl.Places):
        return "values", [places.offsets, places.encoding]
    if isinstance(places, text_batches.Places):
        return "texts", [places.numbers, places.offsets]
    return "", None


def places_from_plain(kind: str, plain: Any) -> Any:
    """The places again: signs and notes are not among them, which were told when the file was read.

    Raises:
        ValueError: They are not what was written.
    """
    return _MADE[kind](plain) if kind else None


def _layout(plain: Any) -> EvtxLayout:
    chunks, gaps, headers, faulty, checksums = plain
    return EvtxLayout(
        chunks=tuple(Chunk(*chunk) for chunk in chunks),
        gaps=tuple(Gap(*gap) for gap in gaps),
        faulty=frozenset(faulty),
        headers=tuple(FileHeader(*header) for header in headers),
        checksums_good=checksums[0],
        checksums_bad=checksums[1],
    )


_MADE: dict[str, Callable[[Any], Any]] = {
    "chunks": _layout,
    "values": lambda plain: jsonl.Places(*plain),
    "texts": lambda plain: text_batches.Places(*plain),
}
