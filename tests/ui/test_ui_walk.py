"""The walk through the demo case in the README is what the program shows now."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from logonscope.case.demo_case import demo_logs

if TYPE_CHECKING:
    import pytest

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


async def test_the_walk_in_the_readme_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.syspath_prepend(SCREENSHOTS)
    walk = importlib.import_module("walk")
    written = walk.README.read_text("utf-8").partition(walk.BEGIN)[2].partition(walk.END)[0]
    assert await walk.walk(demo_logs(tmp_path / "demo"), tmp_path) == written.strip("\n") + "\n"
