"""Rows to be exported as batches of typed Arrow columns, however many there are."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from logonscope.case.interrupted import cancellable
from logonscope.export.ahead import ahead
from logonscope.export.fields import TYPES, Field, Moment, listing
from logonscope.export.told import told_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from logonscope.case.case import Case
    from logonscope.export.fields import Kind, Listing, Row, RowField
    from logonscope.filters.compile import Target

_PAGE_ROWS = 65_536
_BATCH_ROWS = 32_768
"""Even where every record of a log has the greatest length (64 KB, in UTF-16), so many fit into one Arrow column."""
_STORED: dict[Kind, str] = {
    "text": "nullif(({sql})::VARCHAR, '')",
    "length": "({sql}) / 1e6",
    "fields": "CASE WHEN {sql} ^@ '{' THEN {sql} WHEN {sql} <> '' THEN '{\"Data\": ' || {sql} || '}' ELSE '{}' END",
}
"""What becomes of the SQL of a column. What a provider wrote instead of named fields comes under ``Data``."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What is to be written."""

    fields: tuple[Field, ...]
    batches: Iterable[pa.RecordBatch]
    """A column for each field, of the type of its kind; to be taken once."""
    count: int
    """How many rows there are."""
    moments: Sequence[Moment] = ()


def stored_rows(
    case: Case,
    target: Target,
    ids: pa.Int64Array | Sequence[int],
    cursor: duckdb.DuckDBPyConnection | None = None,
    extras: Collection[str] = (),
) -> Rows:
    """Rows of the store.

    Args:
        case: The case.
        target: What they are.
        ids: Row numbers (events) or IDs (all others), in the order wanted; what is not there is left out.
        cursor: A connection that another thread may interrupt; a new one if None.
        extras: The names of columns that are left out unless they are asked for.

    Raises:
        QueryCancelledError: The cursor was interrupted; raised by the batches.
    """
    wanted = ids if isinstance(ids, pa.Array) else pa.array(ids, pa.int64())
    found = listing(target).with_extras(extras)
    batches: Iterable[pa.RecordBatch] = _stored_batches(case, target, found, wanted, cursor)
    if len(wanted) > _BATCH_ROWS:
        batches = ahead(batches)
    return Rows(found.fields, batches, len(wanted), tuple(found.moment))


def made_rows(rows: Sequence[Row], fields: Sequence[RowField[Row]], moments: Sequence[Moment] = ()) -> Rows:
    """Rows that are no table of the store.

    Args:
        rows: The rows.
        fields: What each column takes from a row.
        moments: What of a row makes a line of a timeline.
    """
    plain = tuple(Field(field.name, field.kind, field.means) for field in fields)
    return Rows(plain, _made_batches(rows, fields), len(rows), moments)


def arrow_schema(fields: Iterable[Field]) -> pa.Schema:
    """The Arrow types of some columns."""
    return pa.schema([(field.name, TYPES[field.kind]) for field in fields])


def _stored_batches(
    case: Case,
    target: Target,
    found: Listing,
    ids: pa.Int64Array,
    cursor: duckdb.DuckDBPyConnection | None,
) -> Iterator[pa.RecordBatch]:
    con = cursor or case.cursor()
    sql, told = _query(found), told_columns(target, case)
    hashes = case.hashes.sha256
    con.register(
        "source_hash",
        pa.table({"number": pa.array(hashes, pa.int32()), "sha256": pa.array(hashes.values(), pa.string())}),
    )
    if not case.is_lake:  # which has a table of them
        con.register("chunk_place", case.chunk_places().by_runs())
    try:
        for start in range(0, len(ids), _PAGE_ROWS):
            page = ids.slice(start, _PAGE_ROWS)
            con.register("listed", pa.table({"row": page, "place": pa.arange(0, len(page))}))
            with cancellable():
                for batch in con.sql(sql).to_arrow_reader(_BATCH_ROWS):
                    yield _typed(batch, found, told(batch))
    finally:
        with suppress(duckdb.Error):  # a case that was closed meanwhile
            con.unregister("listed")
            con.unregister("source_hash")
            con.unregister("chunk_place")


def _query(found: Listing) -> str:
    columns = [
        f'{_STORED.get(column.kind, "{sql}").replace("{sql}", column.sql)} AS "{column.name}"'
        for column in found.column
        if column.sql
    ]
    columns += [f'e.{name} AS "told {name}"' for name in found.told_by]
    return f"SELECT {', '.join(columns)} FROM {found.source} ORDER BY l.place"


def _typed(batch: pa.RecordBatch, found: Listing, told: dict[str, pa.Array]) -> pa.RecordBatch:
    columns = [told[column.name] if not column.sql else batch.column(column.name) for column in found.column]
    schema = arrow_schema(found.fields)
    return pa.RecordBatch.from_arrays(
        [column.cast(kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema
    )


def _made_batches(rows: Iterable[Row], fields: Sequence[RowField[Row]]) -> Iterator[pa.RecordBatch]:
    left = iter(rows)
    while part := list(islice(left, _BATCH_ROWS)):
        columns = [pa.array([_value(field, row) for row in part], TYPES[field.kind]) for field in fields]
        yield pa.RecordBatch.from_arrays(columns, schema=arrow_schema(fields))


def _value(field: RowField[Row], row: Row) -> Any:
    value = field.value(row)
    if value is None or value == "":
        return None
    if field.kind == "length":
        return value / 1_000_000
    return json.dumps(value) if field.kind == "fields" else value
