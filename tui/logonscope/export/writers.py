"""Rows to a stream of bytes as CSV, JSON lines or Parquet; no more than a part of them is held in memory."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from logonscope.export.plain import csv_cells, json_values, shown
from logonscope.export.rows import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.export.fields import Field, Kind
    from logonscope.export.rows import Rows

_ROWS = pyarrow.csv.WriteOptions(include_header=False)
_GROUP_ROWS = 131_072


def write_csv(rows: Rows, out: BinaryIO, *, heading: bool = True) -> None:
    """Write CSV in UTF-8 with a head line; a cell that a spreadsheet would run gets an apostrophe before it.

    Lists are joined by blanks, objects are JSON; texts stand in quotes, so that an empty one is told from none.

    Args:
        rows: The rows.
        out: Where to write.
        heading: Whether the names come first.
    """
    if heading:
        out.write((",".join(field.name for field in in_texts(rows.fields)) + "\n").encode())
    sink = pa.PythonFile(_Stream(out), mode="w")
    for batch in rows.batches:
        cells = {name: csv_cells(kind, column) for (name, kind), column in shown_columns(rows.fields, batch).items()}
        pyarrow.csv.write_csv(pa.RecordBatch.from_pydict(cells), sink, _ROWS)


def write_jsonl(rows: Rows, out: BinaryIO) -> None:
    """Write one JSON object a line, in ASCII: no character of a log reaches a terminal raw.

    Args:
        rows: The rows.
        out: Where to write.
    """
    for batch in rows.batches:
        columns = shown_columns(rows.fields, batch)
        write_json_lines({name: json_values(kind, column) for (name, kind), column in columns.items()}, out)


def json_records(rows: Rows) -> Iterator[dict[str, Any]]:
    """Rows as JSON has them, to be put into something greater."""
    for batch in rows.batches:
        lines = BytesIO()
        write_jsonl(replace(rows, batches=[batch]), lines)
        yield from map(json.loads, lines.getvalue().splitlines())


def write_json_lines(values: dict[str, pa.Array], out: BinaryIO) -> None:
    """Write the lines of some columns of JSON.

    Args:
        values: By name, as ``json_values`` gives them.
        out: Where to write.
    """
    parts: list[Any] = []
    for name, column in values.items():
        parts += [f"{', ' if parts else '{'}{json.dumps(name)}: ", pc.fill_null(column, "null")]
    write_texts(pc.binary_join_element_wise(*parts, "}\n", ""), out)


def write_texts(lines: pa.StringArray, out: BinaryIO) -> None:
    """Write texts one behind another. They lie so in memory already."""
    if len(lines):
        _, offsets, texts = lines.buffers()
        ends = memoryview(offsets).cast("i")
        out.write(memoryview(texts)[ends[lines.offset] : ends[lines.offset + len(lines)]])


def write_parquet(rows: Rows, out: BinaryIO) -> None:
    """Write one Parquet file.

    Times are UTC in microseconds, lengths are seconds, logon IDs are unsigned numbers; names are as the logs have
    them.

    Args:
        rows: The rows.
        out: Where to write; need not be able to seek.
    """
    sink = pa.PythonFile(_Stream(out), mode="w")
    with pq.ParquetWriter(sink, arrow_schema(rows.fields), compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(group)


def shown_columns(fields: tuple[Field, ...], batch: pa.RecordBatch) -> dict[tuple[str, Kind], pa.Array]:
    """The columns of a batch as forms of text show them, by name and kind."""
    return {
        (field.name, field.kind): shown(field.kind, batch.column(field.name), batch) for field in in_texts(fields)
    }  # fmt: skip


def in_texts(fields: tuple[Field, ...]) -> list[Field]:
    """The columns that forms of text have."""
    return [field for field in fields if field.kind != "tick"]


def _groups(rows: Rows) -> Iterator[pa.Table]:
    """The batches put together: a row group for each of them would be read slowly."""
    held: list[pa.RecordBatch] = []
    for batch in rows.batches:
        held.append(batch)
        if sum(part.num_rows for part in held) >= _GROUP_ROWS:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


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
