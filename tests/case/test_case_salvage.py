"""Recovered records in a case: marked, once, apart from sessions unless they are asked in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.columns import EVENT_COLUMNS
from logonscope.demo import faults
from logonscope.demo.evtx_writer import encode_log
from logonscope.facts.citation import citation
from logonscope.facts.event import event_facts
from logonscope.filters.syntax import parse
from support.logs import logon, notes, two_boots

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.model import Event

LOG = encode_log(notes(300))
SECURITY = encode_log(two_boots().files()["Security.evtx"])
BROKEN_AT = 20


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    """A log with a break, and an image with a copy of its records."""
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "broken.evtx").write_bytes(faults.zero_record_size(LOG, 10))
    (logs / "image").write_bytes(bytes([7]) * 5000 + LOG[4096 : 4096 + 65536])
    with Case([logs], work_parent=tmp_path) as loaded:
        loaded.load()
        yield loaded


def events(case: Case, text: str) -> list[Event]:
    window = case.window(View("event", parse(text)))
    return case.events(window.page(0, window.count))


def test_recovered_records_are_marked_and_come_once(case: Case) -> None:
    assert events(case, "is:recovered") == []
    live = len(events(case, ""))
    assert case.salvage() == 66
    found = events(case, "is:recovered")
    assert sorted(event.record_id for event in found) == [*range(10, 76)]
    assert len(events(case, "-is:recovered")) == live
    assert {event.recovered for event in found} == {"chain", "chunk"}
    assert [event.record_id for event in found if event.recovered == "chunk"] == [10]


def test_a_case_is_searched_once(case: Case) -> None:
    case.salvage()
    assert case.salvage() is None
    assert len(events(case, "is:recovered")) == 66


def test_a_recovered_record_says_how_and_where_it_was_found(case: Case) -> None:
    case.salvage()
    event = events(case, "is:recovered record:30")[0]
    assert event.found_at is not None
    assert [column.text(event) for column in EVENT_COLUMNS][-1].startswith("~cut off  ")
    said = [(fact.name, fact.text, fact.meaning) for fact in event_facts(event, None)]
    assert ("Recovered", "~cut off", f"found at {event.found_at:#x}") in said
    assert citation(event, None).endswith(f", recovered at {event.found_at:#x}")
    assert "<EventRecordID>30<" in case.event_record(event)


def test_a_file_that_is_no_log_is_a_source_where_records_are_found_in_it(case: Case) -> None:
    assert [source.path.name for source in case.sources] == ["broken.evtx"]
    case.salvage()
    found = {source.path.name: (source.records, source.recovered) for source in case.sources}
    assert found == {"broken.evtx": (234, 65), "image": (0, 75)}


def cut_log(tmp_path: Path) -> Path:
    """A Security log whose chain of records breaks."""
    path = tmp_path / "Security.evtx"
    path.write_bytes(faults.zero_record_size(SECURITY, BROKEN_AT))
    return path


def sessions(case: Case) -> set[str]:
    window = case.window(View("session", scope=Scope.ALL))
    return {session.key for session in case.sessions(window.page(0, window.count))}


def test_recovered_records_stay_out_of_sessions_and_coverage(tmp_path: Path) -> None:
    with Case([cut_log(tmp_path)], work_parent=tmp_path) as case:
        case.load()
        before = sessions(case), case.boots(), case.coverage(), case.lookup().log_end
        assert case.salvage()
        assert (sessions(case), case.boots()) == before[:2]
        assert [mark for mark in case.coverage() if mark.kind == "covered"] == [
            mark for mark in before[2] if mark.kind == "covered"
        ]
        assert case.lookup().log_end == before[3]


def test_recovered_records_take_part_in_sessions_on_demand(tmp_path: Path) -> None:
    with Case([cut_log(tmp_path)], work_parent=tmp_path) as case:
        case.load()
        before = sessions(case)
        case.salvage(in_sessions=True)
        after = sessions(case)
    assert len(after) > len(before)


def test_a_live_record_is_kept_before_its_copy_in_an_image(tmp_path: Path) -> None:
    """Though the image comes first by its name, and though what is recovered takes part in sessions."""
    (tmp_path / "a.img").write_bytes(bytes([7]) * 100 + LOG[4096:])
    (tmp_path / "b.evtx").write_bytes(LOG)
    with Case([tmp_path / "a.img", tmp_path / "b.evtx"], work_parent=tmp_path) as case:
        case.load()
        assert len(case.unreadable) == 1
        assert case.salvage(in_sessions=True) == 0
        assert len(events(case, "-is:recovered")) == 300


def test_an_image_alone(tmp_path: Path) -> None:
    (tmp_path / "a.img").write_bytes(bytes([7]) * 100 + encode_log([logon(5)])[4096:])
    with Case([tmp_path / "a.img"], work_parent=tmp_path) as case:
        case.load()
        assert case.sources == []
        assert case.salvage() == 1
        (event,) = events(case, "user:alice")
        assert (event.recovered, event.machine) == ("chunk", "WS01")
        assert case.unreadable == []


def test_what_cannot_be_rebuilt_is_told_and_the_log_stays_complete(tmp_path: Path) -> None:
    fresh = encode_log([logon(record_id) for record_id in range(500, 503)])
    end = 4096 + int.from_bytes(fresh[4096 + 48 : 4096 + 52], "little")
    (tmp_path / "a.evtx").write_bytes(fresh[:end] + LOG[end : 4096 + 65536])
    with Case([tmp_path / "a.evtx"], work_parent=tmp_path) as case:
        case.load()
        assert case.salvage() == 0
        assert {problem.part for problem in case.problems} == {"record"}
        assert case.problems[-1].record_id == 75
        assert [source.verdict for source in case.sources] == ["complete"]
        assert [mark.kind for mark in case.coverage() if mark.kind.startswith("file")] == ["file"]


def test_signs_of_tampering_are_marks_of_coverage(tmp_path: Path) -> None:
    (tmp_path / "edited.evtx").write_bytes(faults.edited_out(LOG, 100))
    with Case([tmp_path / "edited.evtx"], work_parent=tmp_path) as case:
        case.load()
        (mark,) = [mark for mark in case.coverage() if mark.kind.startswith("sign")]
        assert mark.kind == "sign hidden"
        assert mark.text.startswith("record 100 lies inside the bytes of record 99, at 0x")
        assert mark.machine == "WS01"
