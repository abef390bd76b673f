"""A case that is opened as an earlier run kept it answers as the one that was loaded."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
from logonscope.case.options import USUAL_OPTIONS, LoadOptions
from logonscope.case.view import TABLES, View
from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log
from logonscope.filters.syntax import parse
from logonscope.readers.cut import Cut
from support.archived import zipped
from support.logs import note, notes, two_boots
from support.text_forms import event_element

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.model import LoadProgress

WEEK = {name: encode_log(records) for name, records in two_boots().files().items()}
BROKEN = faults.zero_record_size(encode_log(notes(300)), 10)
AS_TEXT = "".join(map(event_element, notes(40))).encode()
KILLED = """
import os, signal, sys
from pathlib import Path
from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
logs, home = map(Path, sys.argv[1:])
case = Case([logs], work_parent=home / "cases", cache=KeptCases(home / "kept", smallest_evidence=0))
case.load()
os.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Path.rename = os.rename
case.close()
"""


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """Two boots, a broken log, one in an archive, one as text, and a file that is no log."""
    folder = tmp_path / "logs"
    folder.mkdir()
    for name, contents in {
        **WEEK,
        "broken.evtx": BROKEN,
        "packed.zip": zipped({"in/the/archive.evtx": encode_log(notes(90))}),
        "text.xml": AS_TEXT,
        "none.evtx": b"no log",
    }.items():
        (folder / name).write_bytes(contents)
    return folder


@pytest.fixture
def cases(tmp_path: Path) -> KeptCases:
    return KeptCases(tmp_path / "kept", smallest_evidence=0)


class Opened:
    """A case and how it was opened."""

    def __init__(self, case: Case, progress: list[LoadProgress]) -> None:
        self.case = case
        self.last = progress[-1]

    @property
    def is_kept(self) -> bool:
        return self.last.kept_at is not None


@contextmanager
def opened(logs: Path, cases: KeptCases, options: LoadOptions = USUAL_OPTIONS) -> Iterator[Opened]:
    progress: list[LoadProgress] = []
    with Case([logs], work_parent=cases.base.parent / "cases", options=options, cache=cases) as case:
        case.load(progress.append)
        yield Opened(case, progress)


def answers(case: Case) -> dict[str, Any]:
    """All that a case says."""
    windows = {target: case.window(View(target)) for target in TABLES}
    rows = {target: window.page(0, window.count) for target, window in windows.items()}
    sessions = case.sessions(rows["session"])
    return {
        "events": case.events(rows["event"]),
        "sessions": sessions,
        "evidence": [case.evidence(session.session_id) for session in sessions],
        "boots": case.boots(),
        "coverage": case.coverage(),
        "sources": [*case.sources],
        "problems": [*case.problems],
        "unreadable": [(error.message, error.advice) for error in case.unreadable],
        "counts": (case.duplicates, case.left_out),
        "findings": case.findings(),
        "names": case.lookup(),
        "records": [case.event_record(event) for event in case.events(rows["event"])],
    }


def test_it_says_the_same(logs: Path, cases: KeptCases) -> None:
    with opened(logs, cases) as first:
        assert not first.is_kept
        loaded = answers(first.case)
    with opened(logs, cases) as again:
        assert again.is_kept
        kept = answers(again.case)
        assert (again.last.records, again.last.problems) == (first.last.records, first.last.problems)
    assert len(loaded["events"]) > 400
    assert loaded["problems"]
    assert loaded["unreadable"]
    for name, said in loaded.items():
        assert kept[name] == said, name


def test_a_part_is_no_whole(logs: Path, cases: KeptCases) -> None:
    only = LoadOptions(Cut(events=frozenset({4624, 4634})))
    with opened(logs, cases, only) as first:
        loaded = answers(first.case)
        assert first.case.left_out
    with opened(logs, cases) as whole:
        assert not whole.is_kept
    with opened(logs, cases, only) as again:
        assert again.is_kept
        assert answers(again.case) == loaded


def test_salvage_goes_on_from_it_and_leaves_it_as_it_was(logs: Path, cases: KeptCases) -> None:
    (logs / "image").write_bytes(bytes(5000) + encode_log([*map(note, range(1000, 1050))])[4096 : 4096 + 65536])
    with opened(logs, cases) as first:
        live = answers(first.case)["events"]
    with opened(logs, cases) as again:
        assert again.is_kept
        found = again.case.salvage()
        assert found
        window = again.case.window(View("event", parse("is:recovered")))
        assert window.count == found
        assert again.case.salvage() is None
    with opened(logs, cases) as third:
        assert third.is_kept
        assert answers(third.case)["events"] == live


def test_two_have_it_open_at_once(logs: Path, cases: KeptCases) -> None:
    with opened(logs, cases):
        pass
    with opened(logs, cases) as one, opened(logs, cases) as other:
        assert one.is_kept
        assert other.is_kept
        assert answers(one.case) == answers(other.case)
    assert len(cases.listed()) == 1


def test_what_two_loaded_at_once_is_kept_once(logs: Path, cases: KeptCases) -> None:
    with opened(logs, cases) as one, opened(logs, cases) as other:
        assert not one.is_kept
        assert not other.is_kept
    assert len(cases.listed()) == 1


def test_a_load_that_was_stopped_is_not_kept(logs: Path, cases: KeptCases) -> None:
    with Case([logs], work_parent=cases.base.parent / "cases", cache=cases) as case:
        case.load(cancelled=lambda: len(case.sources) > 1)
        assert case.sources
    assert cases.listed() == []


def test_nor_is_one_that_was_added_to(logs: Path, cases: KeptCases) -> None:
    with opened(logs, cases) as loaded:
        loaded.case.salvage()
    assert cases.listed() == []


def test_nor_is_evidence_that_changed_meanwhile(logs: Path, cases: KeptCases) -> None:
    progress: list[LoadProgress] = []

    def change(told: LoadProgress) -> None:
        progress.append(told)
        (logs / "late.evtx").write_bytes(BROKEN)

    with Case([logs], work_parent=cases.base.parent / "cases", cache=cases) as case:
        case.load(change)
        assert "changed while it was read" in case.cache_remark
    assert cases.listed() == []


def test_small_evidence_is_loaded_anew(logs: Path, tmp_path: Path) -> None:
    cases = KeptCases(tmp_path / "kept")
    for _ in range(2):
        with opened(logs, cases) as loaded:
            assert not loaded.is_kept
    assert cases.listed() == []


def test_one_that_is_damaged_is_loaded_anew_and_said(logs: Path, cases: KeptCases) -> None:
    with opened(logs, cases) as first:
        loaded = answers(first.case)
    (cases.listed()[0].folder / "outcome.json").write_bytes(b"\xff\xff")
    with opened(logs, cases) as again:
        assert not again.is_kept
        assert "cannot be read and is loaded anew" in again.case.cache_remark
        assert answers(again.case) == loaded
    with opened(logs, cases) as third:
        assert third.is_kept


def test_killed_while_it_is_kept(logs: Path, cases: KeptCases) -> None:
    """Nothing of it is found, and its folder is swept by the next start."""
    home = cases.base.parent
    killed = subprocess.run([sys.executable, "-c", KILLED, logs, home], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert len([*(home / "cases").iterdir()]) == 1
    assert cases.listed() == []
    with opened(logs, cases) as loaded:
        assert not loaded.is_kept
        assert len([*(home / "cases").iterdir()]) == 1
    assert [*(home / "cases").iterdir()] == []
    assert len(cases.listed()) == 1


def test_a_name_that_cannot_be_written_down_costs_only_the_keeping(tmp_path: Path, cases: KeptCases) -> None:
    name = b"log-\xff.evtx".decode("utf-8", "surrogateescape")
    (tmp_path / name).write_bytes(BROKEN)
    for _ in range(2):
        with opened(tmp_path / name, cases) as loaded:
            assert not loaded.is_kept
            assert loaded.case.sources
    assert [*(tmp_path / "cases").iterdir()] == []
