"""A fault of the browser ends it, and what is kept of the fault holds nothing that a log says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import starting
from textual.worker import WorkerFailed

if TYPE_CHECKING:
    from pathlib import Path


async def fail() -> None:
    raise ValueError("text of a log\x1b[31m")


async def test_it_ends_and_says_where_the_report_is(damaged: Path, tmp_path: Path) -> None:
    kept = tmp_path / "XDG_STATE_HOME" / "logonscope" / "fault.txt"
    with pytest.raises(WorkerFailed):
        async with starting(damaged, store=tmp_path) as browsing:
            await browsing.shows("207 events")
            browsing.app.run_worker(fail())
            await browsing.pilot.pause(0.5)
    assert "in fail" in kept.read_text()
    assert "text of a log" not in kept.read_text()
    assert str(kept) in browsing.app.fault
