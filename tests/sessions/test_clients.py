"""Where a Remote Desktop session came from: the best record that tells, and all that belong to its connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.model import Account
from logonscope.store.session_rows import fetch_evidence
from support.events import Record
from support.small_logs import LSM, SID, at, desktop, logon, named, rebuilt, security, sessions

if TYPE_CHECKING:
    from pathlib import Path

    from logonscope.model import Session

RDP_CORE = "Microsoft-Windows-RemoteDesktopServices-RdpCoreTS"
CONNECTION_MANAGER = "Microsoft-Windows-TerminalServices-RemoteConnectionManager"
FIRST = "{7c1f0f5e-0a3a-4b6e-9d6c-2f1e8a5b4c3d}"
SECOND = "{1b7a9f0c-55d1-4c0e-8a3b-9e2f6d7c8b4a}"
"""Random activity IDs (version 4), one per connection."""

START = security(1, 0, 4608)
NO_ADDRESS = "-"


def rdp(address: str = "10.0.0.1", **fields: Any) -> Record:
    return logon(10, 5, LogonType=10, IpAddress=address, WorkstationName="WS1", **fields)


def nla(address: str = "10.0.0.4", station: str = "", record: int = 5, minutes: float = 4.95) -> Record:
    fields = {"LogonType": 3, "LogonProcessName": "NtLmSsp", "IpAddress": address, "WorkstationName": station}
    return logon(record, minutes, 0xB0 + record, **fields)


def reconnected(address: str, station: str = "Unknown", record: int = 20, minutes: float = 40) -> Record:
    fields = {"AccountName": "alice", "LogonID": "0xa1", "ClientAddress": address, "ClientName": station}
    return security(record, minutes, 4778, **fields)


def opened(address: str, record: int = 1, minutes: float = 5.05, event_id: int = 21, activity: str = FIRST) -> Record:
    fields = {"User": "WS1\\alice", "SessionID": 2, "Address": address}
    return Record(
        event_id, record, at(minutes), fields, channel=f"{LSM}/Operational", provider=LSM, activity=activity,
    )  # fmt: skip


def accepted(address: str, record: int = 1, minutes: float = 4.9, activity: str = FIRST) -> Record:
    fields = {"ConnType": "TCP", "ClientIP": f"{address}:50122"}
    channel = f"{RDP_CORE}/Operational"
    return Record(131, record, at(minutes), fields, channel=channel, provider=RDP_CORE, activity=activity)


def reached(address: str, activity: str = FIRST) -> Record:
    fields = {"Param1": "alice", "Param2": "ALDER", "Param3": address}
    channel = f"{CONNECTION_MANAGER}/Operational"
    return Record(
        1149, 1, at(4.92), fields, channel=channel, provider=CONNECTION_MANAGER, activity=activity, user_data="EventXML"
    )


def rebuilt_one(folder: Path, *records: Record) -> Session:
    with rebuilt(folder, START, *records) as con:
        (session,) = (found for found in sessions(con) if found.logon_class == "stay")
    return session


@pytest.mark.parametrize(
    ("records", "address", "evidence"),
    [
        ([nla(), rdp(), reconnected("10.0.0.2"), opened("10.0.0.3"), accepted("10.0.0.5")], "10.0.0.1", "4624"),
        ([rdp(NO_ADDRESS), opened("10.0.0.3"), accepted("10.0.0.5")], "10.0.0.3", "LSM21"),
        ([nla(), rdp(NO_ADDRESS), opened("LOCAL"), accepted("10.0.0.5")], "10.0.0.4", "nla"),
        ([rdp(NO_ADDRESS), opened("LOCAL"), accepted("10.0.0.5"), reached("10.0.0.6")], "10.0.0.5", "131"),
        ([rdp(NO_ADDRESS), opened("LOCAL"), reached("10.0.0.6")], "10.0.0.6", "1149"),
        ([rdp(NO_ADDRESS), reconnected("10.0.0.2")], "10.0.0.2", "4778"),
        ([rdp(NO_ADDRESS), opened("LOCAL"), opened("10.0.0.3", 2, 30, 25)], "10.0.0.3", "LSM25"),
        ([rdp("0.0.0.0"), opened("10.0.0.3")], "10.0.0.3", "LSM21"),
        ([rdp("127.0.0.1"), opened("10.0.0.3")], "127.0.0.1", "4624"),
        ([rdp(NO_ADDRESS), opened("LOCAL")], "", ""),
    ],
    ids=["logon", "LSM21", "nla", "131", "1149", "4778", "LSM25", "zero address", "tunnel", "none"],
)
def test_the_best_record_tells_the_address(records: list[Record], address: str, evidence: str, tmp_path: Path) -> None:
    session = rebuilt_one(tmp_path, *records)
    assert (session.source_ip, session.source_evidence) == (address, evidence)


def test_the_connection_of_another_activity_is_not_taken(tmp_path: Path) -> None:
    session = rebuilt_one(tmp_path, rdp(NO_ADDRESS), opened("LOCAL"), accepted("10.0.0.5", activity=SECOND))
    assert (session.source_ip, session.source_evidence) == ("", "")


def test_a_record_without_an_activity_ties_nothing(tmp_path: Path) -> None:
    bare = desktop(1, 5.05, 21, number=2, Address="LOCAL")
    with_none = accepted("10.0.0.5")
    untied = Record(131, 1, at(4.9), with_none.fields, channel=with_none.channel, provider=RDP_CORE)
    session = rebuilt_one(tmp_path, rdp(NO_ADDRESS), bare, untied)
    assert session.source_ip == ""


def test_the_address_of_the_start_comes_before_that_of_a_reconnection(tmp_path: Path) -> None:
    records = [opened("LOCAL"), opened("10.0.0.8", 2, 40, 25, SECOND), accepted("10.0.0.5")]
    later = accepted("10.0.0.8", 2, 39.9, SECOND)
    session = rebuilt_one(tmp_path, rdp(NO_ADDRESS), *records, later)
    assert (session.source_ip, session.source_evidence) == ("10.0.0.5", "131")


def test_records_of_every_connection_are_evidence(tmp_path: Path) -> None:
    records = [opened("10.0.0.5"), opened("10.0.0.8", 2, 40, 25, SECOND), accepted("10.0.0.5"), reached("10.0.0.5")]
    with rebuilt(tmp_path, START, rdp(), *records, accepted("10.0.0.8", 2, 39.9, SECOND)) as con:
        (session,) = sessions(con)
        found = fetch_evidence(con, session.session_id)
        ids = con.execute("SELECT event_id FROM event WHERE row IN (SELECT unnest(?))", [[e.row for e in found]])
        connections = [entry for entry in found if entry.role == "connection"]
        assert sorted(event_id for (event_id,) in ids.fetchall()) == [21, 25, 131, 131, 1149, 4624]
    assert len(connections) == 3


def test_a_connection_that_nobody_logged_on_with_belongs_to_nobody(tmp_path: Path) -> None:
    with rebuilt(tmp_path, START, rdp(), accepted("203.0.113.7", activity=SECOND)) as con:
        (session,) = sessions(con)
        roles = {entry.role for entry in fetch_evidence(con, session.session_id)}
    assert roles == {"open"}


@pytest.mark.parametrize(
    ("records", "station"),
    [
        ([nla(station="LAP9"), rdp(NO_ADDRESS)], "LAP9"),
        ([rdp(), reconnected("10.0.0.2", "LAP7")], "LAP7"),
        ([nla(station="LAP9"), rdp(NO_ADDRESS), reconnected("10.0.0.2", "LAP7")], "LAP9"),
        ([rdp(), reconnected("10.0.0.2")], ""),
        ([rdp()], ""),
    ],
    ids=["nla", "reconnection", "nla comes first", "unknown", "only the machine's own name"],
)
def test_the_name_of_the_client(records: list[Record], station: str, tmp_path: Path) -> None:
    """A 4624 of type 10 names the machine itself."""
    assert rebuilt_one(tmp_path, *records).workstation == station


@pytest.mark.parametrize(
    ("first", "attached"),
    [
        (nla("10.0.0.1"), 1),
        (nla(""), 1),
        (nla("10.0.0.99"), 0),
        (nla("10.0.0.1", minutes=4.8), 0),
        (logon(5, 4.95, 0xB5, LogonType=3, IpAddress="10.0.0.1", TargetUserName="bob", TargetUserSid=SID + "9"), 0),
    ],
    ids=["same address", "no address", "another address", "eleven seconds before", "another account"],
)
def test_network_level_authentication_is_part_of_the_arrival(first: Record, attached: int, tmp_path: Path) -> None:
    assert rebuilt_one(tmp_path, first, rdp()).attached == attached


def test_a_session_that_began_before_the_log_has_no_address_of_a_later_contact(tmp_path: Path) -> None:
    with rebuilt(tmp_path, security(900, 0, 4776, TargetUserName="x"), security(901, 60, 4647, **named(0xA1))) as con:
        (session,) = sessions(con)
    assert (session.source_ip, session.source_evidence, session.account) == ("", "", Account(SID, "alice", ""))


@pytest.mark.parametrize(
    ("again", "attached"),
    [
        (nla("10.0.0.2", record=15, minutes=39.95), 1),
        (nla("", record=15, minutes=39.95), 1),
        (nla("10.0.0.99", record=15, minutes=39.95), 0),
        (nla("10.0.0.2", record=15, minutes=39.8), 0),
        (nla("10.0.0.2", record=15, minutes=40.05), 0),
    ],
    ids=["same address", "no address", "another address", "twelve seconds before", "after it"],
)
def test_a_reconnection_whose_logon_is_gone_has_its_first_step(again: Record, attached: int, tmp_path: Path) -> None:
    """LocalSessionManager tells of it."""
    returned = opened("10.0.0.2", 2, 40, event_id=25, activity=SECOND)
    assert rebuilt_one(tmp_path, rdp(), opened("10.0.0.1"), again, returned).attached == attached


def test_a_reconnection_has_one_first_step_of_each_logon(tmp_path: Path) -> None:
    unlock = logon(16, 39.98, 0xC0, LogonType=7, IpAddress="10.0.0.2")
    returned = opened("10.0.0.2", 2, 40, event_id=25, activity=SECOND)
    session = rebuilt_one(
        tmp_path, rdp(), opened("10.0.0.1"), nla("10.0.0.2", record=15, minutes=39.95), unlock, returned
    )
    assert session.attached == 2


@pytest.mark.parametrize(("minute", "attached"), [(39, 0), (20, 1)], ids=["over it", "long before it"])
def test_a_reconnection_without_logon_where_the_clock_was_set_back(minute: int, attached: int, tmp_path: Path) -> None:
    """By ten minutes: the time of the other log's record occurred twice, or it did not."""
    times = {"PreviousTime": f"2026-03-02T08:{minute + 10}:54Z", "NewTime": f"2026-03-02T08:{minute}:54Z"}
    back = security(14, minute + 0.9, 4616, **times)
    returned = opened("10.0.0.2", 2, 40, event_id=25, activity=SECOND)
    again = nla("10.0.0.2", record=15, minutes=39.95)
    assert rebuilt_one(tmp_path, rdp(), opened("10.0.0.1"), back, again, returned).attached == attached


def test_the_first_step_of_a_reconnection_tells_less_of_the_start_than_the_reconnection(tmp_path: Path) -> None:
    unlock = logon(16, 39.98, 0xC0, LogonType=7, IpAddress="10.0.0.7")
    records = (rdp(NO_ADDRESS), nla("10.0.0.7", record=15, minutes=39.95), unlock, reconnected("10.0.0.2"))
    session = rebuilt_one(tmp_path, *records)
    assert (session.source_ip, session.source_evidence) == ("10.0.0.2", "4778")
