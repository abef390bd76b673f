"""Tables of events: EvtxECmd, PowerShell and Event Viewer, whole, cut and hostile."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from logonscope.readers.csv_tables import heading_in, tables
from logonscope.readers.text_batches import MOST_CHARACTERS
from support.logs import BOB, logon, note, notes
from support.text_files import TextFile, read_text
from support.text_forms import evtxecmd_csv, export_csv, local, message

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.demo.records import FieldValue, Record

BOBS: dict[str, FieldValue] = {"TargetUserName": "bob", "TargetUserSid": BOB.sid, "LogonType": 10}
LOGONS = [logon(number, **BOBS) for number in range(1, 4)]
COUNT = 4100
"""More rows than are read at a time."""


def _read(path: Path, contents: bytes | str) -> TextFile:
    return read_text(path / "log", contents if isinstance(contents, bytes) else contents.encode(), "csv")


def _table(names: list[str], rows: list[list[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([names, *rows])
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    found = _read(tmp_path, export_csv([logon(1, **BOBS | {"WorkstationName": "Zoë"})], delimiter, encoding))
    (fields,) = found.fields
    assert fields is not None
    assert (fields["TargetUserName"], fields["TargetUserSid"], fields["WorkstationName"]) == ("bob", BOB.sid, "Zoë")
    assert found.problems == []


@pytest.mark.parametrize("write", [evtxecmd_csv, export_csv])
def test_many_rows(tmp_path: Path, write: object) -> None:
    assert callable(write)
    contents = write(notes(COUNT))
    found = _read(tmp_path, contents)
    assert found.record_ids == list(range(1, COUNT + 1))
    assert found.header_ids == found.record_ids
    assert found.bytes_read == len(contents)
    for number, text in found.again.items():
        assert text is not None
        assert str(number) in text


def test_a_row_is_read_again_as_the_file_has_it(tmp_path: Path) -> None:
    contents = export_csv(LOGONS)
    found = _read(tmp_path, contents)
    assert found.again[2] is not None
    assert found.again[2].startswith('"An account was successfully logged on.\r\n\r\nSubject:')
    assert found.again[2].encode() in contents


def test_fields_of_evtxecmd_come_from_the_payload(tmp_path: Path) -> None:
    found = _read(tmp_path, evtxecmd_csv(LOGONS))
    assert found.fields[0] is not None
    assert found.fields[0]["TargetUserName"] == "bob"
    assert found.stamps[0] == "2026-03-02T08:00:01.0000000Z UTC"
    assert not any("zone" in said for said in found.notes)


@pytest.mark.parametrize("payload", ["{", "[]", "7", '{"EventData":', "[" * 100_000])
def test_a_payload_that_is_none_is_kept_and_said(tmp_path: Path, payload: str) -> None:
    (name, *_), row = csv.reader(io.StringIO(evtxecmd_csv([note(1)]).decode("utf-8-sig")))
    names = list(next(csv.reader(io.StringIO(evtxecmd_csv([]).decode("utf-8-sig")))))
    row[names.index("Payload")] = payload
    found = _read(tmp_path, _table(names, [list(row)]))
    assert name == "RecordNumber"
    assert found.fields == [{"Payload": payload}]
    assert any("1 event whose Payload is no JSON" in said for said in found.notes)


def _chosen(records: list[Record]) -> str:
    rows: list[list[object]] = [[local(record.time), record.kind.event_id, message(record)] for record in records]
    return _table(["TimeCreated", "Id", "Message"], rows)


def test_a_choice_of_columns_names_what_is_not_there(tmp_path: Path) -> None:
    found = _read(tmp_path, _chosen(LOGONS))
    assert len(found.records) == 3
    assert any("no column for the computer and channel and EventRecordID" in said for said in found.notes)


def test_event_viewer_names_no_column_for_its_messages(tmp_path: Path) -> None:
    names = ["Keywords", "Date and Time", "Source", "Event ID", "Task Category"]
    row = ["Audit Success", "3/20/2026 8:00:01 AM", "Microsoft-Windows-Security-Auditing", 4624, "Logon"]
    found = _read(tmp_path, _table(names, [[*row, message(LOGONS[0])]]))
    (record,), (fields,) = found.records, found.fields
    assert fields is not None
    assert fields["TargetUserName"] == "bob"
    assert (record["System"]["Channel"], record["System"]["Keywords"]) == ("Security", "0x8020000000000000")
    assert found.stamps == ["2026-03-20T08:00:01.0000000Z UTC"]


def test_get_eventlog(tmp_path: Path) -> None:
    names = ["EventID", "MachineName", "Index", "EntryType", "Message", "Source", "TimeGenerated"]
    row = [
        4624,
        "WS01",
        77,
        "SuccessAudit",
        message(LOGONS[0]),
        "Microsoft-Windows-Security-Auditing",
        "3/20/2026 8:00:01 AM",
    ]
    found = _read(tmp_path, _table(names, [row]))
    assert found.record_ids == [77]
    assert found.records[0]["System"]["Keywords"] == "0x8020000000000000"
    assert found.fields[0] is not None
    assert found.fields[0]["TargetUserName"] == "bob"


@pytest.mark.parametrize("bad", ["a,b,c\r\n", "1,2\r\n", ",".join("x" * 10_000) + "\r\n", "\0\0\0,\0\r\n"])
def test_rows_that_are_none_cost_themselves_only(tmp_path: Path, bad: str) -> None:
    head, *rows = evtxecmd_csv(LOGONS).decode().splitlines(keepends=True)
    found = _read(tmp_path, head + rows[0] + bad * 3 + rows[1] + rows[2])
    assert found.record_ids == [1, 2, 3]
    (problem,) = found.problems
    assert problem.offset == len((head + rows[0]).encode())
    assert "and 2 rows after it" in problem.reason
    assert found.header_ids == [1, 5, 6]
    assert found.again[6] == rows[2].rstrip()


def test_a_field_without_end(tmp_path: Path) -> None:
    head, *rows = evtxecmd_csv(LOGONS).decode().splitlines(keepends=True)
    endless = '"' + ("x" * 1000 + "\n") * (2 * MOST_CHARACTERS // 1000)
    found = _read(tmp_path, head + rows[0] + endless + "\r\n")
    assert found.record_ids == [1]
    assert "a row of more than" in found.problems[0].reason


def test_a_line_without_end(tmp_path: Path) -> None:
    head, *rows = evtxecmd_csv(LOGONS).decode().splitlines(keepends=True)
    found = _read(tmp_path, head + rows[0] + "x" * 5 * MOST_CHARACTERS + "\r\n" + rows[1])
    assert found.record_ids == [1, 2]
    assert len(found.problems) == 1


def test_a_heading_that_comes_again_is_no_row(tmp_path: Path) -> None:
    found = _read(tmp_path, export_csv(LOGONS) + export_csv(LOGONS))
    assert len(found.records) == 6
    assert found.problems == []


def test_a_file_that_is_no_table_any_more(tmp_path: Path) -> None:
    found = _read(tmp_path, "Name,Size\r\n1,2\r\n")
    assert (found.records, found.problems[0].part) == ([], "file")


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_every_table_is_told_by_what_it_needs(table: object) -> None:
    needs = getattr(table, "needs", ())
    heading = heading_in(",".join(needs).encode())
    assert heading is not None
    assert heading.table == table
    assert {"time", "event_id"} <= heading.places.keys()
