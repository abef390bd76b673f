"""Columns of events out of the values of their records; see ``understanding``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from logonscope.normalise.batch import EVENT_SCHEMA, of_kinds
from logonscope.normalise.cell_texts import FIRST_TIME
from logonscope.normalise.field_cells import FieldCells
from logonscope.normalise.fields import (
    NUMBER_FIELDS,
    SIDES,
    clock_step,
    spoken_of,
)
from logonscope.normalise.heads import NO_VERSION
from logonscope.normalise.long_texts import LONGEST
from logonscope.normalise.payloads import payload_texts
from logonscope.readers.evtx_bytes import codes_of, pair_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from logonscope.normalise.envelope import Envelopes, Kind
    from logonscope.normalise.fields import FieldColumns
    from logonscope.normalise.heads import Heads
    from logonscope.normalise.payloads import Payloads
    from logonscope.normalise.understanding import Understood
    from logonscope.readers.evtx_bytes import Ints

_PARTS = ("sid", "name", "domain")


class InstanceColumns:
    """Makes the columns of events.

    Args:
        envelopes: Knows the kinds and places of records.
        fields: Knows what the fields mean.
    """

    def __init__(self, envelopes: Envelopes, fields: FieldColumns) -> None:
        self._envelopes = envelopes
        self._fields = fields

    def __call__(self, found: Understood) -> tuple[pa.RecordBatch, Ints]:
        """Make the columns.

        Args:
            found: Records whose values are understood.

        Returns:
            The event columns (``EVENT_SCHEMA``) of source 0, one row a record; and which rows name no provider, or are
            too long to be kept whole.
        """
        heads, count = found.heads, len(found.patterns)
        kinds, of_records = self._kinds(heads)
        places, of_places = self._places(heads)
        columns = self._field_columns(found.payloads, kinds, of_records)
        columns |= of_kinds(kinds, pa.array(of_records))
        ticks = heads.stamps.astype(np.int64)
        columns |= {
            "source": pa.array(np.zeros(count, np.int32)),
            "header_id": pa.array(heads.header_ids),
            "record_id": pa.array(heads.record_ids),
            "time": pa.array((heads.times - FIRST_TIME) // 10).cast(pa.timestamp("us")),
            "tick": pa.array(np.where(ticks // 10 == heads.times // 10, ticks % 10, 0).astype(np.uint8)),
            "channel": pa.array(np.array([place.channel for place in places], np.int32)[of_places]),
            "computer": pa.array(np.array([place.computer for place in places], np.int32)[of_places]),
            "activity": self._activities(heads, kinds, of_records),
            "event_data": payload_texts(found.payloads),
            "recovered": pa.array(np.zeros(count, np.uint8)),
            "found_at": pa.nulls(count, pa.uint64()),
        }
        events = pa.RecordBatch.from_arrays([columns[name] for name in EVENT_SCHEMA.names], schema=EVENT_SCHEMA)
        is_odd = np.array([not kind.provider for kind in kinds], bool)[of_records]
        return events, is_odd | (pc.binary_length(columns["event_data"]).to_numpy() > LONGEST)

    def _kinds(self, heads: Heads) -> tuple[list[Kind], Ints]:
        keywords, words = codes_of(pa.array(heads.keywords))
        columns = [heads.provider.codes, heads.classic_name.codes, heads.event_ids, heads.versions, keywords]
        codes, firsts = _together(columns)
        kinds = []
        for row in firsts.tolist():
            version = int(heads.versions[row])
            kinds.append(
                self._envelopes.kind(
                    heads.provider.different[heads.provider.codes[row]] or "",
                    heads.classic_name.different[heads.classic_name.codes[row]] or "",
                    int(heads.event_ids[row]),
                    None if version == NO_VERSION else version,
                    words[int(keywords[row])].as_py(),
                )
            )
        return kinds, codes

    def _places(self, heads: Heads) -> tuple[list[Any], Ints]:
        codes, firsts = _together([heads.channel.codes, heads.computer.codes])
        return [
            self._envelopes.place(
                heads.channel.different[heads.channel.codes[row]], heads.computer.different[heads.computer.codes[row]]
            )
            for row in firsts.tolist()
        ], codes

    def _activities(self, heads: Heads, kinds: list[Kind], of_records: Ints) -> pa.Array:
        is_known = np.array([kind.layout.known for kind in kinds], bool)[of_records]
        codes = heads.activity.codes
        used = np.unique(codes[is_known])
        dim = self._fields.dims.text["activity"]
        table = np.zeros(len(heads.activity.different), np.int32)
        table[used] = [dim[heads.activity.different[code]] if heads.activity.different[code] else 0 for code in used]
        return pa.array(np.where(is_known, table[codes], 0).astype(np.int32))

    def _field_columns(self, payloads: Payloads, kinds: list[Kind], of_records: Ints) -> dict[str, pa.Array]:
        """Columns of the fields."""
        cells = FieldCells(payloads, kinds, of_records)
        columns = {name: self._looked_up(cells, name) for name in self._fields.tables}
        columns |= {side: self._accounts(cells, side) for side in SIDES}
        columns["clock_step"] = _clock_steps(cells)
        columns["account"], columns["logon_id"] = spoken_of(pa.array(cells.about), columns)
        del columns["target_logon_id"]
        return columns

    def _looked_up(self, cells: FieldCells, name: str) -> pa.Array:
        """A column of which each different value is looked up once."""
        table, codes = self._fields.tables[name], cells.codes(name)
        used = np.flatnonzero(np.bincount(codes))
        ranks = np.zeros(len(cells) + 1, np.int32)
        ranks[used] = np.arange(len(used))
        values = pa.array([table[cells.raw(code)] for code in used.tolist()], NUMBER_FIELDS.get(name, pa.int32()))
        return values.take(pa.array(ranks[codes]))

    def _accounts(self, cells: FieldCells, side: str) -> pa.Array:
        parts = [cells.codes(f"{side}_{part}") for part in _PARTS]
        codes, firsts = _together(parts)
        said = [tuple(cells.raw(int(part[row])) for part in parts) for row in firsts.tolist()]
        accounts = [self._fields.dims.account[one] for one in said]
        return pa.array(np.array(accounts, np.int32)[codes])


def _clock_steps(cells: FieldCells) -> pa.Array:
    before, after = cells.codes("time_before"), cells.codes("time_after")
    steps: list[int | None] = [None] * len(before)
    for row in np.flatnonzero((before != len(cells)) & (after != len(cells))).tolist():
        steps[row] = clock_step(cells.raw(int(before[row])), cells.raw(int(after[row])))
    return pa.array(steps, pa.int64())


def _together(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """For each row its place among the different rows, and where each of those comes first."""
    codes = columns[0]
    different: list[tuple[int, int]] = []
    for column in columns[1:]:
        codes, different = pair_codes(codes, column, int(column.max(initial=0)) + 1)
    firsts = np.empty(len(different), np.int64)
    firsts[codes[::-1]] = np.arange(len(codes))[::-1]
    return codes, firsts
