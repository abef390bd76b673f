"""From a remote session to the machine that it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.trace import source_machines
from logonscope.store.case_store import CaseStore
from support.events import Record, load
from support.small_logs import logon, security

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
        return source_machines(con, rows[0][0])
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
