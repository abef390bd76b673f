"""What every reader yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logonscope.model import ReadProblem


@dataclass(frozen=True, slots=True)
class RawBatch:
    """A run of records as one reader found them, in the order of the file.

    The three lists are of the same length.
    """

    header_ids: list[int]
    """Record ID in each record's header."""
    stamps: list[str]
    """Time in each record's header: ``2026-05-11T12:45:17.6601562Z UTC``."""
    texts: list[str]
    """JSON text of each record, in the shape of the Rust ``evtx`` parser."""
    bytes_read: int
    """How many bytes of the source this run took."""
    problems: tuple[ReadProblem, ...] = field(default=())
    """What could not be read in this run."""
    recovered: str = ""
    """How these records were recovered: an entry of ``knowledge/recovery.toml``; empty for live ones."""
    offsets: list[int] = field(default_factory=list)
    """Of recovered records: where each begins, bytes from the beginning of the file."""
    left_out: int = 0
    """How many records before these were not read, since they lie outside of the time that is asked for."""
