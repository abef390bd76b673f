"""Every column is explained, and tui/COLUMNS.md says what the program says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from logonscope.commands.export import WHAT
from logonscope.export.ecs import ecs_names
from logonscope.export.lists import LISTS
from support.command_line import CommandLine

COLUMNS = Path(__file__).parents[2] / "tui" / "COLUMNS.md"


def test_the_file_is_current(tmp_path: Path) -> None:
    """Made by: logonscope columns --format markdown > tui/COLUMNS.md"""
    assert CommandLine(tmp_path)("columns", "--format", "markdown").out == COLUMNS.read_text("utf-8")


def test_every_column_is_explained(tmp_path: Path) -> None:
    records = [json.loads(line) for line in CommandLine(tmp_path)("columns", "--json").lines]
    told = {(record["list"], record["column"]) for record in records}
    assert {(name, field.name) for name, kind in LISTS.items() for field in kind.fields} <= told
    assert all(record["means"].endswith(".") for record in records)
    assert len(told) == len(records)


def test_ecs_takes_columns_that_there_are() -> None:
    names = ecs_names()
    known = {field.name for field in LISTS["events"].fields}
    assert {*names.columns.values(), *names.numbers.values()} <= known
    every = [*names.columns, *names.numbers, *names.made, *names.constants]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("what", [*WHAT, "timesketch", "ecs"])
def test_one_of_them_for_people(what: str, tmp_path: Path) -> None:
    finished = CommandLine(tmp_path)("columns", what)
    assert (finished.code, finished.err) == (0, "")
    assert finished.lines[0] == what
    assert len(finished.lines) > 4
