"""Where real logs lie that nobody here wrote: beside the project, never in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from logonscope.case.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"


def manifest() -> list[dict[str, Any]]:
    """What is known of each sample: counts of its records; nothing where there are no samples."""
    path = SAMPLES / "manifest.json"
    entries: list[dict[str, Any]] = json.loads(path.read_text("utf-8")) if path.exists() else []
    return entries


@pytest.fixture
def sample_loader(tmp_path: Path) -> Iterator[Callable[..., Case]]:
    """Loads samples by their path in the collection; skips the test where there are none."""
    if not SAMPLES.is_dir():
        pytest.skip(f"no samples at {SAMPLES}")
    cases: list[Case] = []

    def load(*names: str) -> Case:
        case = Case([SAMPLES / name for name in names], work_parent=tmp_path)
        cases.append(case)
        case.load()
        return case

    yield load
    for case in cases:
        case.close()
