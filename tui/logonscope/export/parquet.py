"""Rows as Parquet: typed columns, written in row groups as the rows come."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from logonscope.export.records import Field, Kind

Row = TypeVar("Row")
_GROUP_ROWS = 65_536
_TIME = pa.timestamp("us", tz="UTC")
_TYPES: dict[Kind, pa.DataType] = {
    "text": pa.string(),
    "texts": pa.list_(pa.string()),
    "number": pa.int64(),
    "id": pa.uint64(),
    "hex": pa.uint64(),
    "hexes": pa.list_(pa.uint64()),
    "flag": pa.bool_(),
    "time": _TIME,
    "exact time": _TIME,
    "length": pa.float64(),
    "fields": pa.string(),
}
_TYPED: dict[Kind, Callable[[Any], Any]] = {
    "texts": list,
    "hexes": list,
    "exact time": lambda value: value[0],
    "length": lambda microseconds: microseconds / 1_000_000,
    "fields": json.dumps,
}


class _Stream:
    """Counts what was written: a pipe does not know its own position, and Parquet needs it."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._position = 0
        self.closed = False

    def write(self, part: bytes) -> int:
        self._out.write(part)
        self._position += len(part)
        return len(part)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        self._out.flush()

    def close(self) -> None:
        self.closed = True


def write_parquet(rows: Iterable[Row], fields: Sequence[Field[Row]], out: BinaryIO) -> None:
    """Write one Parquet file; no more than one row group is held in memory.

    Times are UTC in microseconds, lengths are seconds, logon IDs are unsigned numbers; names are as the logs have
    them.

    Args:
        rows: The rows.
        fields: What each column takes from a row.
        out: Where to write; need not be able to seek.
    """
    schema = pa.schema([(field.name, _TYPES[field.kind]) for field in fields])
    left = iter(rows)
    with pq.ParquetWriter(pa.PythonFile(_Stream(out), mode="w"), schema, compression="zstd") as writer:
        while group := list(islice(left, _GROUP_ROWS)):
            writer.write_table(pa.table([_column(field, group) for field in fields], schema=schema))


def _column(field: Field[Row], rows: Sequence[Row]) -> pa.Array:
    typed = _TYPED.get(field.kind, lambda value: value)
    values = (field.value(row) for row in rows)
    return pa.array([None if value is None or value == "" else typed(value) for value in values], _TYPES[field.kind])
