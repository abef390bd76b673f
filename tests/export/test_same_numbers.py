"""The same rows and the same numbers stand in every form, in the pane and in the Python API."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from logonscope.api import OpenCase
from logonscope.case.case import Case
from logonscope.case.source_hashes import SourceHashes
from logonscope.case.view import Scope, View
from logonscope.errors import OutputError
from logonscope.export.forms import FORMS, form_of
from logonscope.export.lists import LISTS, PANES
from logonscope.export.stored_rows import stored_rows
from logonscope.export.writers import json_records
from logonscope.filters.syntax import parse
from logonscope.knowledge.words import plain_words
from support.logs import two_boot_logs

if TYPE_CHECKING:
    from collections.abc import Iterator

logs = two_boot_logs
STORED = ("events", "sessions", "boots", "coverage")


@pytest.fixture(scope="module")
def case(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with Case([logs], work_parent=tmp_path_factory.mktemp("work")) as loaded:
        loaded.load()
        yield loaded


@pytest.fixture
def opened(case: Case) -> OpenCase:
    return OpenCase(case)


def parquet_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return [parquet_value(part) for part in value] if isinstance(value, list) else value


def numbers(row: dict[str, Any]) -> dict[str, str]:
    """A row as texts, by which forms can be compared that have no numbers; times to the microsecond."""
    found = {}
    for name, value in row.items():
        text = " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        if name in ("logon_id", "subject_logon_id", "logon_ids", "reused_ids") and text:
            text = " ".join(hex(int(part, 0)) for part in text.split())
        if name == "time":
            text = text[:26]
        found[name] = text.lower() if isinstance(value, bool) else text.removesuffix(".0")
    return found


@pytest.mark.parametrize("what", LISTS)
def test_in_every_form(what: str, opened: OpenCase, tmp_path: Path) -> None:
    listed = opened.list(what)
    for form in ("csv", "jsonl", "parquet"):
        listed.write(tmp_path / form, form)
    of_json = [numbers(json.loads(line)) for line in (tmp_path / "jsonl").read_text("ascii").splitlines()]
    of_csv = [numbers(row) for row in csv.DictReader(io.StringIO((tmp_path / "csv").read_text("utf-8")))]
    of_parquet = [
        numbers({name: parquet_value(value) for name, value in row.items() if name != "tick"})
        for row in pq.read_table(tmp_path / "parquet").to_pylist()
    ]
    assert len(of_json) == len(of_csv) == len(of_parquet) == len(listed) > 0
    for rows in (of_csv, of_parquet):
        for row, wanted in zip(rows, of_json, strict=True):
            loose = {"fields", "evidence"} & wanted.keys()
            assert {k: v for k, v in row.items() if k not in loose} == {
                k: v for k, v in wanted.items() if k not in loose
            }
    assert [row["record_id"] for row in of_json] == [row["record_id"] for row in of_csv] if what in STORED else True


@pytest.mark.parametrize("text", ["", "user:alice", "is:failure or type:2"])
def test_what_the_pane_shows(text: str, case: Case, opened: OpenCase) -> None:
    for target, kind in PANES.items():
        window = case.window(View(target, parse(text), scope=View(target).scope))
        shown = kind.fetch(case, window.page(0, window.count))
        listed = opened.list(kind.name, text, "stays")
        assert len(listed) == len(shown)
        if target == "event":
            assert [(row["record_id"], row["words"]) for row in listed.dicts()] == [
                (event.record_id, plain_words(event)) for event in shown
            ]
        if target == "session":
            assert [(row["session"], row["records"], row["grade"]) for row in listed.dicts()] == [
                (session.key, session.event_count, session.grade) for session in shown
            ]


def test_rows_that_are_not_there_are_left_out(case: Case) -> None:
    for target in PANES:
        assert list(json_records(stored_rows(case, target, [-5_000_000, 5_000_000]))) == []


@pytest.mark.parametrize("part_bytes", [1, 1_000_000_000])
def test_rows_stand_as_they_were_listed(case: Case, monkeypatch: pytest.MonkeyPatch, part_bytes: int) -> None:
    monkeypatch.setattr("logonscope.export.stored_rows._PART_BYTES", part_bytes)
    for target in PANES:
        listed = case.window(View(target, scope=Scope.ALL)).page(0, 100)
        turned = [*listed[::2], *reversed(listed[1::2])]
        straight = dict(zip(listed, json_records(stored_rows(case, target, listed)), strict=True))
        assert list(json_records(stored_rows(case, target, turned))) == [straight[row] for row in turned]


def test_users_count_what_the_lists_count(opened: OpenCase) -> None:
    users = list(opened.list("users").dicts())
    assert sum(user["stays"] for user in users if user["system"] == 0) == len(opened.sessions(scope="stays"))
    assert sum(user["refused"] for user in users) == len(opened.events("event:4625"))


def assert_in_chunk(log: Path, offset: int, record_id: int) -> None:
    header = log.read_bytes()[offset : offset + 40]
    assert header.startswith(b"ElfChnk\0")
    first, last = (int.from_bytes(header[place : place + 8], "little") for place in (24, 32))
    assert first <= record_id <= last


def test_rows_cite_their_record(case: Case, opened: OpenCase, monkeypatch: pytest.MonkeyPatch) -> None:
    known_hash = hashlib.sha256(case.sources[0].path.read_bytes()).hexdigest()
    monkeypatch.setattr(SourceHashes, "sha256", {case.sources[0].number: known_hash})
    known = {str(source.path) for source in case.sources}
    for what in LISTS:
        for row in opened.list(what).dicts():
            cited = row["evidence"] if what == "findings" else [row]
            for record in cited:
                if what in ("events", "sessions"):
                    assert record["file"] in known
                assert set(record) >= {"file", "sha256", "channel", "record_id", "offset", "chunk_offset"}
                if record["chunk_offset"] is not None:
                    assert_in_chunk(Path(record["file"]), record["chunk_offset"], record["record_id"])
    hashes = {row["file"]: row["sha256"] for row in opened.events().dicts()}
    assert hashes[str(case.sources[0].path)] == known_hash
    assert None in hashes.values(), "of other files it is not known"
    assert all(row["chunk_offset"] is not None for what in ("events", "sessions") for row in opened.list(what).dicts())


def test_timesketch_has_what_it_asks_for(opened: OpenCase, tmp_path: Path) -> None:
    for what in ("events", "sessions", "boots", "coverage", "findings"):
        opened.list(what).write(tmp_path / f"{what}.csv", "timesketch-csv")
        opened.list(what).write(tmp_path / f"{what}.jsonl", "timesketch-jsonl")
        of_json = [json.loads(line) for line in (tmp_path / f"{what}.jsonl").read_text("ascii").splitlines()]
        of_csv = list(csv.DictReader(io.StringIO((tmp_path / f"{what}.csv").read_text("utf-8"))))
        assert len(of_json) == len(of_csv) > 0
        for row in of_json:
            moment = datetime.fromisoformat(row["datetime"])
            assert round(moment.timestamp() * 1_000_000) == row["timestamp"]
            assert row["message"]
            assert row["timestamp_desc"]
    (ended,) = [
        json.loads(line)
        for line in (tmp_path / "sessions.jsonl").read_text("ascii").splitlines()
        if '"Session End"' in line and '"user": "alice"' in line and '"class": "stay"' in line
    ]
    assert ended["datetime"] == ended["end"] == "2026-03-02T11:00:00.000000Z"
    assert ended["message"] == "session of alice on WS01 ended (4647+4634, grade A)"


def test_ecs_documents(opened: OpenCase, tmp_path: Path) -> None:
    opened.events("event:4625").write(tmp_path / "ecs", "ecs")
    (document,) = [json.loads(line) for line in (tmp_path / "ecs").read_text("ascii").splitlines()]
    assert document["event"] == {
        "kind": "event", "code": "4625", "provider": "Microsoft-Windows-Security-Auditing", "outcome": "failure",
        "category": ["authentication"], "type": ["start"], "action": "logon-failed",
    }  # fmt: skip
    assert document["source"]["ip"] == "203.0.113.7"
    assert document["user"]["name"] == "mallory"
    assert document["winlog"]["logon"]["type"] == "Network"
    assert document["winlog"]["event_data"]["TargetUserName"] == "mallory"
    assert document["@timestamp"] == "2026-03-02T09:00:00.0000000Z"
    assert "process" not in document, "what a record does not say is left out"


@pytest.mark.parametrize("what", LISTS)
def test_forms_that_do_not_fit_are_refused(what: str) -> None:

    for form in FORMS.values():
        if not form.fits(LISTS[what]):
            with pytest.raises(OutputError, match="cannot be written as"):
                form_of(form.name, LISTS[what])
