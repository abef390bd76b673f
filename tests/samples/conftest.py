"""Loads samples; where there are none, their tests are skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.case.case import Case
from support.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Callable[..., Case]]:
    """Loads samples by their path in the collection."""
    if not SAMPLES.is_dir():
        pytest.skip(f"no samples at {SAMPLES}")
    cases: list[Case] = []

    def loaded(*names: str) -> Case:
        case = Case([SAMPLES / name for name in names], work_parent=tmp_path)
        cases.append(case)
        case.load()
        return case

    yield loaded
    for case in cases:
        case.close()
