"""Damaged files cost themselves only. ``run.py`` reads any number; here are some, and those that once failed."""

from __future__ import annotations

from pathlib import Path

import pytest
from bases import bases
from examine import examine
from run import damaged, run
from targets import TARGETS, seeds

FOUND = Path(__file__).parent / "found"


def test_sound_files_are_read_whole() -> None:
    for name, contents in bases().items():
        assert examine(contents) >= 19, name


def test_the_same_number_makes_the_same_file() -> None:
    originals = bases()
    assert damaged(7, originals) == damaged(7, originals)
    assert len({damaged(number, originals)[1] for number in range(50)}) > 40


@pytest.mark.parametrize("name", TARGETS)
def test_what_guided_fuzzing_begins_with(name: str) -> None:
    for seed in seeds(name):
        TARGETS[name](seed)
        TARGETS[name](seed[: len(seed) // 2])


def test_damaged_files() -> None:
    records, faults = run(0, 300)
    assert faults == []
    assert records > 1000


def test_what_once_failed() -> None:
    for file in FOUND.glob("*"):
        examine(file.read_bytes())
