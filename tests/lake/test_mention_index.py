"""What a lake's index lists is what its events hold, and where it lists all, no file of events is looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from logonscope.case.lake_focus import focus_of_list
from logonscope.case.view import Scope, View
from logonscope.filters.syntax import parse
from logonscope.fleet import indexing
from logonscope.lake.lake_store import LakeStore
from logonscope.lake.snapshot import Snapshot, read_snapshot, write_snapshot
from support.demo_incident import demo_incident
from support.lake_writer import write_lake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from logonscope.filters.compile import Target

INDEX = ("mention", "mention_count")
FILTERS = (
    "user:svc_backup",
    "user:svc_backup is:failure",
    "user:svc_backup,a.klein -type:3",
    "user:SYSTEM event:1102",
    "user:nobody",
    "ip:10.0.0.0/8 event:4625",
    "from:WS01,10.20.0.21",
    "workstation:WS01",
    "process:*powershell.exe",
    "to:DC01*",
    "event:1102,104",
    "event:4720..4740",
    "event:4624..4799",
    "event:4625 machine:TS01",
    "user:svc_backup OR event:1102",
    "user:svc_backup backup",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with demo_incident(tmp_path_factory) as case, pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexing, "SHELF_RECORDS", 4000)
        return write_lake(case, tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="module")
def indexed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with Case([folder], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        yield case


@pytest.fixture(scope="module")
def plain(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """The same lake before it was indexed."""
    held = read_snapshot(folder)
    write_snapshot(folder, Snapshot(1, "", {name: files for name, files in held.tables.items() if name not in INDEX}))
    with Case([folder], work_parent=tmp_path_factory.mktemp("work")) as case:
        case.load()
        write_snapshot(folder, held)
        yield case


def files_seen(case: Case, view: View) -> list[str]:
    """The files that the rows of a view are looked for in."""
    store, con = case._store, case.cursor()
    assert isinstance(store, LakeStore)
    store.focus(con, focus_of_list(store, con, view, case.lookup()))
    found = con.execute("SELECT sql FROM duckdb_views() WHERE view_name = 'event' AND temporary").fetchall()
    text = found[0][0] if found else ""
    every = [file.path for table in ("event", "mention") for file in read_snapshot(store.folder).tables[table]]
    return [path for path in every if path in text]


@pytest.mark.parametrize("target", ["event", "session", "boot", "coverage"])
@pytest.mark.parametrize("text", FILTERS)
def test_lists_and_counts_are_the_same_without_it(plain: Case, indexed: Case, text: str, target: Target) -> None:
    for descending in (False, True):
        view = View(target, parse(text), descending=descending, scope=Scope.ALL)
        expected = plain.window(view).rows.to_pylist()
        assert indexed.window(view).rows.to_pylist() == expected
        assert indexed.count(view) == len(expected)
    assert indexed.value_counts("event", view) == plain.value_counts("event", view)


@pytest.mark.parametrize(
    "text", ["user:svc_backup", "event:1102", "from:WS01", "user:svc_backup is:failure", "to:DC01*"]
)
def test_what_few_events_name_is_read_from_its_list(plain: Case, indexed: Case, text: str) -> None:
    seen = files_seen(indexed, View("event", parse(text)))
    assert any(path.startswith("mention/") for path in seen)
    assert len([path for path in seen if path.startswith("event/")]) <= 1
    assert not files_seen(plain, View("event", parse(text)))


@pytest.mark.parametrize(
    "text", ["user:svc_backup backup", "user:svc_backup OR event:1102", "type:3", "event:4624..4799"]
)
def test_what_a_list_does_not_tell_is_read_from_the_events(indexed: Case, text: str) -> None:
    assert not [path for path in files_seen(indexed, View("event", parse(text))) if path.startswith("mention/")]


def test_machines_that_came_since_are_looked_through(
    folder: Path, plain: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = read_snapshot(folder)
    lists = held.tables["mention"]
    assert len({file.groups for file in lists}) > 1
    fewer = [file for file in lists if file.groups != lists[0].groups]
    write_snapshot(folder, Snapshot(1, "", held.tables | {"mention": fewer}))
    try:
        with Case([folder], work_parent=tmp_path) as case:
            case.load()
            for text in FILTERS:
                view = View("event", parse(text))
                assert case.window(view).rows.to_pylist() == plain.window(view).rows.to_pylist()
    finally:
        write_snapshot(folder, held)
