"""Rows of the store to be exported: queried page by page, and filled with what no query gives."""

from __future__ import annotations

from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from logonscope.case.interrupted import cancellable
from logonscope.export.ahead import ahead
from logonscope.export.dim_texts import DimTexts
from logonscope.export.fields import listing
from logonscope.export.rows import BATCH_ROWS, Rows, arrow_schema
from logonscope.export.told import told_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from logonscope.case.case import Case
    from logonscope.case.record_offsets import RecordOffsets
    from logonscope.export.fields import Listing
    from logonscope.filters.compile import Target

_PART_BYTES = 256_000_000
"""No more of a page is put into order at once."""
_STORED: dict[str, str] = {
    "text": "nullif(({sql})::VARCHAR, '')",
    "length": "({sql}) / 1e6",
    "fields": "CASE WHEN {sql} ^@ '{' THEN {sql} WHEN {sql} <> '' THEN '{\"Data\": ' || {sql} || '}' ELSE '{}' END",
}
"""What becomes of the SQL of a column. What a provider wrote instead of named fields comes under ``Data``."""


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
    if len(wanted) > BATCH_ROWS:
        batches = ahead(batches)
    return Rows(found.fields, batches, len(wanted), tuple(found.moment))


def _stored_batches(
    case: Case,
    target: Target,
    found: Listing,
    ids: pa.Int64Array,
    cursor: duckdb.DuckDBPyConnection | None,
) -> Iterator[pa.RecordBatch]:
    con = cursor or case.cursor()
    sql, told, dims = _query(found), told_columns(target, case), DimTexts(case.lookup())
    hashes = case.hashes.sha256
    con.register(
        "source_hash",
        pa.table({"number": pa.array(hashes, pa.int32()), "sha256": pa.array(hashes.values(), pa.string())}),
    )
    if not case.is_lake:  # which has a table of them
        con.register("chunk_place", case.chunk_places().by_runs())
    try:
        with case.record_offsets() as offsets:
            for start in range(0, len(ids), BATCH_ROWS):
                page = ids.slice(start, BATCH_ROWS)
                con.register("listed", pa.table({"row": page, "place": pa.arange(0, len(page))}))
                for batch in chain.from_iterable(map(_in_order, _read(con, sql))):
                    filled = _filled(batch, found, dims, offsets)
                    yield _typed(filled, found, told(filled))
    finally:
        with suppress(duckdb.Error):  # a case that was closed meanwhile
            con.unregister("listed")
            con.unregister("source_hash")
            con.unregister("chunk_place")


def _query(found: Listing) -> str:
    columns = [
        f'{_STORED.get("" if column.dim else column.kind, "{sql}").replace("{sql}", column.sql)} AS "{column.name}"'
        for column in found.column
        if column.sql
    ]
    columns += [f'e.{name} AS "told {name}"' for name in found.told_by]
    columns += [f'{found.cited}.{name} AS "cited {name}"' for name in ("source", "header_id")]
    return f'SELECT {", ".join(columns)}, l.place AS "listed place" FROM {found.source}'


def _in_order(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The rows as they were listed, which most are as they come: DuckDB sorts long texts as slowly as it reads them."""
    place = batch.column("listed place")
    if pc.all(pc.less(place[:-1], place[1:])).as_py():
        yield batch
        return
    order, rows = pc.sort_indices(place), max(1, _PART_BYTES * len(place) // batch.nbytes)
    for start in range(0, len(order), rows):
        yield batch.take(order.slice(start, rows))


def _read(con: duckdb.DuckDBPyConnection, sql: str) -> list[pa.RecordBatch]:
    with cancellable():
        read = con.sql(sql).to_arrow_reader(BATCH_ROWS)
        batches: list[pa.RecordBatch] = pa.Table.from_batches(list(read), read.schema).combine_chunks().to_batches()
        return batches


def _filled(batch: pa.RecordBatch, found: Listing, dims: DimTexts, offsets: RecordOffsets) -> pa.RecordBatch:
    """With the texts of codes, and with the offsets of records that the store knows only the chunks of."""
    columns = {name: batch.column(name) for name in batch.schema.names}
    for column in found.column:
        if column.dim:
            columns[column.name] = dims.of(column.dim, columns[column.name])
    cited = offsets.find(columns["cited source"], columns["chunk_offset"], columns["cited header_id"])
    columns["offset"] = pc.coalesce(columns["offset"], cited)
    return pa.RecordBatch.from_pydict(columns)


def _typed(batch: pa.RecordBatch, found: Listing, told: dict[str, pa.Array]) -> pa.RecordBatch:
    columns = [told[column.name] if not column.sql else batch.column(column.name) for column in found.column]
    schema = arrow_schema(found.fields)
    return pa.RecordBatch.from_arrays(
        [column.cast(kind) for column, kind in zip(columns, schema.types, strict=True)], schema=schema
    )
