"""Files are hashed when all is loaded, listed with their hashes, and the case file has them."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

from browsing import WIDE, loaded

from logonscope.case.case_file import CaseFile

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse


async def test_the_list_of_files_has_their_hashes(browse: Browse, week: Path) -> None:
    log = min(week.iterdir())
    digest = hashlib.sha256(log.read_bytes()).hexdigest()
    async with browse(week, size=WIDE) as browsing:
        await browsing.press("S")
        await browsing.shows("Files of the case", "complete", "the file,")
        assert digest in browsing.text
        await browsing.answers()
    held = tomllib.loads(CaseFile([week]).path.read_text("utf-8"))
    assert digest in [entry["sha256"] for entry in held["source"]]


async def test_a_file_that_changed_between_two_runs_is_told(week: Path, tmp_path: Path) -> None:
    log = tmp_path / "a.evtx"
    log.write_bytes((week / "Security.evtx").read_bytes())
    async with loaded(log, store=tmp_path / "work") as browsing:
        await browsing.answers()
    log.write_bytes((week / "System.evtx").read_bytes())
    async with loaded(log, store=tmp_path / "work") as browsing:
        await browsing.shows("1 file changed since this case")
