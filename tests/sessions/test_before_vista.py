"""Sessions out of old Security logs (LOGON.md 1.5)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.summary import refusals
from logonscope.case.view import View
from logonscope.store.session_rows import fetch_sessions
from support.evt_log import OldRecord, evt_log
from support.old_logs import ALICE, Log, at

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import Boot, Session


@pytest.fixture
def log() -> Log:
    made = Log()
    made.start(0)
    return made


def rebuilt(tmp_path: Path, log: Log) -> tuple[list[Session], list[Boot]]:
    path = tmp_path / "SecEvent.Evt"
    path.write_bytes(evt_log(log.records))
    with Case([path], work_parent=tmp_path) as case:
        case.load()
        assert case.problems == []
        con = case.cursor()
        rows = con.execute("SELECT session_id FROM session WHERE role <> 'visit' ORDER BY start_latest, pos").fetchall()
        return fetch_sessions(con, [row[0] for row in rows]), case.boots()


def test_a_day_at_the_desk(tmp_path: Path, log: Log) -> None:
    log.logon(10, 0x9_B4E8_F6B2)
    log.sign_out(200, 0x9_B4E8_F6B2)
    log.logoff(203, 0x9_B4E8_F6B2, 3)
    ((session,), _) = rebuilt(tmp_path, log)
    assert (session.account.sid, session.account.name, session.account.domain) == (ALICE, "alice", "CORP")
    assert (session.logon_ids, session.logon_type, session.logon_class) == ((0x9_B4E8_F6B2,), 2, "stay")
    assert (session.start, session.end, session.end_evidence) == (at(10), at(200), "4647+4634")


def test_logons_over_the_network(tmp_path: Path, log: Log) -> None:
    log.logon(10, 0xA1, 3, event_id=540, source="10.0.0.9")
    log.logoff(11, 0xA1, 3)
    ((session,), _) = rebuilt(tmp_path, log)
    assert (session.logon_class, session.logon_type, session.source_ip) == ("contact", 3, "10.0.0.9")
    assert (session.start, session.end) == (at(10), at(11))


def test_remote_desktop_left_and_shown_again(tmp_path: Path, log: Log) -> None:
    log.logon(10, 0xA1, 10, source="10.0.0.9")
    for minutes, event_id in ((20, 683), (50, 682)):
        log.add(minutes, event_id, "alice", "CORP", "(0x0,0xA1)", "RDP-Tcp#1", "LAP9", "10.0.0.9")
    log.sign_out(60, 0xA1)
    log.logoff(61, 0xA1, 10)
    ((session,), _) = rebuilt(tmp_path, log)
    assert (session.source_ip, session.presence) == ("10.0.0.9", "disconnect")
    assert session.active == 20 * 60_000_000


def test_an_unlock_is_no_stay(tmp_path: Path, log: Log) -> None:
    log.logon(10, 0xA1)
    log.logon(40, 0xB2, 7)
    log.logoff(40, 0xB2, 7)
    log.sign_out(60, 0xA1)
    sessions, _ = rebuilt(tmp_path, log)
    stays = [session for session in sessions if session.logon_class == "stay"]
    assert [session.logon_ids for session in stays] == [(0xA1,)]


@pytest.mark.parametrize(
    ("rights", "privileged"),
    [("SeChangeNotifyPrivilege", False), ("SeChangeNotifyPrivilege\r\n\t\t\tSeBackupPrivilege", True)],
)
def test_rights_that_everybody_has_say_nothing(tmp_path: Path, log: Log, rights: str, privileged: bool) -> None:
    log.logon(10, 0xA1)
    log.add(10, 576, "alice", "CORP", "(0x0,0xA1)", rights)
    log.sign_out(60, 0xA1)
    ((session,), _) = rebuilt(tmp_path, log)
    assert session.privileged == privileged


def test_the_type_that_a_late_logoff_states_is_not_believed(tmp_path: Path, log: Log) -> None:
    log.logoff(10, 0xA1, 3)
    ((session,), _) = rebuilt(tmp_path, log)
    assert session.logon_type is None


def test_each_start_begins_a_boot(tmp_path: Path, log: Log) -> None:
    log.logon(10, 0xA1)
    log.start(100)
    log.logon(110, 0xA1)
    sessions, boots = rebuilt(tmp_path, log)
    assert [(boot.start, boot.start_evidence) for boot in boots if boot.start] == [(at(0), "4608"), (at(100), "4608")]
    assert [session.boot for session in sessions] == [1, 2]


def test_the_log_was_cleared(tmp_path: Path) -> None:
    log = Log()
    log.add(5, 517, "SYSTEM", "NT AUTHORITY", "(0x0,0x3E7)", "alice", "CORP", "(0x0,0xA1)", sid="S-1-5-18")
    log.start(10)
    path = tmp_path / "SecEvent.Evt"
    path.write_bytes(evt_log(log.records))
    with Case([path], work_parent=tmp_path) as case:
        case.load()
        found = case.cursor().execute("SELECT kind, text FROM coverage WHERE kind = 'cleared'").fetchall()
    assert found == [("cleared", "CORP\\alice")]


def test_numbers_that_no_old_event_has(tmp_path: Path) -> None:
    """As a forged export may hold them."""
    records = [
        {
            "EventTime": "2005-03-07T08:00:00Z",
            "EventRecordID": number,
            "EventID": event_id,
            "Channel": "Security",
            "Computer": "XP1",
            "Provider": "Security",
            "EventData": {"SubjectLogonId": "(0xFFFFFFFF,0xFFFFFFFF)"},
        }
        for number, event_id in enumerate((0, 4096, 2**31 - 1, 576), 1)
    ]
    path = tmp_path / "forged"
    path.write_text("\n".join(map(json.dumps, records)))
    with Case([path], work_parent=tmp_path) as case:
        case.load()
        assert [source.records for source in case.sources] == [4]


def test_refusals_and_types_are_counted(tmp_path: Path, log: Log) -> None:
    log.logon(10, 0xA1)
    log.add(20, 529, "root", "CORP", "3", "NtLmSsp ", "NTLM", "EVIL", kind=16)
    path = tmp_path / "SecEvent.Evt"
    path.write_bytes(evt_log(log.records))
    with Case([path], work_parent=tmp_path) as case:
        case.load()
        counts = case.logon_type_counts(View("event"))
        (refused,) = refusals(case.cursor(), 5)
    assert (counts[2], counts[3]) == ((1, 0), (0, 1))
    assert (refused.account.name, refused.source, refused.attempts) == ("root", "EVIL", 1)


def test_the_system_log_tells_how_a_boot_ended(tmp_path: Path, log: Log) -> None:
    log.logon(10, 0xA1)
    log.start(100)
    (tmp_path / "SecEvent.Evt").write_bytes(evt_log(log.records))
    system = [
        OldRecord(number, at(minutes), event_id, strings, "EventLog", 4, computer="XP1")
        for number, (minutes, event_id, strings) in enumerate(
            [(0, 6009, ("5.01.", "2600")), (0, 6005, ()), (99, 6008, ("9:30:00", "3/7/2005")), (99, 6005, ())], 1
        )
    ]
    (tmp_path / "SysEvent.Evt").write_bytes(evt_log(system))
    with Case([tmp_path], work_parent=tmp_path) as case:
        case.load()
        kinds = [boot.end_evidence for boot in case.boots() if boot.start]
    assert kinds[0] == "crash"
