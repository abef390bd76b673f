"""``sessions``, ``events``, ``boots`` and ``coverage``: what they list, in each format, and by which filter."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.case import Case
from logonscope.columns import BOOT_COLUMNS, COVERAGE_COLUMNS, EVENT_COLUMNS, SESSION_COLUMNS
from logonscope.ui.shown import Shown
from support.command_line import CommandLine, Finished, on_loaded_case
from support.logs import two_boot_logs, two_boots

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDS = sum(map(len, two_boots().files().values()))
EVENT_KEYS = [
    "time", "machine", "computer", "channel", "provider", "event", "record_id", "outcome", "user", "domain", "sid",
    "logon_id", "subject_user", "subject_logon_id", "logon_type", "source_ip", "workstation", "process", "status",
    "sub_status", "words", "recovered", "file", "sha256", "offset", "chunk_offset", "fields",
]  # fmt: skip
SESSION_KEYS = [
    "session", "machine", "boot", "role", "class", "user", "domain", "sid", "account_kind", "logon_type", "logon_ids",
    "start", "start_evidence", "start_earliest", "start_latest", "end", "end_evidence", "end_earliest", "end_latest",
    "destroyed", "grade", "duration", "duration_least", "duration_most", "span", "active", "presence_audited",
    "last_seen", "privileged", "source_ip", "source_evidence", "workstation", "session_number", "attached", "records",
    "flags", "file", "sha256", "channel", "record_id", "offset", "chunk_offset",
]  # fmt: skip
BOOT_KEYS = [
    "machine", "boot", "start", "start_evidence", "kernel_start", "last_record", "end", "end_evidence", "end_is_exact",
    "alive_until", "next_start", "stays", "sessions", "reused_ids", "file", "sha256", "channel", "record_id", "offset",
    "chunk_offset",
]  # fmt: skip
COVERAGE_KEYS = [
    "machine", "channel", "kind", "since", "until", "amount", "about", "words", "file", "sha256", "record_id", "offset",
    "chunk_offset",
]  # fmt: skip
KEYS = {"events": EVENT_KEYS, "sessions": SESSION_KEYS, "boots": BOOT_KEYS, "coverage": COVERAGE_KEYS}

logs = two_boot_logs


@pytest.fixture(scope="module")
def logonscope(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CommandLine]:
    with on_loaded_case(logs, tmp_path_factory) as command_line:
        yield command_line


@pytest.fixture(scope="module")
def printed(logs: Path, logonscope: CommandLine) -> dict[tuple[str, str], Finished]:
    """All lists in all formats of text."""
    return {
        (command, output): logonscope(command, logs, "--format", output)
        for command in KEYS
        for output in ("table", "jsonl", "csv")
    }


def objects(finished: Finished) -> list[dict[str, Any]]:
    assert (finished.code, finished.err) == (0, "")
    return [json.loads(line) for line in finished.lines]


@pytest.mark.parametrize(
    ("command", "columns", "rows"),
    [
        ("events", EVENT_COLUMNS, RECORDS),
        ("sessions", SESSION_COLUMNS, 2),
        ("boots", BOOT_COLUMNS, 2),
        ("coverage", COVERAGE_COLUMNS, None),
    ],
)
def test_table(printed: dict[tuple[str, str], Finished], command: str, columns: Any, rows: int | None) -> None:
    finished = printed[command, "table"]
    assert (finished.code, finished.err) == (0, "")
    head, *lines = finished.lines
    starts = [head.index(column.title) for column in columns]
    assert starts == sorted(starts)
    assert len(lines) == (len(printed[command, "jsonl"].lines) if rows is None else rows)


@pytest.mark.parametrize("command", KEYS)
def test_jsonl_has_the_same_keys_in_every_line(printed: dict[tuple[str, str], Finished], command: str) -> None:
    found = objects(printed[command, "jsonl"])
    assert found
    assert all([*record] == KEYS[command] for record in found)


@pytest.mark.parametrize("command", KEYS)
def test_csv_says_what_jsonl_says(printed: dict[tuple[str, str], Finished], command: str) -> None:
    table = csv.DictReader(io.StringIO(printed[command, "csv"].out))
    assert table.fieldnames == KEYS[command]
    for row, record in zip(table, objects(printed[command, "jsonl"]), strict=True):
        for name, value in record.items():
            if isinstance(value, str):
                assert row[name] == value
            elif value is None:
                assert row[name] == ""


def test_events_come_in_the_order_of_time(printed: dict[tuple[str, str], Finished]) -> None:
    times = [record["time"] for record in objects(printed["events", "jsonl"])]
    assert len(times) == RECORDS
    assert times == sorted(times)


def test_events_are_exact(printed: dict[tuple[str, str], Finished]) -> None:
    (refused,) = (record for record in objects(printed["events", "jsonl"]) if record["event"] == 4625)
    expected = {
        "time": "2026-03-02T09:00:00.0000000Z",
        "user": "mallory",
        "outcome": "failure",
        "logon_type": 3,
        "source_ip": "203.0.113.7",
        "sub_status": 0xC000006A,
    }
    assert {name: refused[name] for name in expected} == expected
    assert refused["fields"]["TargetUserName"] == "mallory"


def test_sessions_are_exact(printed: dict[tuple[str, str], Finished]) -> None:
    alice, _ = objects(printed["sessions", "jsonl"])
    expected = {
        "user": "alice",
        "machine": "WS01",
        "boot": 1,
        "logon_type": 2,
        "start": "2026-03-02T08:00:00.000000Z",
        "end": "2026-03-02T11:00:00.000000Z",
        "end_evidence": "4647+4634",
        "grade": "A",
        "duration": 10800.0,
        "duration_least": 10800.0,
        "duration_most": 10800.0,
    }
    assert {name: alice[name] for name in expected} == expected


def test_boots_are_exact(printed: dict[tuple[str, str], Finished]) -> None:
    first, second = objects(printed["boots", "jsonl"])
    assert (first["machine"], first["boot"], first["end_evidence"], first["stays"]) == ("WS01", 1, "shutdown", 1)
    assert (second["boot"], second["end_evidence"], second["end"]) == (2, "open", None)
    assert first["reused_ids"] == second["reused_ids"] != []


def test_coverage_says_what_the_logs_reach(printed: dict[tuple[str, str], Finished]) -> None:
    marks = objects(printed["coverage", "jsonl"])
    (security,) = (mark for mark in marks if mark["kind"] == "covered" and mark["channel"] == "Security")
    assert security["words"].startswith("Security reaches from 2026-03-02 07:00:00 to 2026-03-02 14:00:00 (")
    assert sum(mark["amount"] for mark in marks if mark["kind"] == "covered") == RECORDS


def test_sessions_come_in_the_order_of_the_pane(
    logs: Path, logonscope: CommandLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = objects(logonscope("sessions", logs, "--all", "--format", "jsonl"))
    with Case([logs], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        listed = case.window(Shown().all_sessions())
        shown = case.sessions(listed.page(0, listed.count))
    assert [record["session"] for record in found] == [session.key for session in shown]


def test_evidence_on_request(logs: Path, logonscope: CommandLine) -> None:
    alice, _ = objects(logonscope("sessions", logs, "--evidence", "--format", "jsonl"))
    assert [*alice] == [*SESSION_KEYS, "evidence"]
    assert len(alice["evidence"]) == len({*alice["evidence"]}) > 3
    number = alice["session"].partition("@")[2]
    assert f"Security#{number}" in alice["evidence"]


@pytest.mark.parametrize(
    ("options", "users"),
    [
        (["--people"], ["alice", "bob", "bob", "bob"]),
        (["--visits"], ["alice", "bob", "bob"]),
        (["-f", "user:bob", "boot:1"], []),
        (["user:alice", "or", "boot:2"], ["alice", "bob"]),
    ],
)
def test_which_sessions(logs: Path, logonscope: CommandLine, options: list[str], users: list[str]) -> None:
    found = objects(logonscope("sessions", logs, *options, "--format", "jsonl"))
    assert [record["user"] for record in found if record["account_kind"] == "person"] == users


def test_all_sessions_are_also_the_systems_own(logs: Path, logonscope: CommandLine) -> None:
    kinds = {record["account_kind"] for record in objects(logonscope("sessions", logs, "--all", "--format", "jsonl"))}
    assert {"person", "virtual"} <= kinds


def test_a_filter_longer_than_a_file_name(logs: Path, logonscope: CommandLine) -> None:
    text = ",".join(["user:mallory", *(f"nobody{number}" for number in range(60))])
    (record,) = objects(logonscope("events", logs, text, "event:4625", "--format", "jsonl"))
    assert record["user"] == "mallory"


def test_several_paths(logs: Path, tmp_path: Path) -> None:
    security, system = (logs / "WS01" / f"{name}.evtx" for name in ("Security", "System"))
    finished = CommandLine(tmp_path)("events", security, system, "--format", "jsonl")
    channels = {record["channel"] for record in objects(finished)}
    assert channels == {"Security", "System"}


def test_no_row_fits(logs: Path, logonscope: CommandLine) -> None:
    finished = logonscope("events", logs, "user:nobody")
    assert (finished.code, finished.err) == (0, "")
    assert [line.split()[0] for line in finished.lines] == ["Time"]
