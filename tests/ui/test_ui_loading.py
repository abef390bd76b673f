"""The browser works while it loads, and stops when it is told to."""

from __future__ import annotations

import gc
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from browsing import starting

from logonscope.case import loading
from logonscope.readers.evtx import EvtxReader
from logonscope.ui import app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from logonscope.readers.raw import RawBatch

_LONGEST_WAIT = 60


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let the reader read one batch, and the next only when the event is set."""
    go_on = threading.Event()
    read = EvtxReader.batches
    first = True

    def batches(reader: EvtxReader) -> Iterator[RawBatch]:
        nonlocal first
        for batch in read(reader):
            if not first:
                go_on.wait(_LONGEST_WAIT)
            first = False
            yield batch

    monkeypatch.setattr(EvtxReader, "batches", batches)
    monkeypatch.setattr(loading, "_SECONDS_BETWEEN_REPORTS", 0)
    try:
        yield go_on
    finally:
        go_on.set()


async def test_escape_stops_loading_and_keeps_what_was_read(
    damaged: Path, week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_up(monkeypatch) as go_on:
        async with starting(damaged, week / "Security.evtx", store=tmp_path) as browsing:
            await browsing.shows("91 records,", "file 1 of 2", "Esc Stop", "1 Events 91")
            await browsing.press("escape")
            go_on.set()
            await browsing.shows("stopped by you after 207 records", "1 of 2 files", "1 Events 207")
            assert "Esc Stop" not in browsing.text
            await browsing.press("1")
            await browsing.shows("207 events")
            assert len(browsing.rows) > 10
            await browsing.press("2")
            await browsing.shows("alice")


async def test_keys_work_and_rows_show_while_loading(
    damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_up(monkeypatch):
        async with starting(damaged, store=tmp_path) as browsing:
            await browsing.press("1")
            await browsing.until(lambda: browsing.table.row_count > 50, "the events of the first batch")
            assert browsing.table.row_count < 207
            await browsing.press("down", "down", "down")
            assert browsing.table.cursor == 3
            await browsing.press("3")
            await browsing.shows("RemoteInteractive")
            await browsing.hold("type:2")
            await browsing.shows("showing logon type 2", "file 1 of 1")
            await browsing.rest()
            await browsing.press("q")
        assert browsing.app.return_value == 0


async def test_quitting_before_anything_is_read(damaged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = threading.Event()
    with held_up(monkeypatch) as go_on:

        def batches(reader: EvtxReader) -> Iterator[RawBatch]:
            opened.set()
            go_on.wait(_LONGEST_WAIT)
            yield from ()

        monkeypatch.setattr(EvtxReader, "batches", batches)
        async with starting(damaged, store=tmp_path) as browsing:
            await browsing.until(opened.is_set)
            await browsing.shows("Loading ...")
            await browsing.press("q")
        assert browsing.app.return_value == 2


async def test_what_is_loaded_is_left_out_of_the_search_for_garbage(week: Path, tmp_path: Path) -> None:
    async with starting(week, store=tmp_path) as browsing:
        await browsing.until(lambda: browsing.is_loaded, "the end of loading")
        await browsing.until(lambda: gc.get_freeze_count() > 0, "objects that are left out")


async def test_garbage_is_looked_for_when_no_key_was_pressed_lately(
    week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    async with starting(week, store=tmp_path) as browsing:
        assert gc.get_threshold()[2] > 100
        monkeypatch.setattr(app, "collect_if_due", lambda: looked.append("all"))
        await browsing.press("down")
        browsing.app._tidy()
        assert not looked
        monkeypatch.setattr(app, "_STILL_SECONDS", 0)
        browsing.app._tidy()
        assert looked
