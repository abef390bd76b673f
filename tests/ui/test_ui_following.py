"""Following on the screen: rows come while the cursor stays; a part of the logs says that it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browsing import SIZES, starting

from logonscope.case import following
from logonscope.case.options import LoadOptions
from logonscope.demo.evtx_writer import encode_log
from logonscope.readers.cut import Cut
from support.logs import note

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def log(count: int) -> bytes:
    return encode_log([note(number) for number in range(1, count + 1)])


@SIZES
async def test_rows_come_while_the_cursor_stays(
    tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_LEAST_PAUSE_SECONDS", 0.01)
    path = tmp_path / "x.evtx"
    path.write_bytes(log(10))
    async with starting(path, store=tmp_path / "work", size=size, follow=True) as browsing:
        await browsing.shows("following, 10 records")
        await browsing.show_pane("events")
        await browsing.until(lambda: browsing.table.row_count == 10, "ten rows")
        await browsing.press("down", "down", "down")
        await browsing.until(lambda: browsing.table.cursor == 3, "the cursor")
        before = browsing.main.current_id
        path.write_bytes(log(30))
        await browsing.shows("following, 30 records")
        await browsing.until(lambda: browsing.table.row_count == 30, "thirty rows")
        assert (browsing.table.cursor, browsing.main.current_id) == (3, before)
        await browsing.press("escape")
        await browsing.shows("stopped by you after 30 records")


@SIZES
async def test_a_part_says_that_it_is_one(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "x.evtx"
    path.write_bytes(log(10))
    options = LoadOptions(Cut(events=frozenset({7, 8})))
    async with starting(path, store=tmp_path / "work", size=size, options=options) as browsing:
        await browsing.until(lambda: browsing.is_loaded, "the end of loading")
        await browsing.shows("only event 7, 8")
