"""Cards of users, sources and machines: what is counted, what is left out, and what the logs cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from logonscope.case.card import Card, Subject, subject_card
from logonscope.case.case import Case
from logonscope.demo.evtx_writer import write_log
from logonscope.errors import QueryCancelledError, UnknownSubjectError
from logonscope.facts.card import card_facts
from logonscope.facts.heatmap import fits_encoding, heatmap_lines
from logonscope.filters.syntax import parse
from support.small_case import ALICE, BOB, EvtxLog, Fields, how, subject, target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIVILEGES = "SeDebugPrivilege\r\n\t\t\tSeBackupPrivilege"
NAMED: Fields = {"TargetUserName": "alice", "TargetDomainName": "ALDER"}


def logs(folder: Path) -> None:
    """Two machines: alice at home on one, bob over the network on the other; the first tells its time zone."""
    one = EvtxLog("WS1.alder.example", 1)
    one("2026-03-01T07:00:00", 4608)
    one("07:59:00", 4625, **NAMED, SubStatus=0xC000006A, **how(2, WorkstationName="WS1"))
    one("08:00:00", 4624, **target(ALICE, 0xA1), **how(2, WorkstationName="WS1"))
    one("08:00:00", 4672, **subject(ALICE, 0xA1, PrivilegeList=PRIVILEGES))
    one("16:00:00", 4647, **target(ALICE, 0xA1))
    one("16:00:01", 4634, **target(ALICE, 0xA1, LogonType=2))
    one("2026-03-08T23:30:00", 4624, **target(ALICE, 0xA2), **how(10, IpAddress="10.0.0.9", WorkstationName="WS1"))
    one("2026-03-08T23:40:00", 4634, **target(ALICE, 0xA2, LogonType=10))
    one("2026-03-08T23:50:00", 4624, **target(("S-1-5-90-0-1", "DWM-1", "Window Manager"), 0xD1), **how(2))
    other = EvtxLog("FS1.alder.example", 1)
    for minute in range(3):
        other(f"09:0{minute}:00", 4624, **target(BOB, 0xB0 + minute), **how(3, IpAddress="10.0.0.9"))
        other(f"09:0{minute}:30", 4634, **target(BOB, 0xB0 + minute, LogonType=3))
    for second in range(12):
        guess: Fields = {"TargetUserName": "carol", "TargetDomainName": "ALDER", "SubStatus": 0xC000006A}
        other(f"10:00:{second:02}", 4625, **guess, **how(3, IpAddress="10.0.7.7"))
    write_log(folder / "one.evtx", one.records)
    write_log(folder / "other.evtx", other.records)
    zone = EvtxLog("WS1.alder.example", 1)
    zone("07:00:00", 6013, "event-log", Data=("", "", "", "", "60", "60", "-60 W. Europe Standard Time"))
    write_log(folder / "system.evtx", zone.records)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("logs")
    logs(folder)
    with Case([folder], work_parent=tmp_path_factory.mktemp("work")) as loaded:
        loaded.load()
        yield loaded


def table(card: Card, title: str) -> dict[str, tuple[int, int, int]]:
    return {use.what: (use.stays, use.contacts, use.refused) for use in card.tables[title]}


def text(card: Card) -> str:
    return "\n".join(f"{fact.name}: {fact.text} {fact.meaning}" for fact in card_facts(card))


def test_a_user(case: Case) -> None:
    card = subject_card(case, "user", "ALICE")
    assert card.names == ("ALDER\\alice (S-1-5-21-1-2-3-1104)",)
    assert (card.total.stays, card.total.contacts, card.total.refused, card.total.privileged) == (2, 0, 1, 1)
    assert card.on == (8 * 3600 + 10 * 60) * 1_000_000
    assert table(card, "machine") == {"WS1": (2, 0, 1)}
    assert table(card, "source") == {"": (1, 0, 1), "10.0.0.9": (1, 0, 0)}, "a machine is no source of its own logons"
    assert table(card, "logon type") == {"2": (1, 0, 1), "10": (1, 0, 0)}
    assert "user" not in card.tables
    assert card.privileges == ("SeBackupPrivilege", "SeDebugPrivilege")
    assert [(failure.event_id, failure.status, failure.times) for failure in card.failures] == [(4625, 0xC000006A, 1)]
    assert [reach.machine for reach in card.reaches] == ["WS1"]
    assert "the Security logs reach back to 2026-03-01 07:00:00" in text(card)


def test_the_hours_of_a_user(case: Case) -> None:
    card = subject_card(case, "user", "alice")
    assert (card.hours[0][8], card.hours[6][23], sum(map(sum, card.hours))) == (1, 1, 2)
    assert (card.local_hours[0][9], card.local_hours[0][0], sum(map(sum, card.local_hours))) == (1, 1, 2)
    assert card.unzoned == 0


def test_a_source(case: Case) -> None:
    card = subject_card(case, "source", "10.0.0.0/24")
    assert card.names == ("10.0.0.9",)
    assert table(card, "user") == {"ALDER\\alice": (1, 0, 0), "ALDER\\Bob": (0, 3, 0)}
    assert table(card, "machine") == {"WS1": (1, 0, 0), "FS1": (0, 3, 0)}
    assert card.unzoned == 3, "nothing tells the zone of FS1"
    assert "without 3 where the logs do not tell the zone" in text(card)
    assert card.privileges == ()


def test_a_machine(case: Case) -> None:
    card = subject_card(case, "machine", "ws1")
    assert card.names == ("WS1.alder.example",)
    assert (card.total.stays, card.total.system, card.total.refused) == (2, 1, 1)
    assert sum(map(sum, card.hours)) == 2, "hours of people, not of services"
    assert "from the beginning of the logs on" in text(subject_card(case, "machine", "FS1"))


def test_what_a_filter_leaves(case: Case) -> None:
    card = subject_card(case, "user", "alice", parse("since:2026-03-05"))
    assert (card.total.stays, card.total.refused) == (1, 0)
    assert [first.logon_type for first in card.firsts] == [10]


def test_findings_that_concern_it(case: Case) -> None:
    asked: list[tuple[Subject, str]] = [
        ("user", "carol"), ("source", "10.0.7.7"), ("machine", "FS1"), ("user", "alice"), ("machine", "WS1")
    ]  # fmt: skip
    concerned = [["D1" in {f.rule for f in subject_card(case, *subject).findings}] for subject in asked]
    assert concerned == [[True], [True], [True], [False], [False]]


@pytest.mark.parametrize(
    ("kind", "name", "advice"),
    [("user", "alicia", "Did you mean alice?"), ("machine", "WS2", "Did you mean WS1?"), ("source", "10.9.9.9", "")],
)
def test_nothing_of_that_name(kind: Subject, name: str, advice: str, case: Case) -> None:
    with pytest.raises(UnknownSubjectError, match=name) as raised:
        subject_card(case, kind, name)
    assert advice in raised.value.advice


def test_an_interrupted_card(case: Case) -> None:
    class Interrupted:
        def execute(self, *_: object) -> None:
            raise duckdb.InterruptException("interrupted")

    with pytest.raises(QueryCancelledError):
        subject_card(case, "user", "alice", outcome=case.findings(), cursor=Interrupted())  # type: ignore[arg-type]


def test_a_heatmap() -> None:
    counts = [[0] * 24 for _ in range(7)]
    counts[0][9], counts[0][10], counts[6][23] = 1000, 1, 500
    lines = heatmap_lines(counts)
    assert lines[0].index("12") == lines[1].index("·") + 12
    assert lines[1] == "Mon  ·········█▁·············  1,001"
    assert lines[7] == "Sun  ·······················▄  500"
    assert heatmap_lines(counts, blocks=False)[1] == "Mon  .........#-.............  1,001"
    assert all(line.isascii() for line in heatmap_lines(counts, blocks=False))


def test_which_encodings_have_blocks() -> None:
    assert [fits_encoding(name) for name in ("utf-8", "cp437", "ascii", "latin-1", None, "nonsense")] == [
        True, False, False, False, False, False,
    ]  # fmt: skip
