"""The bundled incident is the same every time, and what it is said to hold is in its files."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from demo_logs import rust_events

from logonscope.demo.incident import Incident, build_incident

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def incident(tmp_path_factory: pytest.TempPathFactory) -> Incident:
    return build_incident(tmp_path_factory.mktemp("incident"))


@pytest.fixture(scope="module")
def logs(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """Events by ``machine/file``, read back."""
    read = {}
    for path in sorted(incident.folder.glob("*/*.evtx")):
        events, complaints = rust_events(path.read_bytes())
        assert complaints == []
        read[f"{path.parent.name}/{path.name}"] = events
    return read


def of(events: list[dict[str, Any]], event_id: int, **fields: object) -> list[dict[str, Any]]:
    """The events of an ID whose fields have these values."""
    return [
        event
        for event in events
        if event["System"]["EventID"] == event_id
        and all((event["EventData"] or {}).get(name) == value for name, value in fields.items())
    ]


def time(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["System"]["TimeCreated"]["#attributes"]["SystemTime"])


def test_same_bytes_every_time(incident: Incident, tmp_path: Path) -> None:
    build_incident(tmp_path)
    for path in incident.folder.glob("*/*"):
        assert (tmp_path / path.relative_to(incident.folder)).read_bytes() == path.read_bytes()


def test_files(incident: Incident, logs: dict[str, list[dict[str, Any]]]) -> None:
    assert incident.machines == ("WS01", "TS01", "DC01")
    names = Counter(name.partition("/")[2] for name in logs)
    assert names == {
        "Security.evtx": 3,
        "System.evtx": 3,
        "Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx": 3,
        "Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx": 3,
        "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS%4Operational.evtx": 3,
        incident.facts.archive: 1,
    }
    assert 15_000 < sum(map(len, logs.values())) < 30_000


def test_guessed_passwords(incident: Incident, logs: dict[str, list[dict[str, Any]]]) -> None:
    facts = incident.facts
    failures = of(logs[f"TS01/{facts.archive}"], 4625, IpAddress=facts.attacker_ip)
    assert len(failures) == facts.guesses
    assert {event["EventData"]["LogonType"] for event in failures} == {3}
    assert {event["EventData"]["SubStatus"] for event in failures} == {"0xc000006a", "0xc0000064"}
    assert timedelta() <= time(failures[0]) - facts.guessing_began < timedelta(seconds=1)
    assert timedelta(minutes=38) < time(failures[-1]) - time(failures[0]) < timedelta(minutes=42)


def test_break_in(incident: Incident, logs: dict[str, list[dict[str, Any]]]) -> None:
    facts = incident.facts
    archive = logs[f"TS01/{facts.archive}"]
    entry = of(archive, 4624, LogonType=10, IpAddress=facts.attacker_ip)
    assert {int(event["EventData"]["TargetLogonId"], 16) for event in entry} == set(facts.entry_logon_ids)
    assert {event["EventData"]["TargetUserName"] for event in entry} == {facts.broken_account}
    assert time(entry[0]) == facts.entry_at
    assert len(of(archive, 4624, LogonType=3, IpAddress=facts.attacker_ip)) == 2
    services = [event["EventData"]["TargetInfo"] for event in of(archive, 4648, SubjectUserName=facts.broken_account)]
    assert [service.partition("/")[0] for service in services] == ["cifs", "TERMSRV"]
    (netonly,) = of(archive, 4624, LogonType=9)
    assert int(netonly["EventData"]["TargetLogonId"], 16) == facts.netonly_logon_id
    assert netonly["EventData"]["TargetOutboundUserName"] == facts.borrowed_account


def test_second_machine(incident: Incident, logs: dict[str, list[dict[str, Any]]]) -> None:
    facts = incident.facts
    came = of(logs["DC01/Security.evtx"], 4624, IpAddress=facts.internal_ip, TargetUserName=facts.borrowed_account)
    ids = defaultdict(set)
    for event in came:
        ids[event["EventData"]["LogonType"]].add(int(event["EventData"]["TargetLogonId"], 16))
    assert ids[10] == set(facts.second_logon_ids)
    assert facts.share_logon_id in ids[3]


def test_cleared_log(incident: Incident, logs: dict[str, list[dict[str, Any]]]) -> None:
    facts = incident.facts
    cleared = logs["TS01/Security.evtx"][0]
    assert cleared["System"]["EventID"] == 1102
    assert time(cleared) == facts.cleared_at
    subject = cleared["UserData"]["LogFileCleared"]
    assert int(subject["SubjectLogonId"], 16) in facts.entry_logon_ids
    archive = logs[f"TS01/{facts.archive}"]
    assert time(archive[-1]) < facts.archived_at < facts.cleared_at
    assert cleared["System"]["EventRecordID"] > archive[-1]["System"]["EventRecordID"] + 1


def test_crash(incident: Incident, logs: dict[str, list[dict[str, Any]]]) -> None:
    lost = [session for session in incident.sessions if session.end_kind == "crash"]
    assert [(session.account.name, session.end) for session in lost] == [
        (incident.facts.crash_user, incident.facts.crash_at)
    ]
    assert len(of(logs["WS01/System.evtx"], 41)) == 1
    assert len(of(logs["WS01/Security.evtx"], 1101)) == 1


def test_interruptions(incident: Incident, logs: dict[str, list[dict[str, Any]]]) -> None:
    facts = incident.facts
    archive = logs[f"TS01/{facts.archive}"]
    for day in facts.interruption_days:
        for hour in facts.interruption_hours:
            begin = day + timedelta(hours=hour)
            dropped, back = (
                {
                    event["EventData"]["AccountName"]
                    for event in of(archive, event_id)
                    if begin <= time(event) < begin + timedelta(minutes=5)
                }
                for event_id in (4779, 4778)
            )
            assert dropped == back == set(facts.interrupted_users)


def test_ordinary_ends(incident: Incident) -> None:
    kinds = Counter(
        session.end_kind for session in incident.sessions if session.machine == "WS01" and session.role == "session"
    )
    assert kinds == {"sign-out": 7, "crash": 1, "shutdown": 1}
    assert any(session.role == "uac-prompt" for session in incident.sessions)
    assert not any(session.evidence_lost for session in incident.sessions if session.logon_type in (2, 9, 10, 11))
