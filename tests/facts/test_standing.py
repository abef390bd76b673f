"""What a case knows of an event: how often, its session, what stands beside it, and whether it could."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.standing import standing_of
from logonscope.case.type_standing import standing_of_type
from logonscope.case.view import View
from logonscope.demo.evtx_writer import write_log
from logonscope.facts.audited import audited_facts, explain_mark
from logonscope.facts.standing import standing_facts, type_standing_facts
from logonscope.filters.syntax import parse
from logonscope.knowledge.catalogue import catalogue
from logonscope.knowledge.neighbours import neighbours, neighbours_of
from support.evt_log import evt_log
from support.old_logs import Log as OldLog
from support.rule_logs import Log
from support.small_case import ALICE, EvtxLog, how, subject, target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from logonscope.knowledge.neighbours import Neighbour
    from logonscope.model import Event, Fact

DAYS = 86_400


def opened(folder: Path, log: EvtxLog) -> Case:
    write_log(folder / "Security.evtx", log.records)
    return loaded(folder)


def loaded(folder: Path) -> Case:
    case = Case([folder], work_parent=folder)
    case.load()
    return case


def add(log: Log, at: float, event_id: int, number: int, logon_type: int) -> None:
    """An event of one user and one session, which no other pair of events has."""
    user, logon_id = f"user{number}", 0xA000 + number
    named = {"TargetUserName": user, "TargetDomainName": "ALDER"}
    if event_id in (4778, 4779):
        log.add(at, event_id, AccountName=user, AccountDomain="ALDER", LogonID=hex(logon_id), SessionName="RDP-Tcp#1")
    elif event_id == 4672:
        log.asked(at, event_id, user, logon_id, PrivilegeList="SeDebugPrivilege")
    elif event_id == 4648:
        log.asked(at, event_id, "bob", 0xB1, **named, TargetServerName="localhost")
    elif event_id == 4624:
        log.logon(at, user, logon_type, logon_id)
    else:
        log.add(at, event_id, **named, TargetLogonId=hex(logon_id), LogonType=logon_type)


def seconds_away(entry: Neighbour) -> tuple[int, int]:
    """Within the time that a neighbour is looked for in, and outside of it."""
    near = entry.after // 2 or -(entry.before // 2)
    return near, near + (entry.before + entry.after + 60) * (1 if near >= 0 else -1)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """For each entry two pairs of events, some days apart from all others: near each other, and far apart."""
    log = Log()
    for number, entry in enumerate(neighbours()):
        for place, away in enumerate(seconds_away(entry)):
            pair = 2 * number + place
            for at, event_id in sorted([(0, entry.of[0]), (away, entry.look[0])]):
                add(log, at + pair * 5 * DAYS, event_id, pair, entry.types[0] if entry.types else 3)
    folder = tmp_path_factory.mktemp("pairs")
    (folder / "Security.jsonl").write_text("\n".join(record.text() for record in log.records))
    with loaded(folder) as case:
        yield case


def of(case: Case, event_id: int, record: int = 0) -> Event:
    window = case.window(View("event", parse(f"event:{event_id}" + (f" record:{record}" if record else ""))))
    return case.events(window.page(0, 1))[0]


def told(facts: Iterable[Fact]) -> list[str]:
    return [f"{fact.name}: {fact.text}" for fact in facts]


def signs(case: Case, event: Event, entry: Neighbour) -> list[str]:
    """The sign before what is looked for: ``+`` found, ``-`` missing, ``?`` none at all in these logs."""
    facts = standing_facts(standing_of(case, event))
    wanted = {f"- {' or '.join(map(str, entry.look))}", f"? {' or '.join(map(str, entry.look))}"}
    wanted |= {f"+ {number}" for number in entry.look}
    return [fact.name[0] for fact in facts if fact.name in wanted]


@pytest.mark.parametrize(
    ("number", "entry"), enumerate(neighbours()), ids=[f"{entry.of[0]}-{entry.look[0]}" for entry in neighbours()]
)
def test_a_neighbour_is_found_within_its_time_only(number: int, entry: Neighbour, pairs: Case) -> None:
    signs_of = ("+", "-" if entry.missing else "")
    for place, (away, expected) in enumerate(zip(seconds_away(entry), signs_of, strict=True)):
        record = 2 * (2 * number + place) + (1 if away >= 0 else 2)
        assert "".join(signs(pairs, of(pairs, entry.of[0], record), entry)) == expected


def test_every_neighbour_names_events_of_the_catalogue() -> None:
    known = {kind.id for kind in catalogue().event}
    assert {number for entry in neighbours() for number in (*entry.of, *entry.look)} <= known
    assert len(neighbours_of(4624, 10)) > len(neighbours_of(4624, 5)) > 0


@pytest.fixture
def office(tmp_path: Path) -> Case:
    log = EvtxLog("WS1.alder.example", 1)
    log("2026-03-02T07:00:00", 4608)
    for minute in range(4):
        log(f"07:0{minute}:30", 4625, TargetUserName="alice", TargetDomainName="ALDER", SubStatus=0xC000006A,
            **how(3, IpAddress=f"10.0.0.{minute}"))  # fmt: skip
    log("08:00:00", 4624, **target(ALICE, 0xA1, ElevatedToken="%%1842", **how(10, IpAddress="10.0.0.9")))
    log("08:00:00", 4672, **subject(ALICE, 0xA1, PrivilegeList="SeDebugPrivilege"))
    log("09:00:00", 4634, **target(ALICE, 0xA1, LogonType=10))
    return opened(tmp_path, log)


def test_what_the_case_knows_of_a_refusal(office: Case) -> None:
    with office as case:
        lines = told(standing_facts(standing_of(case, of(case, 4625))))
    count = "4 times, 2026-03-02 07:00:30 to 2026-03-02 07:03:30; of ALDER\\alice (4)"
    assert f"Security 4625: {count}; from 10.0.0.0 (1), 10.0.0.1 (1), 10.0.0.2 (1) and 1 more; on WS1 (4)" in lines
    assert (
        f"With status wrong password: {count}; from 10.0.0.0 (1), 10.0.0.1 (1), 10.0.0.2 (1) and 1 more; on WS1 (4)"
        in lines
    )
    assert any(line.startswith("From 10.0.0.0: 1 time,") for line in lines)
    assert any(
        line.startswith("+ 4624: alice logged on over Remote Desktop from 10.0.0.9, 59m 30s later") for line in lines
    )
    assert "? 4740: the logs of any loaded machine hold none at all, so its lack says nothing" in lines


def test_what_the_case_knows_of_a_logon(office: Case) -> None:
    with office as case:
        lines = told(standing_facts(standing_of(case, of(case, 4624))))
        rights = told(standing_facts(standing_of(case, of(case, 4672))))
    assert "Elevated token: yes" in lines
    assert "SeDebugPrivilege: given 1 time, to 1 account" in rights
    assert any(line.startswith("Its session WS1/0xa1@6: ") for line in lines)
    assert any(line.startswith("+ 4672: ") and "at the same time (record 7)" in line for line in lines)
    assert any(line.startswith("+ 4625: ") and "(record 5, 4 in all)" in line for line in lines)


def test_a_logon_id_of_another_boot_is_no_neighbour(tmp_path: Path) -> None:
    log = EvtxLog("WS1.alder.example", 1)
    log("2026-03-02T07:00:00", 4647, **target(ALICE, 0xA1))
    log("07:30:00", 4608)
    log("08:00:00", 4634, **target(ALICE, 0xA1, LogonType=2))
    with opened(tmp_path, log) as case:
        lines = told(standing_facts(standing_of(case, of(case, 4634))))
    assert any(line.startswith("- 4647: ") for line in lines)


def test_events_of_before_vista_have_neighbours_too(tmp_path: Path) -> None:
    log = OldLog()
    log.logon(0, 0xA1)
    log.add(0, 576, "alice", "CORP", "(0x0,0xA1)", "SeDebugPrivilege")
    (tmp_path / "SecEvent.Evt").write_bytes(evt_log(log.records))
    with loaded(tmp_path) as case:
        lines = told(standing_facts(standing_of(case, of(case, 528))))
    assert any(line.startswith("+ 576: ") for line in lines)


def test_what_the_case_knows_of_a_logon_type(office: Case) -> None:
    with office as case:
        lines = told(type_standing_facts(standing_of_type(case, 10)))
        none = told(type_standing_facts(standing_of_type(case, 9)))
    once = "1 time, 2026-03-02 08:00:00 to 2026-03-02 08:00:00"
    assert lines[1:] == [
        f"Logons: {once}; of ALDER\\alice (1); from 10.0.0.9 (1); on WS1 (1)",
        "Refused: none",
        "With administrator rights: 1 of 1 session",
        "How they ended: 1 ended (4634)",
    ]
    assert none[1:] == ["Logons: none", "Refused: none"]


def test_what_a_machine_seems_to_audit_and_how_to_turn_on_the_rest(office: Case) -> None:
    with office as case:
        marks = case.coverage()
    text = " ".join(told(audited_facts("WS1", marks)))
    assert "Logon, Logoff" in text
    assert "Never seen: " in text
    assert audited_facts("WS2", marks) == ()
    mark = next(mark for mark in marks if mark.kind == "never seen" and mark.text == "Other Logon/Logoff")
    explained = " ".join(told(explain_mark(mark, marks)))
    assert "auditpol /set /subcategory" in explained
    assert "gpupdate" in explained
