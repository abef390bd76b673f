"""Rows to be exported as batches of typed Arrow columns, however many there are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import pyarrow as pa

from logonscope.export.fields import TYPES, Field, Moment, plain_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from logonscope.export.fields import Row, RowField

Listed_co = TypeVar("Listed_co", covariant=True)
BATCH_ROWS = 32_768
"""Even where every record of a log has the greatest length (64 KB, in UTF-16), so many fit into one Arrow column."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be written."""

    fields: tuple[Field, ...]
    batches: Iterable[pa.RecordBatch]
    """A column for each field, of the type of its kind; to be taken once."""
    count: int
    """How many rows there are."""
    moments: Sequence[Moment] = ()


class Listed(Protocol[Listed_co]):
    """Rows that are counted, and made when they are wanted."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Listed_co]: ...


def made_rows(rows: Listed[Row], fields: Sequence[RowField[Row]], moments: Sequence[Moment] = ()) -> Rows:
    """Rows that are no table of the store.

    Args:
        rows: The rows.
        fields: What each column takes from a row.
        moments: What of a row makes a line of a timeline.
    """
    return Rows(plain_fields(fields), _made_batches(rows, fields), len(rows), moments)


def arrow_schema(fields: Iterable[Field]) -> pa.Schema:
    """The Arrow types of some columns."""
    return pa.schema([(field.name, TYPES[field.kind]) for field in fields])


def _made_batches(rows: Iterable[Row], fields: Sequence[RowField[Row]]) -> Iterator[pa.RecordBatch]:
    left = iter(rows)
    while part := list(islice(left, BATCH_ROWS)):
        columns = [pa.array([_value(field, row) for row in part], TYPES[field.kind]) for field in fields]
        yield pa.RecordBatch.from_arrays(columns, schema=arrow_schema(fields))


def _value(field: RowField[Row], row: Row) -> Any:
    value = field.value(row)
    if value is None or value == "":
        return None
    if field.kind == "length":
        return value / 1_000_000
    return json.dumps(value) if field.kind == "fields" else value
