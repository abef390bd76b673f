"""Parquet: typed columns that say what JSON lines say, to a file or into a pipe; nothing is written over."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from logonscope.export import rows as exported
from logonscope.export import writers
from logonscope.export.fields import RowField
from logonscope.export.lists import LISTS
from logonscope.export.rows import made_rows
from logonscope.export.writers import write_parquet
from support.command_line import CommandLine, on_loaded_case
from support.logs import two_boot_logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

logs = two_boot_logs
NUMBER: RowField[int] = RowField("number", "hex", "A number.", lambda row: row)


@pytest.fixture(scope="module")
def logonscope(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(logs, tmp_path_factory) as command_line:
        yield command_line


def as_json(name: str, value: Any) -> Any:
    """A value of Parquet as JSON lines have it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, list):
        return [as_json(name, part) for part in value]
    return hex(value) if name in ("logon_ids", "logon_id", "subject_logon_id") and value is not None else value


@pytest.mark.parametrize("command", ["sessions", "events"])
def test_parquet_says_what_jsonl_says(logs: Path, logonscope: CommandLine, tmp_path: Path, command: str) -> None:
    file = tmp_path / "rows.parquet"
    assert logonscope(command, logs, "--format", "parquet", "-o", file).code == 0
    records = [json.loads(line) for line in logonscope(command, logs, "--format", "jsonl").lines]
    rows = pq.read_table(file).to_pylist()
    assert len(rows) == len(records) > 0
    for row, record in zip(rows, records, strict=True):
        found = {name: as_json(name, value) for name, value in row.items()}
        if command == "events":
            found["fields"] = json.loads(found["fields"])
            record["time"] = record["time"][:-2] + "Z"
            record["tick"] = found["tick"]
        assert found == record


def test_columns_are_typed(logs: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "sessions.parquet"
    logonscope("sessions", logs, "--evidence", "--format", "parquet", "-o", file)
    schema = pq.read_schema(file)
    assert schema.field("start").type == pa.timestamp("us", tz="UTC")
    assert schema.field("duration_least").type == pa.float64()
    assert schema.field("privileged").type == pa.bool_()
    assert schema.field("logon_ids").type.value_type == pa.uint64()
    assert schema.field("evidence").type.value_type == pa.string()


def test_row_groups_are_written_as_rows_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_GROUP_ROWS", 2)
    monkeypatch.setattr(exported, "BATCH_ROWS", 1)
    out = io.BytesIO()
    write_parquet(made_rows(range(5), [NUMBER]), out)
    written = pq.ParquetFile(out)
    assert [written.metadata.row_group(n).num_rows for n in range(written.num_row_groups)] == [2, 2, 1]
    assert written.read().column("number").to_pylist() == [*range(5)]


def test_an_empty_list_has_its_columns(logs: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "none.parquet"
    logonscope("events", logs, "user:nobody", "--format", "parquet", "-o", file)
    assert pq.read_table(file).column_names == [field.name for field in LISTS["events"].fields]


def test_the_largest_numbers_fit() -> None:
    out = io.BytesIO()
    write_parquet(made_rows([2**64 - 1], [NUMBER]), out)
    assert pq.read_table(out).to_pylist() == [{"number": 2**64 - 1}]


def test_into_a_pipe(logs: Path, logonscope: CommandLine) -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as source, os.fdopen(write, "wb") as pipe:
        finished = logonscope.process("sessions", logs, "--format", "parquet", stdout=pipe)
        pipe.close()
        table = pq.read_table(io.BytesIO(source.read()))
    assert (finished.code, finished.err) == (0, "")
    assert table.num_rows == 2


@pytest.mark.parametrize("command", ["sessions", "events"])
def test_a_reader_that_has_gone_is_no_error_to_tell(logs: Path, logonscope: CommandLine, command: str) -> None:
    gone, pipe = os.pipe()
    os.close(gone)
    with os.fdopen(pipe, "wb") as closed:
        finished = logonscope.process(command, logs, "--format", "parquet", stdout=closed)
    assert finished.err == ""


@pytest.mark.parametrize("form", ["table", "jsonl", "csv", "parquet"])
def test_no_file_is_written_over(logs: Path, logonscope: CommandLine, tmp_path: Path, form: str) -> None:
    evidence = tmp_path / "Security.evtx"
    evidence.write_bytes(b"evidence")
    finished = logonscope("sessions", logs, "--format", form, "-o", evidence)
    assert (finished.code, evidence.read_bytes()) == (2, b"evidence")
    assert "is there already" in finished.err


def test_a_file_that_cannot_be_made(logs: Path, logonscope: CommandLine, tmp_path: Path) -> None:
    finished = logonscope("sessions", logs, "-o", tmp_path / "missing" / "\x1b[31m.txt")
    assert finished.code == 2
    (complaint,) = finished.complaints
    assert complaint.startswith(f"logonscope: {tmp_path}/missing/\\x1b[31m.txt: there is no folder {tmp_path}/missing.")
