"""The browser on a case that an earlier run kept."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from browsing import Browsing, comes_true

from logonscope.cache.kept_cases import KeptCases
from logonscope.case.case import Case
from logonscope.ui.app import LogonscopeApp

if TYPE_CHECKING:
    from pathlib import Path


async def test_all_panes_show_what_was_kept_and_say_so(damaged: Path, tmp_path: Path) -> None:
    cases = KeptCases(tmp_path / "kept", smallest_evidence=0)
    with Case([damaged], work_parent=tmp_path / "cases", cache=cases) as case:
        case.load()
        found = case.findings().found
    opened_in: list[threading.Thread] = []

    def open_cache() -> KeptCases:
        opened_in.append(threading.current_thread())
        return cases

    app = LogonscopeApp([damaged], work_parent=tmp_path / "cases", cache=open_cache)
    async with app.run_test(size=(120, 30)) as pilot:
        browsing = Browsing(app, pilot)
        await browsing.shows("loaded 207 records · 1 of 1 file · as kept on 20", "2 problems (p)", "207 events")
        assert opened_in
        assert threading.main_thread() not in opened_in
        for key in "23456":
            await browsing.press(key)
            assert await comes_true(pilot, lambda: all(worker.is_finished for worker in app.workers))
        await browsing.press("F")
        await browsing.shows(found[0].rule)
        await browsing.press("escape", "1", "r")
        await browsing.shows("<Event xmlns")
        await browsing.press("escape", "p", "S")
        await browsing.shows("loaded 299 records")
