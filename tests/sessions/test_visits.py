"""Visits: the network contacts of one account from one source, grouped for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from logonscope.store.session_rows import fetch_sessions
from support.small_logs import at, logon, named, rebuilt, security

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from logonscope.model import Session

BOB = {"TargetUserName": "bob", "TargetUserSid": "S-1-5-21-1-2-3-1105"}
START = security(1, 0, 4608)


class Server:
    """Writes the records of contacts, each with its own logon ID."""

    def __init__(self) -> None:
        self.records = [START]

    def contact(self, since: float, until: float | None, ip: str = "10.0.0.7", **fields: Any) -> None:
        number = len(self.records) + 1
        logon_id = 0xB00 + number
        network = {"LogonType": 3, "LogonProcessName": "Kerberos", "IpAddress": ip, **fields}
        self.records.append(logon(number, since, logon_id, **network))
        if until is not None:
            user = {name: fields[name] for name in BOB if name in fields}
            self.records.append(security(number + 1, until, 4634, LogonType=3, **{**named(logon_id), **user}))

    def note(self, minutes: float) -> None:
        self.records.append(security(len(self.records) + 1, minutes, 4776, TargetUserName="x"))

    def boot(self, minutes: float) -> None:
        self.records.append(security(len(self.records) + 1, minutes, 4608))


def visits(con: duckdb.DuckDBPyConnection) -> list[Session]:
    rows = con.execute("SELECT session_id FROM session WHERE role = 'visit' ORDER BY start_latest, pos").fetchall()
    return fetch_sessions(con, [row[0] for row in rows])


def visited(folder: Path, server: Server) -> list[Session]:
    with rebuilt(folder, *server.records) as con:
        return visits(con)


@pytest.mark.parametrize(("pause", "grouped"), [(15, True), (15.1, False)])
def test_a_quarter_of_an_hour_without_contact_ends_a_visit(pause: float, grouped: bool, tmp_path: Path) -> None:
    server = Server()
    server.contact(10, 11)
    server.contact(11 + pause, 12 + pause)
    assert len(visited(tmp_path, server)) == grouped


def test_the_pause_is_counted_from_the_last_end_of_all(tmp_path: Path) -> None:
    """A contact that is kept open carries the visit over a longer pause of the others."""
    server = Server()
    server.contact(10, 60)
    server.contact(12, 13)
    server.contact(70, 71)
    (visit,) = visited(tmp_path, server)
    assert (visit.attached, visit.start, visit.end) == (3, at(10), at(71))


@pytest.mark.parametrize(
    "other",
    [{"ip": "10.0.0.8"}, BOB, {"ip": "-", "WorkstationName": "LAP9"}],
    ids=["another address", "another account", "no address"],
)
def test_contacts_that_have_nothing_to_do_with_each_other(other: dict[str, Any], tmp_path: Path) -> None:
    server = Server()
    server.contact(10, 11)
    server.contact(12, 13, **other)
    assert visited(tmp_path, server) == []


@pytest.mark.parametrize(("stations", "count"), [(("LAP9", "LAP9"), 1), (("LAP9", "LAP7"), 0)])
def test_without_an_address_the_workstation_tells_sources_apart(
    stations: tuple[str, str], count: int, tmp_path: Path
) -> None:
    server = Server()
    for minutes, station in zip((10, 12), stations, strict=True):
        server.contact(minutes, minutes + 1, ip="-", WorkstationName=station)
    assert len(visited(tmp_path, server)) == count


def test_a_visit_does_not_outlast_its_boot(tmp_path: Path) -> None:
    server = Server()
    server.contact(10, 11)
    server.boot(12)
    server.contact(13, 14)
    assert visited(tmp_path, server) == []


def test_what_a_visit_tells(tmp_path: Path) -> None:
    server = Server()
    server.contact(10, 11)
    server.contact(12, 14, WorkstationName="LAP9")
    with rebuilt(tmp_path, *server.records) as con:
        (visit,) = visits(con)
        parents = con.execute("SELECT parent FROM session WHERE role = 'session' ORDER BY pos").fetchall()
    assert (visit.key, visit.role, visit.logon_class) == ("WS1/visit@2", "visit", "visit")
    assert (visit.start, visit.end, visit.end_evidence, visit.grade) == (at(10), at(14), "visit", "A")
    assert (visit.account.name, visit.source_ip, visit.workstation) == ("alice", "10.0.0.7", "LAP9")
    assert (visit.logon_type, visit.attached, visit.logon_ids) == (3, 2, ())
    assert visit.session_id < 0
    assert parents == [(visit.session_id,), (visit.session_id,)]


def test_a_visit_is_no_surer_than_its_contacts(tmp_path: Path) -> None:
    server = Server()
    server.contact(10, 11)
    server.contact(12, None)
    server.note(40)
    (visit,) = visited(tmp_path, server)
    assert (visit.grade, visit.end_latest) == ("-", None)
    assert visit.end_earliest == at(40)


def test_a_single_contact_stands_for_itself(tmp_path: Path) -> None:
    server = Server()
    server.contact(10, 11)
    with rebuilt(tmp_path, *server.records) as con:
        assert con.execute("SELECT role, parent FROM session").fetchall() == [("session", None)]


def test_desktop_sessions_are_never_part_of_a_visit(tmp_path: Path) -> None:
    server = Server()
    for minutes in (10, 12):
        record = len(server.records) + 1
        server.records.append(logon(record, minutes, 0xC0 + record, LogonType=10, IpAddress="10.0.0.7"))
    assert visited(tmp_path, server) == []
