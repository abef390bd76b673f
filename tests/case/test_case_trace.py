"""From a remote session to the machine that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.trace import find_signs, source_machines
from logonscope.store.case_store import CaseStore
from support.events import Record, load
from support.small_logs import at, logon, security

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from logonscope.model import SourceMachine

SERVER = "TS1.alder.example"


def on(computer: str, record: Record) -> Record:
    return Record(record.id, record.record, record.time, record.fields, computer=computer)


def arrival(**fields: Any) -> list[Record]:
    """The session on the server that is traced, and the server's start before it."""
    remote = {"LogonType": 10, "IpAddress": "10.0.0.9", **fields}
    return [on(SERVER, security(1, 0, 4608)), on(SERVER, logon(2, 30, 0xD1, **remote))]


def network(computer: str, record: int, ip: str, station: str) -> Record:
    fields = {"LogonType": 3, "LogonProcessName": "NtLmSsp", "IpAddress": ip, "WorkstationName": station}
    return on(computer, logon(record, 10, 0xE0 + record, **fields))


def traced(folder: Path, *logs: Sequence[Record]) -> list[SourceMachine]:
    store = CaseStore(folder)
    try:
        load(store, *map(list, logs))
        con = store.cursor()
        rows = con.execute("SELECT session_id FROM session WHERE logon_type = 10").fetchall()
        session_id = rows[0][0]
        return source_machines(con, session_id, find_signs(con, [session_id]))
    finally:
        store.close()


def test_the_client_recorded_that_it_used_credentials_there(tmp_path: Path) -> None:
    asked = {"SubjectUserName": "alice", "SubjectLogonId": "0xa1", "TargetServerName": "ts1", "TargetUserName": "alice"}
    client = [on("WS1", security(1, 0, 4608)), on("WS1", security(7, 29.9, 4648, **asked))]
    (found,) = traced(tmp_path, arrival(), client)
    assert (found.machine, found.reasons, len(found.rows), found.covers) == ("WS1", ("credentials",), 1, False)
    assert found.records == 1


def test_the_client_is_known_by_its_address_elsewhere(tmp_path: Path) -> None:
    client = [on("WS1", security(1, 0, 4608)), on("WS1", security(2, 90, 4776, TargetUserName="x"))]
    (found,) = traced(tmp_path, [*arrival(), network(SERVER, 3, "10.0.0.9", "WS1")], client)
    assert (found.machine, found.reasons, found.covers) == ("WS1", ("address",), True)


def test_two_machines_that_had_the_address_are_both_told(tmp_path: Path) -> None:
    server = [*arrival(), network(SERVER, 3, "10.0.0.9", "WS1"), network(SERVER, 4, "10.0.0.9", "WS2")]
    clients = [[on(name, security(1, 0, 4608))] for name in ("WS1", "WS2", "WS3")]
    assert [found.machine for found in traced(tmp_path, server, *clients)] == ["WS1", "WS2"]


@pytest.mark.parametrize("fields", [{}, {"IpAddress": "127.0.0.1"}, {"IpAddress": "-"}])
def test_no_machine_is_made_up(fields: dict[str, Any], tmp_path: Path) -> None:
    assert traced(tmp_path, arrival(**fields), [on("WS1", security(1, 0, 4608))]) == []


def at_client(record: Record) -> list[Record]:
    return [on("WS1", security(1, 0, 4608)), on("WS1", record)]


def asked_for(server: str, minutes: float = 29.9, **fields: Any) -> Record:
    """The client's own record that credentials were used towards a server."""
    given = {"SubjectUserName": "alice", "SubjectLogonId": "0xa1", "TargetServerName": server, **fields}
    return security(7, minutes, 4648, TargetUserName="alice", **given)


