"""Rows as lines of a Timesketch timeline, a line for each moment of a row.

Timesketch asks for ``message``, ``datetime`` (ISO 8601) and ``timestamp_desc``, takes ``timestamp`` (microseconds since
1970), keeps every other column, and wants a file named .csv or .jsonl (google/timesketch,
docs/guides/user/import-from-json-csv.md).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from logonscope.export.fields import Field
from logonscope.export.filling import fill_columns
from logonscope.export.rows import arrow_schema
from logonscope.export.writers import write_csv, write_jsonl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.export.rows import Rows

FIELDS = (
    Field("message", "text", "What happened, in words."),
    Field("datetime", "time", "When; a row without that time makes no line."),
    Field("timestamp", "number", "The same in microseconds since 1970."),
    Field("timestamp_desc", "text", "What time that is: Event Logged, Session Start, Session End."),
)
"""The columns that Timesketch asks for; those of the rows follow."""


def write_timesketch_csv(rows: Rows, out: BinaryIO) -> None:
    """Write a timeline as CSV."""
    write_csv(timeline(rows), out)


def write_timesketch_jsonl(rows: Rows, out: BinaryIO) -> None:
    """Write a timeline as JSON lines."""
    write_jsonl(timeline(rows), out)


def timeline(rows: Rows) -> Rows:
    """The lines of a timeline: the columns of Timesketch, then those of the rows."""
    fields = (*FIELDS, *rows.fields)
    return replace(rows, fields=fields, batches=_lines(rows, arrow_schema(fields)))


def _lines(rows: Rows, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in rows.batches:
        for moment in rows.moments:
            timed = batch.filter(batch.column(moment.time).is_valid())
            times = timed.column(moment.time)
            columns = [
                fill_columns(moment.message, partial(_text, timed), timed.num_rows),
                times,
                times.cast(pa.int64()),
                pa.repeat(moment.desc, timed.num_rows),
                *timed.columns,
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)


def _text(batch: pa.RecordBatch, name: str) -> pa.Array:
    return pc.cast(batch.column(name), pa.string())
