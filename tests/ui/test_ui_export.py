"""Exporting from the browser: the present list or the rows selected, to a file that is whole or not there."""

from __future__ import annotations

import csv
import json
from time import sleep
from typing import TYPE_CHECKING

from logonscope.errors import QueryCancelledError
from logonscope.export.forms import FORMS
from logonscope.ui.exporting import KEYS, Export
from logonscope.ui.screens.export_progress import ExportProgress
from logonscope.ui.screens.findings import FindingsScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest
    from browsing import Browse, Browsing


async def begin(browsing: Browsing, key: str, file: Path) -> None:
    await browsing.press("X")
    await browsing.shows("Export ", "csv:")
    await browsing.press(key)
    await browsing.shows("to the file")
    await browsing.press("ctrl+u")
    await browsing.type(str(file))
    await browsing.press("enter")


async def export(browsing: Browsing, key: str, file: Path) -> None:
    await begin(browsing, key, file)
    await browsing.answers()


def until_stopped(self: Export, on_cursor: object, step: Callable[[int, int], bool], *, force: bool) -> Sequence[str]:
    """Writes for ever, as a list that is very long."""
    while step(1, 2):
        sleep(0.01)
    raise QueryCancelledError("stopped")


def test_every_form_has_a_key() -> None:
    assert [*KEYS] == [*FORMS]
    assert len({*KEYS.values()}) == len(KEYS)


async def test_the_list_under_its_filter(browse: Browse, week: Path, tmp_path: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await export(browsing, "c", tmp_path / "out.csv")
        await browsing.shows("Written to")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    assert [row["user"] for row in rows] == ["alice", "bob", "alice"]


async def test_the_rows_that_are_selected(browse: Browse, week: Path, tmp_path: Path) -> None:
    async with browse(week) as browsing:
        await browsing.shows("3 stays")
        await browsing.press("down", "space", "space")
        await export(browsing, "j", tmp_path / "out.jsonl")
        await browsing.shows("Written to")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("ascii").splitlines()]
    assert [row["user"] for row in rows] == ["bob", "alice"]


async def test_only_forms_that_fit_are_offered(browse: Browse, week: Path) -> None:
    async with browse(week, pane="events") as browsing:
        await browsing.press("X")
        await browsing.shows("ecs:", "xml:")
        await browsing.press("escape")
        await browsing.show_pane("boots")
        await browsing.press("X")
        await browsing.shows("parquet:")
        assert "ecs:" not in browsing.text


async def test_a_file_that_is_there_is_asked_about(browse: Browse, week: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine")
    async with browse(week) as browsing:
        await export(browsing, "c", file)
        await browsing.shows("is there already")
        await browsing.press("n")
        await browsing.answers()
        assert file.read_text() == "mine"
        await export(browsing, "c", file)
        await browsing.shows("is there already")
        await browsing.press("y")
        await browsing.answers()
    assert file.read_text("utf-8").startswith("session,")


async def test_never_within_the_evidence(browse: Browse, week: Path) -> None:
    before = sorted(week.rglob("*"))
    async with browse(week) as browsing:
        await export(browsing, "c", week / "out.csv")
        await browsing.shows("within")
    assert sorted(week.rglob("*")) == before


async def test_esc_stops_it(browse: Browse, week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Export, "write", until_stopped)
    async with browse(week) as browsing:
        await begin(browsing, "c", tmp_path / "out.csv")
        await browsing.shows("Esc stops it")
        await browsing.press("escape")
        await browsing.shows("The export was stopped")
        assert not isinstance(browsing.app.screen, ExportProgress)


async def test_the_sessions_of_the_timeline(browse: Browse, week: Path, tmp_path: Path) -> None:
    async with browse(week, pane="timeline", filter_text="user:alice") as browsing:
        await browsing.until(lambda: browsing.main.timeline.lanes, "lanes")
        await browsing.press("X")
        await browsing.shows("2 sessions of the timeline as", "csv:")
        await browsing.press("escape")
        await export(browsing, "c", tmp_path / "out.csv")
        await browsing.shows("Written to")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    assert [row["user"] for row in rows] == ["alice", "alice"]


async def test_findings_but_for_the_dismissed(browse: Browse, week: Path, tmp_path: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("F")
        await browsing.shows("X export")
        assert isinstance(browsing.app.screen, FindingsScreen)
        count = browsing.app.screen.row_count
        await export(browsing, "j", tmp_path / "out.jsonl")
        await browsing.shows("Written to")
        await browsing.press("d")
        await browsing.shows("Why is this finding nothing?")
        await browsing.type("known")
        await browsing.press("enter")
        await browsing.shows("dismissed")
        assert count == 1
        await browsing.press("X")
        await browsing.shows("There is nothing to export")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("ascii").splitlines()]
    assert [(row["severity"] != "", row["next_step"] != "") for row in rows] == [(True, True)] * count


async def test_the_logon_types_as_they_are_listed(browse: Browse, week: Path, tmp_path: Path) -> None:
    async with browse(week, pane="types", filter_text="user:alice") as browsing:
        await browsing.shows("Interactive")
        await browsing.press("o", "o")
        await browsing.shows("Logons▲")
        await browsing.press("O")
        await browsing.shows("Logons▼")
        await export(browsing, "c", tmp_path / "out.csv")
        await browsing.shows("Written to")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    counts = [int(row["logons"]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert {row["logons"] != "0": row["record_id"] != "" for row in rows} == {True: True, False: False}


async def test_what_was_seen_for_the_first_time(browse: Browse, week: Path, tmp_path: Path) -> None:
    async with browse(week) as browsing:
        await browsing.press("W")
        await browsing.shows("X export", "combinations")
        await export(browsing, "c", tmp_path / "out.csv")
        await browsing.shows("Written to")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8").splitlines()))
    assert {"alice", "bob"} <= {row["user"] for row in rows}
