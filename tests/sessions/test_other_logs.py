"""What System, Winlogon and LocalSessionManager add to the Security log, or say where it is silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.store.coverage_rows import fetch_boots, fetch_coverage
from logonscope.store.session_rows import fetch_absences, fetch_evidence, fetch_sessions
from support.events import Record
from support.small_logs import LSM, SID, at, desktop, logon, named, rebuilt, security, sessions, system

if TYPE_CHECKING:
    from pathlib import Path

RDP_CORE = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"
KERNEL_GENERAL, KERNEL_POWER = "Microsoft-Windows-Kernel-General", "Microsoft-Windows-Kernel-Power"
CONNECTION = "{7c1f0f5e-0a3a-4b6e-9d6c-2f1e8a5b4c3d}"
"""A random activity ID (version 4)."""


def test_boots_of_a_machine_without_a_security_log(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        system(1, 0, KERNEL_GENERAL, 12, StartTime="2026-03-02T07:59:58.500000Z"),
        system(2, 0.1, "EventLog", 6005),
        system(3, 60, "EventLog", 6006),
        system(4, 61, KERNEL_GENERAL, 12, StartTime="2026-03-02T09:00:50.000000Z"),
        system(5, 61.1, "EventLog", 6005),
        system(6, 200, KERNEL_GENERAL, 12, StartTime="2026-03-02T11:19:50.000000Z"),
        system(7, 200.1, KERNEL_POWER, 41, BugcheckCode=0),
    ) as con:
        boots = fetch_boots(con, None)
    assert [(boot.number, boot.start_evidence, boot.end_evidence) for boot in boots] == [
        (1, "System", "shutdown"),
        (2, "System", "crash"),
        (3, "System", "open"),
    ]
    assert boots[0].start == datetime(2026, 3, 2, 7, 59, 58, 500000)
    assert boots[0].end == at(60)


def heartbeat(time: datetime) -> str:
    """The binary of 6008: local time, then UTC, as SYSTEMTIME."""
    words = (time.year, time.month, 1, time.day, time.hour, time.minute, time.second, 0)
    return (bytes(16) + b"".join(word.to_bytes(2, "little") for word in words)).hex().upper()


@pytest.mark.parametrize(
    ("binary", "earliest"),
    [(heartbeat(at(150)), at(149)), (heartbeat(at(5)), at(30)), ("", at(30)), ("zz", at(30))],
    ids=["heartbeat", "older than the last record", "none", "not hexadecimal"],
)
def test_a_heartbeat_narrows_a_crash(binary: str, earliest: datetime, tmp_path: Path) -> None:
    """A minute is left: what was recorded in the last one may not have reached the disk."""
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        security(3, 30, 4776, TargetUserName="x"),
        security(4, 180, 4608),
        system(1, 180.2, "EventLog", 6008, Data={"#text": ["a", "b"]}, Binary=binary),
    ) as con:
        (session,) = sessions(con)
    assert (session.end_evidence, session.grade) == ("crash", "D")
    assert (session.end_earliest, session.end_latest) == (earliest, at(180))
    assert session.duration_most == 175 * 60_000_000


@pytest.mark.parametrize(
    ("uptime", "is_unknown"),
    [
        ("18000", True),
        ("10800", False),
        ("60", False),
        ("-1", False),
        ("9" * 14, False),
        ("9" * 5000, False),
        ("x", False),
    ],
    ids=["longer than by the clock", "by the clock", "shorter", "negative", "no time", "no number", "no digits"],
)
def test_a_machine_that_ran_for_longer_than_its_clock_says_was_set_back(
    uptime: str, is_unknown: bool, tmp_path: Path
) -> None:
    """Nothing else tells of a step that was recorded just before a crash."""
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        security(3, 180, 4608),
        system(1, 180.2, "EventLog", 6008, Data={"#text": ["a", "b", "", "", uptime, "", ""]}),
    ) as con:
        (session,) = sessions(con)
    assert ("clock-unknown" in session.flags) is is_unknown


def test_a_session_of_winlogon_alone(tmp_path: Path) -> None:
    winlogon = "Microsoft-Windows-Winlogon"
    with rebuilt(
        tmp_path,
        system(1, 0, "EventLog", 6005),
        system(2, 10, winlogon, 7001, TSId=1, UserSid=SID),
        system(3, 70, winlogon, 7002, TSId=1, UserSid=SID),
    ) as con:
        (session,) = sessions(con)
    assert (session.key, session.start_evidence, session.end_evidence) == ("WS1/Winlogon1@2", "7001", "7002")
    assert (session.start, session.end, session.grade, session.logon_type) == (at(10), at(70), "B", None)
    assert "clock-unknown" in session.flags


def test_winlogon_ends_a_session_that_the_security_log_leaves_open(tmp_path: Path) -> None:
    winlogon = "Microsoft-Windows-Winlogon"
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        security(3, 120, 4776, TargetUserName="x"),
        system(1, 5.1, winlogon, 7001, TSId=1, UserSid=SID),
        system(2, 60, winlogon, 7002, TSId=1, UserSid=SID),
    ) as con:
        (session,) = sessions(con)
    assert (session.key, session.end, session.end_evidence, session.grade) == ("WS1/0xa1@2", at(60), "7002", "B")


def test_a_start_that_only_another_log_still_holds(tmp_path: Path) -> None:
    """The Security log begins in the middle of a stay."""
    with rebuilt(
        tmp_path,
        desktop(1, 5, 21, Address="10.0.0.5"),
        security(900, 60, 4776, TargetUserName="x"),
        security(901, 90, 4647, **named(0xA1)),
        desktop(2, 90.1, 23),
    ) as con:
        (session,) = sessions(con)
        evidence = fetch_evidence(con, session.session_id)
    assert (session.key, session.start, session.start_evidence) == ("WS1/0xa1@901", at(5), "LSM21")
    assert (session.end, session.end_evidence, session.grade) == (at(90), "4647", "B")
    assert (session.logon_type, session.source_ip, session.source_evidence) == (10, "10.0.0.5", "LSM21")
    assert [entry.role for entry in evidence] == ["open", "ask", "close"]


def test_a_desktop_number_that_is_given_on_bounds_the_session(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        desktop(1, 0, 32),
        desktop(2, 5, 21, Address="10.0.0.5"),
        desktop(3, 20, 24, Address="10.0.0.5"),
        desktop(4, 50, 21, User="WS1\\bob", Address="10.0.0.6"),
    ) as con:
        gone, on = sessions(con)
    assert (gone.end_evidence, gone.grade, gone.end_earliest, gone.end_latest) == ("LSM21", "D", at(20), at(50))
    assert on.end_evidence == "open"


def test_a_restart_of_the_log_bounds_the_session(tmp_path: Path) -> None:
    with rebuilt(tmp_path, desktop(1, 5, 21, Address="LOCAL"), desktop(2, 50, 32), desktop(3, 60, 34)) as con:
        (session,) = sessions(con)
    assert (session.end_evidence, session.end_earliest, session.end_latest) == ("reboot", at(5), at(50))


def test_the_client_of_a_connection_is_found_by_its_activity(tmp_path: Path) -> None:
    def connected(event_id: int, record: int, **fields: Any) -> Record:
        channel = f"{RDP_CORE}/Operational"
        return Record(event_id, record, at(4.9), fields, channel=channel, provider=RDP_CORE, activity=CONNECTION)

    arrived = desktop(1, 5.1, 22)
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5, LogonType=10, IpAddress="0.0.0.0"),
        connected(131, 1, ConnType="TCP", ClientIP="10.0.0.9:50122"),
        Record(21, 2, at(5.05), arrived.fields, channel=arrived.channel, provider=LSM, activity=CONNECTION),
    ) as con:
        (session,) = sessions(con)
        roles = {entry.role for entry in fetch_evidence(con, session.session_id)}
    assert (session.source_ip, session.source_evidence) == ("10.0.0.9", "131")
    assert "connection" in roles


def test_sleep_is_taken_off_the_time_at_the_desk(tmp_path: Path) -> None:
    """Twice: once by Power-Troubleshooter, once by Kernel-Power alone, in modern standby."""
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 0),
        security(3, 10, 4800, SessionId=1, **named(0xA1)),
        security(4, 40, 4801, SessionId=1, **named(0xA1)),
        security(5, 240, 4647, **named(0xA1)),
        system(1, 20, KERNEL_POWER, 42, TargetState=4, EffectiveState=4),
        system(
            2, 60, "Microsoft-Windows-Power-Troubleshooter", 1, SleepTime="2026-03-02T08:20:01.000000Z",
            WakeTime="2026-03-02T09:00:00.000000Z", TargetState=4, EffectiveState=4,
        ),
        system(3, 100, KERNEL_POWER, 506),
        system(4, 110, KERNEL_POWER, 507),
    ) as con:  # fmt: skip
        (session,) = sessions(con)
        absences = fetch_absences(con, session.session_id)
    assert session.duration == 240 * 60_000_000
    assert session.active == (240 - 50 - 10) * 60_000_000, "locked from 10, asleep until 60; standby 100 to 110"
    assert [(a.kind, a.since, a.until) for a in absences] == [
        ("locked", at(10), at(40)),
        ("asleep", at(20) + timedelta(seconds=1), at(60)),
        ("asleep", at(100), at(110)),
    ]


def test_missing_records_make_a_range_of_an_end(tmp_path: Path) -> None:
    """Between the last sign of the session and its recorded end, another end may have been."""
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        security(3, 10, 4776, TargetUserName="x"),
        security(9, 90, 4776, TargetUserName="y"),
        security(10, 95, 4634, LogonType=2, **named(0xA1)),
        *(security(record, 100 + record, 4776, TargetUserName="z") for record in range(11, 30)),
    ) as con:
        (session,) = sessions(con)
        missing = [mark for mark in fetch_coverage(con, None) if mark.kind == "missing"]
    assert (session.end_earliest, session.end_latest, session.grade) == (at(5), at(95), "D")
    assert {"gap", "end-in-gap"} <= set(session.flags)
    assert [(mark.since, mark.until, mark.amount) for mark in missing] == [(at(10), at(90), 5)]


def test_an_open_session_may_have_ended_in_a_gap(tmp_path: Path) -> None:
    with rebuilt(
        tmp_path,
        security(1, 0, 4608),
        logon(2, 5),
        *(security(record, 20 + record, 4776, TargetUserName="z") for record in range(5, 30)),
    ) as con:
        (session,) = sessions(con)
    assert (session.end_evidence, session.grade) == ("gap", "D")
    assert (session.end_earliest, session.end_latest) == (at(5), None)


def test_visits_gather_contacts_of_one_source(tmp_path: Path) -> None:
    def contact(record: int, minutes: float, logon_id: int, ip: str = "10.0.0.7") -> tuple[Record, Record]:
        network = {"LogonType": 3, "LogonProcessName": "Kerberos", "IpAddress": ip}
        closing = security(record + 1, minutes + 1, 4634, LogonType=3, **named(logon_id))
        return logon(record, minutes, logon_id, **network), closing

    first, second, third = contact(2, 10, 0xB1), contact(4, 20, 0xB2), contact(6, 22, 0xB3, "10.0.0.8")
    late = contact(8, 60, 0xB4)
    with rebuilt(tmp_path, security(1, 0, 4608), *first, *second, *third, *late) as con:
        visits = con.execute("SELECT session_id FROM session WHERE role = 'visit'").fetchall()
        (visit,) = fetch_sessions(con, [row[0] for row in visits])
        parents = con.execute("SELECT key FROM session WHERE parent = ? ORDER BY pos", [visit.session_id]).fetchall()
    assert (visit.start, visit.end, visit.attached, visit.source_ip) == (at(10), at(21), 2, "10.0.0.7")
    assert [key for (key,) in parents] == ["WS1/0xb1@2", "WS1/0xb2@4"]
