"""A batch of raw records -> an Arrow record batch of event columns.

Work is done a column at a time with C-level maps: a Python loop over the fields of each record would cost more
than parsing the record does.
"""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import TYPE_CHECKING

import pyarrow as pa

from logonscope.knowledge.recovery import recovery_number
from logonscope.normalise.envelope import Envelopes
from logonscope.normalise.fields import FieldColumns, int32_array
from logonscope.normalise.long_texts import cut_long
from logonscope.normalise.times import times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.normalise.cutting import Cutting
    from logonscope.normalise.dims import Dims
    from logonscope.normalise.envelope import Kind, TakenApart
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
        self.envelopes = Envelopes(dims)
        self.fields = FieldColumns(dims)

    def __call__(self, raw: RawBatch, source: int) -> tuple[pa.RecordBatch, list[int]]:
        """Normalise one batch.

        Args:
            raw: Records of one source.
            source: The source's number.

        Returns:
            The event columns (``EVENT_SCHEMA``), one row a record that is kept, and the positions in ``raw`` of the
            records that could not be understood, name no provider or are too long: those keep what was understood, at
            least their header ID.
        """
        records = self.take_apart(raw.texts)
        if not self._cutting:
            events, odd = self.events(records, raw.header_ids, raw.stamps, source, raw.recovered, raw.offsets)
            return events, sorted({*records.bad, *odd})
        kept = self._cutting.kept(records, raw.header_ids)
        events, odd = self.events(
            records.only(kept),
            [raw.header_ids[position] for position in kept],
            [raw.stamps[position] for position in kept],
            source,
        )
        return events, sorted({*records.bad, *(kept[position] for position in odd)})

    def take_apart(self, texts: Sequence[str]) -> TakenApart:
        """The first half of the work, best done soon after the texts were made; see ``Envelopes``."""
        return self.envelopes(texts)

    def events(
        self,
        records: TakenApart,
        header_ids: Sequence[int],
        stamps: Sequence[str],
        source: int,
        recovered: str = "",
        offsets: Sequence[int] = (),
    ) -> tuple[pa.RecordBatch, list[int]]:
        """The second half, best done for many records at once.

        Args:
            records: What ``take_apart`` gave, once or several times.
            header_ids: See ``RawBatch``, and so for the others.
            stamps: Times in the records' headers.
            source: The source's number.
            recovered: How they were recovered.
            offsets: Where recovered records begin.

        Returns:
            The event columns, and the positions of the records that name no provider, or are not kept whole.
        """
        count = len(records)
        if not count:
            return pa.RecordBatch.from_pylist([], schema=EVENT_SCHEMA), []
        numbers = [kind.number for kind in records.kinds]
        time, tick = times(records.times, stamps)
        columns = self.fields(self.envelopes.kinds, numbers, records.fields)
        columns |= of_kinds(self.envelopes.kinds, int32_array(numbers))
        kept, cut = cut_long(records.fields)
        columns |= {
            "source": pa.repeat(pa.scalar(source, pa.int32()), count),
            "header_id": pa.array(header_ids, pa.uint64()),
            "record_id": pa.array(_or_header_ids(records.record_ids, header_ids), pa.uint64()),
            "time": time,
            "tick": tick,
            "computer": int32_array([place.computer for place in records.places]),
            "channel": int32_array([place.channel for place in records.places]),
            "activity": int32_array(records.activities),
            "event_data": _text_array(kept),
            "recovered": pa.repeat(pa.scalar(recovery_number(recovered), pa.uint8()), count),
            "found_at": pa.array(offsets, pa.uint64()) if offsets else pa.nulls(count, pa.uint64()),
        }
        without = {kind.number for kind in self.envelopes.kinds if not kind.provider}
        nameless = [place for place, number in enumerate(numbers) if number in without] if without else []
        events = pa.RecordBatch.from_arrays([columns[name] for name in EVENT_SCHEMA.names], schema=EVENT_SCHEMA)
        return events, sorted({*nameless, *cut})


def of_kinds(kinds: Sequence[Kind], of_records: pa.Array) -> dict[str, pa.Array]:
    """The columns that are the same for all records of a kind.

    Args:
        kinds: All kinds.
        of_records: Which of them each record is of.
    """
    columns = {name: [getattr(kind, name) for kind in kinds] for name in _KIND_COLUMNS}
    return {name: pa.array(column, EVENT_SCHEMA.field(name).type).take(of_records) for name, column in columns.items()}


def _text_array(texts: Sequence[bytes]) -> pa.Array:
    """UTF-8 texts as an Arrow array, put together at once where they are not too many for that."""
    whole = b"".join(texts)
    if len(whole) > _LONGEST:
        return pa.array(texts, pa.binary()).cast(pa.string())
    ends = array("i", accumulate(map(len, texts), initial=0))
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(ends), pa.py_buffer(whole))


def _or_header_ids(record_ids: Sequence[int | None], header_ids: Sequence[int]) -> Sequence[int | None]:
    """EventRecordID, or the header's ID where the record has none."""
    if None not in record_ids:
        return record_ids
    return [header_id if own is None else own for own, header_id in zip(record_ids, header_ids, strict=True)]
