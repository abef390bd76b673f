"""Python values into temporary tables, for the SQL that follows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import duckdb

_TIME = pa.timestamp("us")

SHAPES: dict[str, pa.Schema] = {
    "generation": pa.schema(
        [
            ("source", pa.int32()),
            ("machine", pa.int32()),
            ("channel", pa.int32()),
            ("first_header_id", pa.uint64()),
            ("last_header_id", pa.uint64()),
            ("generation", pa.int32()),
        ]
    ),
    "machine_name": pa.schema([("number", pa.int32()), ("name", pa.string())]),
    "machine_of": pa.schema([("source", pa.int32()), ("computer", pa.int32()), ("machine", pa.int32())]),
    "hidden_logon_id": pa.schema([("id", pa.uint64())]),
    "account_person": pa.schema([("account", pa.int32()), ("person", pa.int32()), ("kind", pa.string())]),
    "logon_class": pa.schema([("type", pa.uint8()), ("class", pa.string())]),
    "event_role": pa.schema([("event_id", pa.int32()), ("role", pa.string())]),
    "audit_event": pa.schema([("event_id", pa.int32()), ("subcategory", pa.string())]),
    "end_grade": pa.schema([("evidence", pa.string()), ("grade", pa.string())]),
    "marked_start": pa.schema([("machine", pa.int32()), ("pos", pa.int64()), ("time", _TIME)]),
    "border": pa.schema([("machine", pa.int32()), ("pos", pa.int64())]),
    "kernel_run": pa.schema([("machine", pa.int32()), ("since", pa.int64()), ("first", pa.int64()), ("start", _TIME)]),
    "epoch": pa.schema(
        [
            ("machine", pa.int32()),
            ("number", pa.int32()),
            ("first_pos", pa.int64()),
            ("start", _TIME),
            ("start_evidence", pa.string()),
            ("start_row", pa.int64()),
            ("kernel_start", _TIME),
            ("end_kind", pa.string()),
            ("end_time", _TIME),
            ("end_is_exact", pa.bool_()),
            ("end_row", pa.int64()),
            ("alive_until", _TIME),
            ("uptime", pa.int64()),
            ("next_start", _TIME),
        ]
    ),
    "boot_run": pa.schema([("machine", pa.int32()), ("first_pos", pa.int64()), ("last_pos", pa.int64())]),
    "lost_start": pa.schema([("machine", pa.int32()), ("pos", pa.int64())]),
    "lost_boot": pa.schema([("machine", pa.int32()), ("pos", pa.int64()), ("time", _TIME)]),
    "desk_token": pa.schema(
        [
            ("epoch", pa.int32()),
            ("logon_id", pa.uint64()),
            ("earlier", pa.bool_()),
            ("origin_row", pa.int64()),
            ("session", pa.int64()),
            ("rank", pa.int32()),
        ]
    ),
    "desk_session": pa.schema(
        [("session", pa.int64()), ("role", pa.string()), ("parent", pa.int64()), ("flags", pa.list_(pa.string()))]
    ),
    "desk_attachment": pa.schema(
        [
            ("epoch", pa.int32()),
            ("logon_id", pa.uint64()),
            ("earlier", pa.bool_()),
            ("origin_row", pa.int64()),
            ("session", pa.int64()),
            ("role", pa.string()),
        ]
    ),
    "desk_start": pa.schema(
        [
            ("machine", pa.int32()),
            ("boot", pa.int32()),
            ("person", pa.int32()),
            ("pos", pa.int64()),
            ("time", _TIME),
            ("source_ip", pa.string()),
            ("session", pa.int64()),
        ]
    ),
    "desk_desktop": pa.schema(
        [
            ("session", pa.int64()),
            ("is_alone", pa.bool_()),
            ("machine", pa.int32()),
            ("boot", pa.int32()),
            ("number", pa.int32()),
            ("account", pa.int32()),
            ("logon_type", pa.uint8()),
            ("row", pa.int64()),
            ("log", pa.string()),
            ("opened", _TIME),
            ("evidence", pa.string()),
        ]
    ),
    "terminal_end": pa.schema(
        [
            ("session", pa.int64()),
            ("end_time", _TIME),
            ("evidence", pa.string()),
            ("number_taken", _TIME),
            ("restarted", _TIME),
            ("last_mark", _TIME),
        ]
    ),
    "terminal_mark": pa.schema([("session", pa.int64()), ("row", pa.int64()), ("role", pa.string())]),
    "presence": pa.schema([("session", pa.int64()), ("away", pa.int64()), ("audited", pa.string())]),
    "interruption": pa.schema(
        [("machine", pa.int32()), ("first", _TIME), ("last", _TIME), ("times", pa.int64()), ("text", pa.string())]
    ),
    "neighbour_clock": pa.schema(
        [("row", pa.int64()), ("total", pa.int64()), ("first_span", pa.int32()), ("last_span", pa.int32())]
    ),
    "away": pa.schema(
        [
            ("session", pa.int64()),
            ("machine", pa.int32()),
            ("kind", pa.string()),
            ("since", _TIME),
            ("until", _TIME),
            ("from_us", pa.int64()),
            ("to_us", pa.int64()),
        ]
    ),
}
"""The columns of every staged table."""


def stage(con: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Sequence[Any]]) -> None:
    """Replace one temporary table.

    Args:
        con: The connection that the SQL will run on.
        name: A key of ``SHAPES``.
        rows: Its rows, in the order of its columns.
    """
    stage_table(con, name, shaped(name, rows))


def shaped(name: str, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Rows in the shape of one staged table."""
    return table_of(SHAPES[name], rows)


def table_of(shape: pa.Schema, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Rows as an Arrow table, one without rows among them."""
    columns = list(zip(*rows, strict=True)) or [()] * len(shape)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, shape, strict=True)], schema=shape)


def stage_beside(
    con: duckdb.DuckDBPyConnection, work: Callable[[], dict[str, pa.Table]], meanwhile: Callable[[], None]
) -> None:
    """Replace temporary tables with what Python works out while DuckDB does something else.

    Args:
        con: The connection that the SQL will run on.
        work: Makes the tables, by name; it is run in another thread and must not use the connection.
        meanwhile: What the connection does until then; it must not need the tables.
    """
    with ThreadPoolExecutor(1) as beside:
        working = beside.submit(work)
        meanwhile()
    for name, table in working.result().items():
        stage_table(con, name, table)


def stage_table(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    """Replace one temporary table by the same in Arrow's form."""
    con.register("staged", table)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM staged")
    con.unregister("staged")
