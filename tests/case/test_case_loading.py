"""Loading: rows while it goes on, stopping, copies, damage; and the evidence stays as it was."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from logonscope.case import loading
from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log, write_log
from support.logs import notes, two_boots, write_machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.model import LoadProgress

EVENTS = View("event")
LOG = encode_log(notes(1000))
PER_CHUNK = 75


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "Notes.evtx"
    path.write_bytes(LOG)
    return path


@pytest.fixture
def case(log: Path, tmp_path: Path) -> Iterator[Case]:
    with Case([log], work_parent=tmp_path / "work") as case:
        yield case


def test_rows_and_progress_show_while_loading(case: Case) -> None:
    """The rows also to another thread, as the screens ask."""
    counts: list[int] = []
    reports: list[LoadProgress] = []

    def look() -> bool:
        with ThreadPoolExecutor(1) as other_thread:
            window = other_thread.submit(case.window, EVENTS).result()
            counts.append(window.count)
            assert len(case.events(window.page(0, 10))) == min(10, window.count)
        return False

    case.load(reports.append, cancelled=look, meanwhile=True)
    assert counts[:2] == [0, PER_CHUNK]
    assert [progress.records for progress in reports[:2]] == [0, PER_CHUNK], "the first rows are told of at once"
    assert counts == sorted(counts)
    assert case.count(EVENTS) == 1000
    for name in ("records", "bytes_done", "files_done"):
        values = [getattr(report, name) for report in reports]
        assert values == sorted(values)
    last = reports[-1]
    assert (last.records, last.files_done, last.files_total) == (1000, 1, 1)
    assert last.bytes_done == last.bytes_total == len(LOG)


def test_progress_is_told_four_times_a_second_and_of_first_rows(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    stages: list[str] = []
    case.load(report=lambda progress: stages.append(progress.stage))
    assert stages == ["reading", "reading", "sessions", "done"], "at the start, and of the first rows"


def test_sessions_show_during_a_long_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_machine(two_boots(), tmp_path / "logs")
    write_log(tmp_path / "logs" / "WS01" / "Z-long.evtx", notes(1000))
    seconds = count(0.0)
    monkeypatch.setattr(loading, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    shown: list[int] = []
    with Case([tmp_path / "logs"], work_parent=tmp_path / "work") as case:
        case.load(rebuilt=lambda: shown.append(case.count(View("session", scope=Scope.ALL))), meanwhile=True)
        assert 0 < shown[-2] <= shown[-1]
        assert case.count(EVENTS) == 1000 + sum(map(len, two_boots().files().values()))


def test_stopping_keeps_what_was_read(log: Path, tmp_path: Path) -> None:
    second = tmp_path / "Second.evtx"
    second.write_bytes(LOG)
    stages: list[str] = []
    answers = iter([False])
    with Case([log, second], work_parent=tmp_path / "work") as case:
        case.load(lambda progress: stages.append(progress.stage), cancelled=lambda: next(answers, True))
        assert case.count(EVENTS) == PER_CHUNK
        assert [(source.path, source.records) for source in case.sources] == [(log, PER_CHUNK)]
        event = case.events(case.window(EVENTS).page(0, 1))[0]
        assert case.event_record(event)
    assert stages[-1] == "stopped"


def test_nothing_is_read_when_stopped_at_once(case: Case) -> None:
    case.load(cancelled=lambda: True)
    assert case.count(EVENTS) == 0
    assert case.sources == []


def test_a_case_before_loading(case: Case) -> None:
    assert case.window(EVENTS).count == case.count(View("session")) == 0
    assert not case.sources
    assert not case.problems
    assert case.boots() == []


def test_copies_of_a_log_count_once(tmp_path: Path) -> None:
    """As a log and its archive overlap."""
    machine = two_boots()
    write_machine(machine, tmp_path / "logs")
    with Case([tmp_path / "logs"], work_parent=tmp_path / "work") as case:
        case.load()
        once = case.count(EVENTS), case.count(View("session", scope=Scope.ALL))
    security = machine.files()["Security.evtx"]
    write_log(tmp_path / "logs" / "WS01" / "Archive.evtx", security[:40])
    with Case([tmp_path / "logs"], work_parent=tmp_path / "work") as case:
        case.load()
        assert case.duplicates == 40
        assert (case.count(EVENTS), case.count(View("session", scope=Scope.ALL))) == once


def test_damage_is_told_with_its_file_and_the_rest_is_loaded(tmp_path: Path) -> None:
    sound, damaged, text = (tmp_path / name for name in ("a.evtx", "b.evtx", "c.evtx"))
    sound.write_bytes(encode_log(notes(10)))
    damaged.write_bytes(faults.broken_record(faults.without_chunk_magic(LOG, 1), 10))
    text.write_text("text")
    reports: list[LoadProgress] = []
    with Case([sound, damaged, text], work_parent=tmp_path / "work") as case:
        case.load(reports.append)
        told = [(problem.path.name, problem.part, problem.record_id) for problem in case.problems]
        assert sorted(told, key=str) == [("b.evtx", "chunk", None), ("b.evtx", "record", 10)]
        assert [str(error) for error in case.unreadable] == [f"{text}: found text"]
        assert [(source.records, source.problems) for source in case.sources] == [(10, 0), (1000 - PER_CHUNK - 1, 2)]
        assert case.sources[1].notes == ("header says 14 chunks, 13 found",)
    assert reports[-1].problems == 3


def test_log_that_vanishes_while_loading(tmp_path: Path) -> None:
    first, second = tmp_path / "a.evtx", tmp_path / "b.evtx"
    first.write_bytes(encode_log(notes(10)))
    second.write_bytes(encode_log(notes(10)))

    def remove() -> bool:
        second.unlink(missing_ok=True)
        return False

    with Case([first, second], work_parent=tmp_path / "work") as case:
        case.load(cancelled=remove)
        (problem,) = case.problems
        assert (problem.path, problem.part) == (second, "file")
        assert problem.reason == "reading stopped: No such file or directory"
        assert case.count(EVENTS) == 10


def test_standard_input_that_is_no_log_is_called_by_its_name(tmp_path: Path) -> None:
    with Case([], io.BytesIO(b""), tmp_path / "work") as case:
        case.load()
        assert [str(error) for error in case.unreadable] == ["standard input: found an empty file (0 bytes)"]


def test_the_evidence_is_not_touched(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    write_machine(two_boots(), logs)
    (logs / "WS01" / "Damaged.evtx").write_bytes(faults.dirty_header(faults.broken_record(LOG, 10)))

    def state() -> dict[Path, tuple[bytes, int, int]]:
        return {
            path: (path.read_bytes() if path.is_file() else b"", path.stat().st_mtime_ns, path.stat().st_mode)
            for path in [logs, *logs.rglob("*")]
        }

    before = state()
    with Case([logs], work_parent=tmp_path / "work") as case:
        case.load()
        for row in case.window(EVENTS).page(0, 20):
            case.event_record(case.events([row])[0])
    assert state() == before
