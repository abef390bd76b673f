"""``formats``: every format and every shape of it is listed, with what it cannot carry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from logonscope.readers.formats import formats, variants
from support.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def test_the_table_has_every_format_and_shape(run: CommandLine) -> None:
    listed = run("formats")
    assert (listed.code, listed.err) == (0, "")
    text = " ".join(listed.out.split())
    for entry in formats().values():
        assert f"{entry.name} {entry.words}" in text
        for words in (entry.made_by, entry.lacks, *(shape.words for shape in variants(entry))):
            assert words in text
    assert max(map(len, listed.lines)) <= 100


def test_json_lines(run: CommandLine) -> None:
    listed = [json.loads(line) for line in run("formats", "--format", "jsonl").lines]
    assert [entry["name"] for entry in listed] == list(formats())
    shapes = {entry["name"]: entry["shapes"] for entry in listed}
    assert {"words", "lacks"} == shapes["json"][0].keys()
    assert shapes["evtx"] == []


@pytest.mark.parametrize("name", formats())
def test_what_is_listed_can_be_read(name: str) -> None:
    entry = formats()[name]
    assert entry.words
    assert entry.made_by
    assert all(shape.lacks for shape in variants(entry))
