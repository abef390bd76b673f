"""Tests of the command line do not read the settings of whoever runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings are looked for where no test before this one has left any."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
