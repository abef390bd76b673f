"""The code keeps its own rules: lint, format, and strict types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
FOLDERS = ("tui", "tests", "benchmarks", "screenshots")


@pytest.mark.parametrize(
    "check",
    [("ruff", "check"), ("ruff", "format", "--check"), ("mypy", "--no-error-summary")],
    ids=lambda check: " ".join(check),
)
def test_check_passes(check: tuple[str, ...]) -> None:
    folders = () if check[0] == "mypy" else FOLDERS
    run = subprocess.run([sys.executable, "-m", *check, *folders], cwd=PROJECT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_file_outgrows_its_concept() -> None:
    long = {
        str(path.relative_to(PROJECT)): count
        for path in (PROJECT / "tui").rglob("*.py")
        if (count := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}
