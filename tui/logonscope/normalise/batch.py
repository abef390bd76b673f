"""A batch of raw records -> an Arrow record batch of event columns.

Work is done a column at a time with C-level maps: a Python loop over the fields of each record would cost more
than parsing the record does.
"""

from __future__ import annotations

from array import array
from itertools import accumulate, starmap
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.knowledge.recovery import recovery_number
from logonscope.normalise.envelope import Envelope, Envelopes
from logonscope.normalise.fields import FieldColumns, int32_array
from logonscope.normalise.times import times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.normalise.cutting import Cutting
    from logonscope.normalise.dims import Dims
    from logonscope.readers.raw import RawBatch

EVENT_SCHEMA = pa.schema(
    [
        ("source", pa.int32()),
        ("header_id", pa.uint64()),
        ("record_id", pa.uint64()),
        ("time", pa.timestamp("us")),
        ("tick", pa.uint8()),
        ("computer", pa.int32()),
        ("channel", pa.int32()),
        ("provider", pa.int32()),
        ("event_id", pa.int32()),
        ("version", pa.uint8()),
        ("outcome", pa.uint8()),
        ("account", pa.int32()),
        ("target", pa.int32()),
        ("subject", pa.int32()),
        ("logon_id", pa.uint64()),
        ("subject_logon_id", pa.uint64()),
        ("linked_logon_id", pa.uint64()),
        ("logon_type", pa.uint8()),
        ("elevated", pa.bool_()),
        ("status", pa.uint32()),
        ("sub_status", pa.uint32()),
        ("source_ip", pa.int32()),
        ("workstation", pa.int32()),
        ("process", pa.int32()),
        ("logon_process", pa.int32()),
        ("object", pa.int32()),
        ("session_number", pa.int32()),
        ("activity", pa.int32()),
        ("clock_step", pa.int64()),
        ("event_data", pa.string()),
        ("recovered", pa.uint8()),
        ("found_at", pa.uint64()),
    ]
)

_KIND_COLUMNS = ("provider", "event_id", "version", "outcome")
_LONGEST = (1 << 31) - 1


class Normaliser:
    """Turns raw batches into event batches, filling the dims of one case as it goes.

    Args:
        dims: The case's dims; only one thread may normalise into them at a time.
        cutting: Leaves records out, where only a part is loaded.
    """

    def __init__(self, dims: Dims, cutting: Cutting | None = None) -> None:
        self._cutting = cutting
        self._envelopes = Envelopes(dims)
        self._fields = FieldColumns(dims)

    def __call__(self, raw: RawBatch, source: int) -> tuple[pa.RecordBatch, list[int]]:
        """Normalise one batch.

        Args:
            raw: Records of one source.
            source: The source's number.

        Returns:
            The event columns (``EVENT_SCHEMA``), one row a record that is kept, and the positions in ``raw`` of the
            records that could not be understood or name no provider: those keep what was understood, at least their
            header ID.
        """
        envelopes, bad = self._envelopes(raw.texts)
        header_ids, stamps = raw.header_ids, raw.stamps
        kept: Sequence[int] = range(len(envelopes))
        if self._cutting:
            kept = self._cutting.kept(list(starmap(Envelope, envelopes)), header_ids, bad)
            envelopes = [envelopes[position] for position in kept]
            header_ids = [header_ids[position] for position in kept]
            stamps = [stamps[position] for position in kept]
        if not envelopes:
            return pa.RecordBatch.from_pylist([], schema=EVENT_SCHEMA), []
        kinds, created, record_ids, activities, places, texts = zip(*envelopes, strict=True)
        channels, computers = zip(*places, strict=True)
        numbers = [kind.number for kind in kinds]
        time, tick = times(created, stamps)
        columns = self._fields(self._envelopes.kinds, numbers, texts) | self._of_kinds(numbers)
        columns |= {
            "source": pa.repeat(pa.scalar(source, pa.int32()), len(texts)),
            "header_id": pa.array(header_ids, pa.uint64()),
            "record_id": pa.array(_or_header_ids(record_ids, header_ids), pa.uint64()),
            "time": time,
            "tick": tick,
            "computer": int32_array(computers),
            "channel": int32_array(channels),
            "activity": int32_array(activities),
            "event_data": _text_array(texts),
            "recovered": pa.repeat(pa.scalar(recovery_number(raw.recovered), pa.uint8()), len(texts)),
            "found_at": pa.array([raw.offsets[position] for position in kept], pa.uint64())
            if raw.offsets
            else pa.nulls(len(texts), pa.uint64()),
        }
        nameless = {kind.number for kind in self._envelopes.kinds if not kind.provider}
        if not nameless.isdisjoint(numbers):
            bad = sorted({*bad, *(kept[position] for position, number in enumerate(numbers) if number in nameless)})
        return pa.RecordBatch.from_arrays([columns[name] for name in EVENT_SCHEMA.names], schema=EVENT_SCHEMA), bad

    def _of_kinds(self, numbers: list[int]) -> dict[str, pa.Array]:
        """The columns that are the same for all records of a kind."""
        of_records = int32_array(numbers)
        columns = {name: [getattr(kind, name) for kind in self._envelopes.kinds] for name in _KIND_COLUMNS}
        return {
            name: pa.array(column, EVENT_SCHEMA.field(name).type).take(of_records) for name, column in columns.items()
        }


def _text_array(texts: Sequence[str]) -> pa.Array:
    """Texts as an Arrow array; those of a batch put together at once, where no letter takes more than a byte."""
    whole = "".join(texts)
    if not whole.isascii() or len(whole) > _LONGEST:
        return pa.array(texts, pa.string())
    ends = array("i", accumulate(map(len, texts), initial=0))
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(whole.encode()))


def _or_header_ids(record_ids: Sequence[int | None], header_ids: list[int]) -> Sequence[int | None]:
    """EventRecordID, or the header's ID where the record has none."""
    if None not in record_ids:
        return record_ids
    return [header_id if own is None else own for own, header_id in zip(record_ids, header_ids, strict=True)]
