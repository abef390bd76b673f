"""A run of events that were read ahead."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.normalise.batch import EVENT_SCHEMA

if TYPE_CHECKING:
    from logonscope.model import ReadProblem

NO_EVENTS = pa.RecordBatch.from_pylist([], schema=EVENT_SCHEMA)


@dataclass(frozen=True, slots=True)
class EventBatch:
    """What ``RawBatch`` is for records that are normalised already."""

    events: pa.RecordBatch
    """``EVENT_SCHEMA``."""
    bytes_read: int
    problems: tuple[ReadProblem, ...] = ()
    misread: list[int] = field(default_factory=list)
    """Header IDs of the records that could not be understood."""
    last_header_id: int = 0
    """The greatest of all."""
