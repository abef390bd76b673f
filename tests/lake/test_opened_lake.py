"""A lake gives the answers that the same machines give when their files are loaded."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from logonscope.case.case import Case
from logonscope.case.facets import facets
from logonscope.case.view import ORDERS, Scope, View
from logonscope.errors import SourceError, StoreError
from logonscope.export.lists import LISTS, Asked
from logonscope.export.writers import json_records
from logonscope.filters.syntax import parse
from logonscope.lake.snapshot import LakeFile, Snapshot, read_snapshot, write_snapshot
from support.demo_incident import demo_incident
from support.fleet_work import ingest, rebuild_lake, write_machines
from support.lake_writer import write_lake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.filters.compile import Target

FILTERS = (
    "",
    "user:svc_backup",
    "type:rdp",
    "is:failure",
    "machine:TS01",
    "machine:WS01 type:network",
    "from:10.0.0.0/8",
)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with demo_incident(tmp_path_factory) as case:
        yield case


@pytest.fixture(scope="module")
def lake_folder(local: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lake(local, tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="module")
def lake(lake_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with Case([lake_folder], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        yield case


def listed(case: Case, what: str, text: str) -> list[dict[str, Any]]:
    """The rows of a list, but for where in their chunks live records begin: a lake does not open their files."""
    found = LISTS[what].find(case, Asked(parse(text), Scope.ALL))
    rows: list[dict[str, Any]] = list(json_records(found.rows()))
    for row in rows:
        for cited in (row, *(row.get("evidence") or ())):
            if cited.get("chunk_offset") is not None:
                cited["offset"] = None
    return rows


def test_records_are_cited_as_the_lake_was_made_of_them(tmp_path: Path) -> None:
    logs = write_machines(tmp_path / "logs", 1, 10)
    ingest(tmp_path / "lake", logs)
    rebuild_lake(tmp_path / "lake")
    told = []
    (work := tmp_path / "work").mkdir()
    for path in (logs, tmp_path / "lake"):
        with Case([path], work_parent=work) as case:
            case.load()
            case.hashes.compute()
            told.append(listed(case, "events", ""))
        if path == logs:
            shutil.move(logs, tmp_path / "elsewhere")
    assert told[0] == told[1]
    assert all(row["sha256"] and row["chunk_offset"] is not None for row in told[1])


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("text", FILTERS)
def test_every_list_is_the_same(local: Case, lake: Case, what: str, text: str) -> None:
    if what == "findings" and text:
        pytest.skip("no filter holds for findings")
    opened, loaded = listed(lake, what, text), listed(local, what, text)
    assert len(opened) == len(loaded)
    assert all(one == other for one, other in zip(opened, loaded, strict=True))


@pytest.mark.parametrize(
    ("target", "order"), [(target, order) for target, orders in ORDERS.items() for order in orders]
)
def test_every_order_is_the_same(local: Case, lake: Case, target: Target, order: str) -> None:
    view = View(target, order=order, descending=True, scope=Scope.ALL)
    fetch = {"event": "events", "session": "sessions", "boot": "boots", "coverage": "coverage"}[target]

    def rows(case: Case) -> list[str]:
        window = case.window(view)
        rows = window.page(0, window.count)
        return [
            getattr(row, "key", None)
            or str([getattr(row, name, "") for name in ("time", "record_id", "since", "kind", "start")])
            for row in getattr(case, fetch)(rows)
        ]

    by_number = order == "boot"  # ties go by the machine's number, which is another one in a lake
    assert (sorted(rows(lake)) == sorted(rows(local))) if by_number else rows(lake) == rows(local)


@pytest.mark.parametrize("field", facets())
def test_the_values_of_a_field_are_the_same(local: Case, lake: Case, field: str) -> None:
    for target in ("event", "session"):
        view = View(target, parse("machine:DC01"), scope=Scope.ALL)
        assert lake.value_counts(field, view) == local.value_counts(field, view)


def test_who_was_on_is_the_same(local: Case, lake: Case) -> None:
    end = local.lookup().log_end
    assert lake.lookup().log_end == end is not None
    there, here = lake.who(end), local.who(end)
    for kind in ("certain", "possible", "open"):
        assert [held.session.key for held in getattr(there, kind, ())] == [
            held.session.key for held in getattr(here, kind, ())
        ]
    assert len(str(there)) > 100


def test_records_are_read_again_where_their_file_is_there(local: Case, lake: Case) -> None:
    view = View("event", parse("event:4624 machine:TS01"))
    ours, theirs = (case.events(case.window(view).page(0, 3)) for case in (lake, local))
    assert [lake.event_record(event) for event in ours] == [local.event_record(event) for event in theirs]


def test_a_file_that_is_not_there_is_named(lake: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    event = lake.events(lake.window(View("event")).page(0, 1))[0]
    monkeypatch.setattr("logonscope.case.opened_lake.source_file", lambda source: None)
    with pytest.raises(SourceError, match=r"evtx: not here as it was when the lake was made"):
        lake.event_record(event)


def test_what_is_for_files_only_says_so(lake: Case) -> None:
    with pytest.raises(StoreError, match="a lake cannot be followed"):
        lake.follow()
    with pytest.raises(StoreError, match="a lake cannot be searched"):
        lake.salvage()


def test_only_the_files_of_the_machines_asked_for_are_opened(local: Case, tmp_path: Path) -> None:
    folder = write_lake(local, tmp_path / "lake")
    with Case([folder], work_parent=tmp_path) as lake:
        lake.load()
        whole = lake.window(View("event")).page(0, 10**6)
        of_one = [event.row for event in lake.events(whole) if event.machine == "TS01"]
        others = [
            folder / file.path
            for table in ("event", "full_session", "plain_session", "other_event", "absence")
            for file in read_snapshot(folder).tables[table]
            if not file.first_machine <= of_one[0] >> 36 <= file.last_machine
        ]
        assert others
        for path in others:
            path.unlink()
        assert [event.row for event in lake.events(of_one)] == of_one
        view = View("session", parse("machine:TS01 user:*"), scope=Scope.ALL)
        found = lake.window(view)
        assert found.count == local.count(view) == lake.count(view)
        sessions = lake.sessions(found.page(0, 50))
        assert {session.machine for session in sessions} == {"TS01"}
        assert lake.evidence(sessions[0].session_id)
        assert lake.value_counts("user", view).values


def test_an_address_is_shown_as_it_was_given(local: Case, tmp_path: Path) -> None:
    local_path = str(local.sources[0].path)
    folder = write_lake(local, tmp_path / "lake")
    (file,) = read_snapshot(folder).tables["source"]
    with duckdb.connect(":memory:") as con:
        con.execute(f"CREATE TABLE source AS FROM '{folder / file.path}'")
        con.execute("UPDATE source SET path = 's3://bucket/a/Security.evtx' WHERE path = ?", [local_path])
        con.execute(f"COPY source TO '{folder / file.path}' (FORMAT parquet)")
    size = (folder / file.path).stat().st_size
    tables = read_snapshot(folder).tables | {"source": [LakeFile(file.path, file.rows, size)]}
    write_snapshot(folder, Snapshot(2, "", tables))
    with Case([folder], work_parent=tmp_path) as lake:
        lake.load()
        assert str(lake.sources[0].path) == "s3://bucket/a/Security.evtx"
        assert lake.sources[0].path.name == "Security.evtx"
