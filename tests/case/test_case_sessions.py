"""From a session to its records and back, and to the XML of each."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.demo.evtx_writer import encode_log
from logonscope.demo.records import moment
from logonscope.errors import SourceError
from logonscope.filters.syntax import parse
from support.logs import at, notes, two_boot_logs, two_boots

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.demo.records import Record
    from logonscope.model import Event, Session

LOGON_ID_FIELDS = ("TargetLogonId", "SubjectLogonId", "LogonId")
SECOND_BOOT = at(12, 30)

logs = two_boot_logs


@pytest.fixture(scope="module")
def case(logs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with Case([logs], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        yield case


@pytest.fixture(scope="module")
def sessions(case: Case) -> list[Session]:
    return case.sessions(rows(case, View("session", scope=Scope.ALL)))


def rows(case: Case, view: View) -> list[int]:
    window = case.window(view)
    return window.page(0, window.count)


def evidence(case: Case, session: Session) -> list[Event]:
    return case.events([entry.row for entry in case.evidence(session.session_id)])


def names(record: Record, session: Session) -> bool:
    """Whether a Security record carries a logon ID of a session, in the boot of that session."""
    boot = 2 if moment(record.time) > SECOND_BOOT else 1
    return boot == session.boot and any(record.fields.get(name) in session.logon_ids for name in LOGON_ID_FIELDS)


def test_the_boots_give_the_same_logon_ids_to_different_sessions(sessions: list[Session]) -> None:
    """Else the tests below would not tell one boot from another."""
    people = [session for session in sessions if session.account_kind == "person"]
    first, second = ({i for s in people if s.boot == boot for i in s.logon_ids} for boot in (1, 2))
    assert first & second
    assert len({session.key for session in sessions}) == len(sessions)


def test_evidence_is_every_record_with_the_logon_id_in_its_boot(case: Case, sessions: list[Session]) -> None:
    security = two_boots().files()["Security.evtx"]
    assert len(sessions) > 5
    for session in sessions:
        found = {event.record_id for event in evidence(case, session) if event.channel == "Security"}
        assert found == {record.record_id for record in security if names(record, session)}, session.key


def test_evidence_comes_in_the_order_of_time(case: Case, sessions: list[Session]) -> None:
    for session in sessions:
        times = [event.time for event in evidence(case, session) if event.time]
        assert times == sorted(times)
        assert session.event_count == len({event.row for event in evidence(case, session)}) > 0


def test_evidence_says_what_each_record_shows(case: Case, sessions: list[Session]) -> None:
    (alice,) = (session for session in sessions if session.account.name == "alice")
    roles = {
        event.event_id: entry.role
        for entry, event in zip(case.evidence(alice.session_id), evidence(case, alice), strict=True)
    }
    assert roles[4624] in ("open", "acted")
    assert (roles[4647], roles[4634]) == ("ask", "close")


def test_the_session_filter_lists_the_evidence(case: Case, sessions: list[Session]) -> None:
    for session in sessions:
        listed = rows(case, View("event", parse(f"session:{session.key}")))
        assert {*listed} == {entry.row for entry in case.evidence(session.session_id)}


def test_from_an_event_back_to_its_sessions(case: Case, sessions: list[Session]) -> None:
    of_row: dict[int, set[int]] = {}
    for session in sessions:
        for entry in case.evidence(session.session_id):
            of_row.setdefault(entry.row, set()).add(session.session_id)
    for row in rows(case, View("event")):
        assert {*case.sessions_of_event(row)} == of_row.get(row, set())


def test_the_session_that_an_event_is_about_comes_before_the_one_that_acted(case: Case) -> None:
    """bob's logons by runas, which alice's session asked for."""
    by_runas = rows(case, View("event", parse("event:4624 user:bob user:alice")))
    assert by_runas
    for row in by_runas:
        first, second = case.sessions(case.sessions_of_event(row))
        assert (first.account.name, second.account.name) == ("bob", "alice")
        assert first.parent == second.session_id


def test_nothing_belongs_to_what_does_not_exist(case: Case) -> None:
    assert case.sessions_of_event(10**9) == []
    assert case.evidence(10**6) == []


def test_boots_in_order(case: Case) -> None:
    boots = case.boots()
    assert [(boot.machine, boot.number, boot.end_evidence) for boot in boots] == [
        ("WS01", 1, "shutdown"),
        ("WS01", 2, "open"),
    ]
    assert boots[0].next_start == boots[1].start


def test_xml_of_every_event(case: Case) -> None:
    for event in case.events(rows(case, View("event"))):
        system = ET.fromstring(case.event_record(event)).find("{*}System")
        assert system is not None
        assert system.findtext("{*}EventRecordID") == str(event.record_id)
        assert system.findtext("{*}EventID") == str(event.event_id)
        assert system.findtext("{*}Channel") == event.channel


def test_xml_of_an_event_whose_file_has_changed(tmp_path: Path) -> None:
    log = tmp_path / "Notes.evtx"
    log.write_bytes(encode_log(notes(20)))
    with Case([log], work_parent=tmp_path / "work") as case:
        case.load()
        event = case.events(rows(case, View("event")))[-1]
        for contents in (b"", b"ElfFile\0", b"x" * 70_000, encode_log(notes(1))):
            log.write_bytes(contents)
            with pytest.raises(SourceError, match=r"Notes\.evtx: record 20 is no longer there") as caught:
                case.event_record(event)
            assert "kept when it was loaded" in caught.value.advice
        log.unlink()
        with pytest.raises(SourceError, match=r"Notes\.evtx: No such file"):
            case.event_record(event)


def test_xml_of_an_event_whose_file_is_still_being_read(case: Case) -> None:
    event = case.events([0])[0]
    with pytest.raises(SourceError, match="still being read"):
        case.event_record(replace(event, source=99))
