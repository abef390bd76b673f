"""A process that is killed loses nothing that it had kept. ``killing.py`` kills as often as one wants; here some."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from killing import LONGEST, answers, evidence, killed_at

if TYPE_CHECKING:
    from pathlib import Path


def test_killed_at_any_moment(tmp_path: Path) -> None:
    logs = evidence(tmp_path / "logs")
    sound = answers(logs, tmp_path / "sound")
    assert sound
    random = Random(7)
    for number in range(6):
        killed_at(random.uniform(0, LONGEST), logs, tmp_path / str(number), sound)
