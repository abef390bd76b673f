"""Records of very long values: the database takes them out two thousand at a time, and is given the memory for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
from logonscope.case.view import View
from logonscope.filters.syntax import parse
from logonscope.store import case_store

if TYPE_CHECKING:
    from pathlib import Path

RECORDS, LENGTH = 2_100, 20_000


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "long.jsonl"
    with path.open("w") as out:
        for number in range(RECORDS):
            system = {
                "Provider": {"#attributes": {"Name": "Microsoft-Windows-Security-Auditing"}},
                "EventID": 4624,
                "TimeCreated": {"#attributes": {"SystemTime": f"2026-03-02T09:{number // 60:02}:{number % 60:02}Z"}},
                "EventRecordID": number + 1,
                "Channel": "Security",
                "Computer": "WS1",
            }
            fields = {"TargetUserName": "alice", "WorkstationName": "x" * LENGTH}
            out.write(json.dumps({"Event": {"System": system, "EventData": fields}}) + "\n")
    return path


def test_a_case_of_long_values(log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_store, "_LEAST_MEMORY", 48_000_000)
    cases = KeptCases(tmp_path / "kept", smallest_evidence=0)
    for _ in ("loaded", "opened again"):
        with Case([log], work_parent=tmp_path / "work", cache=cases) as case:
            case.load()
            assert case.problems == []
            assert case.count(View("event", parse("xxxxx"))) == RECORDS
