"""The first rows of a long list are those of the whole list, however it is cut by time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case import first_rows
from logonscope.case.case import Case
from logonscope.case.view import Scope, View
from logonscope.filters.syntax import parse
from logonscope.lake.snapshot import read_snapshot
from support.lake_writer import write_lake
from support.small_case import small_case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from logonscope.filters.compile import Target


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("small")
    with small_case(folder) as case:
        write_lake(case, folder / "lake")
    with Case([folder / "lake"], work_parent=folder) as lake:
        lake.load()
        yield lake


@pytest.fixture(autouse=True)
def every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logonscope.case.lake_focus.MANY_RECORDS", 0)
    monkeypatch.setattr(first_rows, "_FIRST_SPAN_ROWS", 2)


@pytest.mark.parametrize("target", ["event", "session"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("text", ["", "user:alice", "machine:WS1", "event:4624", "user:nobody"])
def test_they_are_those_of_the_whole_list(lake: Case, target: Target, descending: bool, text: str) -> None:
    for order in ("", "user"):
        view = View(target, parse(text), order, descending, Scope.ALL)
        whole = lake.window(view).page(0, 10**6)
        for most in (1, 3, 10, 10**6):
            found = lake.window(view, most=most)
            assert found.page(0, most) == whole[:most]
            assert found.goes_on == (len(whole) >= most)


def test_listed_events_are_looked_for_in_the_files_of_their_months(lake: Case) -> None:
    listed = lake.window(View("event"), most=5)
    rows = listed.page(0, 5)
    assert [event.row for event in lake.events(rows)] == rows
    store = lake._store
    cursor = store.cursor()
    store.focus_on_events(cursor, rows)
    (text,) = cursor.execute("SELECT sql FROM duckdb_views() WHERE view_name = 'event' AND temporary").fetchall() or [
        ("",)
    ]
    paths = [file.path for file in read_snapshot(lake.paths[0]).tables["event"]]
    assert sum(path in text[0] for path in paths) < len(paths)