@pytest.mark.parametrize(
    ("record", "count"),
    [
        (asked_for("TS1.alder.example"), 1),
        (asked_for("ts1"), 1),
        (asked_for("TERMSRV/ts1.alder.example"), 1),
        (asked_for("TS2"), 0),
        (asked_for("TS10"), 0),
        (asked_for("ts1", 31.9), 1),
        (asked_for("ts1", 27.9), 0),
        (asked_for("ts1", 32.1), 0),
    ],
    ids=["full name", "short name", "service name", "another server", "longer name", "in time", "before", "after"],
)
def test_credentials_count_towards_that_machine_at_that_time(record: Record, count: int, tmp_path: Path) -> None:
    assert len(traced(tmp_path, arrival(), at_client(record))) == count


def outgoing(event_id: int, value: str) -> Record:
    provider = "Microsoft-Windows-TerminalServices-ClientActiveXCore"
    channel = "Microsoft-Windows-TerminalServices-RDPClient/Operational"
    return Record(
        event_id,
        5,
        at(29.8),
        {"Name": "Server Name", "Value": value},
        channel=channel,
        provider=provider,
        computer="WS1",
    )


def test_the_client_recorded_its_outgoing_connection(tmp_path: Path) -> None:
    (found,) = traced(tmp_path, arrival(), [on("WS1", security(1, 0, 4608))], [outgoing(1024, "ts1")])
    assert (found.machine, found.reasons, len(found.rows)) == ("WS1", ("rdp client",), 1)


def test_the_client_called_itself_by_name(tmp_path: Path) -> None:
    reconnected = {"AccountName": "alice", "LogonID": "0xd1", "ClientName": "ws1", "ClientAddress": "10.0.0.9"}
    server = [*arrival(), on(SERVER, security(3, 40, 4778, **reconnected))]
    (found,) = traced(tmp_path, server, [on("WS1", security(1, 0, 4608))])
    assert (found.machine, found.reasons) == ("WS1", ("workstation", "address"))


def test_a_machine_account_from_the_same_address_names_the_client(tmp_path: Path) -> None:
    account = {
        "TargetUserName": "WS1$",
        "TargetUserSid": "S-1-5-21-1-2-3-2001",
        "LogonType": 3,
        "IpAddress": "10.0.0.9",
    }
    server = [*arrival(), on(SERVER, logon(3, 10, 0xE3, **account))]
    (found,) = traced(tmp_path, server, [on("WS1", security(1, 0, 4608))])
    assert (found.machine, found.reasons) == ("WS1", ("machine account",))


def test_the_strongest_reason_decides_the_order(tmp_path: Path) -> None:
    server = [*arrival(), network(SERVER, 3, "10.0.0.9", "WS2"), network(SERVER, 4, "10.0.0.9", "WS1")]
    clients = [at_client(asked_for("ts1")), [on("WS2", security(1, 0, 4608))]]
    found = traced(tmp_path, server, *clients)
    assert [(source.machine, source.reasons) for source in found] == [
        ("WS1", ("credentials", "address")),
        ("WS2", ("address",)),
    ]


def test_the_nearest_of_several_records_comes_first(tmp_path: Path) -> None:
    far, near = asked_for("ts1", 28.5), asked_for("ts1", 29.9)
    records = [on("WS1", security(1, 0, 4608)), on("WS1", far)]
    later = Record(near.id, 8, near.time, near.fields, computer="WS1")
    (found,) = traced(tmp_path, arrival(), [*records, later])
    assert len(found.rows) == 2
    assert found.rows[0] > found.rows[1]


def test_the_machine_of_the_session_is_not_its_own_source(tmp_path: Path) -> None:
    own = on(SERVER, asked_for("ts1"))
    assert traced(tmp_path, [*arrival(), own, network(SERVER, 9, "10.0.0.9", "TS1")]) == []


def test_a_name_longer_than_netbios_allows_is_known_by_its_first_15_letters(tmp_path: Path) -> None:
    client = "WORKSTATION-00001-LONG"
    server = [*arrival(), network(SERVER, 3, "10.0.0.9", client[:15])]
    (found,) = traced(tmp_path, server, [on(f"{client}.alder.example", security(1, 0, 4608))])
    assert found.machine == client
