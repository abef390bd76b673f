"""Where remote sessions came from, over a whole lake: what the local path says of each, and the attack's way."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.lake.snapshot import Snapshot, read_snapshot, write_snapshot
from support.command_line import CommandLine
from support.demo_incident import demo_incident
from support.fleet_work import ingest, rebuild_lake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.model import Session

ATTACK = "DC01/0x214c61@13143"
"""The attacker's session on the domain controller."""


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with demo_incident(tmp_path_factory) as case:
        yield case


@pytest.fixture(scope="module")
def folder(local: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("fleet") / "lake"
    ingest(lake, *local.paths)
    rebuild_lake(lake)
    return lake


@pytest.fixture
def lake(folder: Path, tmp_path: Path) -> Iterator[Case]:
    with Case([folder], work_parent=tmp_path) as case:
        case.load()
        yield case


def remote(case: Case) -> dict[str, Session]:
    window = case.window(View("session", scope=Scope.VISITS))
    sessions = case.sessions(window.page(0, window.count))
    return {session.key: session for session in sessions if session.source_ip or session.workstation}


def sources(case: Case, session: Session) -> list[tuple[Any, ...]]:
    return [
        (found.machine, found.reasons, found.records, found.covers, [e.record_id for e in case.events(found.rows)])
        for found in case.source_machines(session.session_id)
    ]


def test_a_lake_says_of_each_session_what_the_files_say(local: Case, lake: Case) -> None:
    here, there = remote(local), remote(lake)
    assert here.keys() == there.keys()
    some = [ATTACK, *sorted(here)[::25]]
    found = {key: sources(local, here[key]) for key in some}
    assert len({str(source) for source in found.values()}) > 3
    assert {key: sources(lake, there[key]) for key in some} == found


def test_what_was_not_traced_then_is_traced_now(local: Case, folder: Path, tmp_path: Path) -> None:
    older = tmp_path / "lake"
    shutil.copytree(folder, older)
    held = read_snapshot(older).tables
    write_snapshot(older, Snapshot(1, "", {name: files for name, files in held.items() if name != "origin"}))
    with Case([older], work_parent=tmp_path / "work") as case:
        case.load()
        assert sources(case, remote(case)[ATTACK]) == sources(local, remote(local)[ATTACK])
        assert case.origins() == []
    done = CommandLine(tmp_path / "cache")("fleet", "origins", "--lake", older)
    assert done.code == 2
    assert "fleet sessions --lake" in done.complaints[0]
    rebuild_lake(older)
    assert "origin" in read_snapshot(older).tables


def test_the_attack_is_followed_back_from_machine_to_machine(lake: Case) -> None:
    origins = lake.origins()
    assert len({origin.session for origin in origins}) == len(remote(lake).keys() & {o.session for o in origins})
    by_session = {origin.session: origin for origin in origins if origin.place < 2}
    came = by_session[ATTACK]
    assert (came.user, came.machine, came.source, came.candidates) == ("svc_backup", "DC01", "TS01", 1)
    assert came.own_session is not None
    before = by_session[came.own_session]
    assert (before.machine, before.source, before.place, before.source_ip) == ("TS01", None, 0, "203.0.113.77")


def test_both_lists_are_printed(folder: Path, lake: Case, tmp_path: Path) -> None:
    run = CommandLine(tmp_path / "cache")
    origins = [json.loads(line) for line in run("fleet", "origins", "--lake", folder, "--json").out.splitlines()]
    assert [row["session"] for row in origins] == [origin.session for origin in lake.origins()]
    machines = [json.loads(line) for line in run("fleet", "overview", "--lake", folder, "--json").out.splitlines()]
    assert [(row["machine"], row["high"]) for row in machines] == [(m.name, m.high) for m in lake.overview()]
    table = run("fleet", "overview", "--lake", folder).out.splitlines()
    assert table[0].split()[:3] == ["High", "Findings", "Machine"]
    assert len(table) == 1 + len(machines)


def test_what_is_no_lake_is_told(tmp_path: Path) -> None:
    run = CommandLine(tmp_path / "cache")
    for what in ("overview", "origins"):
        done = run("fleet", what, "--lake", tmp_path)
        assert done.code == 2
        assert "this is no lake" in done.complaints[0]
