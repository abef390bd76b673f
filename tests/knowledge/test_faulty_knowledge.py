"""A mistake in one of the program's own TOML files is named with its file and place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from logonscope.errors import KnowledgeError
from logonscope.filters.groups import groups
from logonscope.knowledge import toml_file
from logonscope.knowledge.catalogue import catalogue
from logonscope.knowledge.codes import Codes
from logonscope.knowledge.ends import EndKind
from logonscope.knowledge.toml_file import load

if TYPE_CHECKING:
    from pathlib import Path

END = 'evidence = "4634"\ngrade = "A"\nshown = "ended"\nsentence = "Ended."\n'
EVENT = '[[event]]\nprovider = "P"\nid = 1\ntitle = "t"\nrole = "note"\nabout = "none"\nwords = ""\nreads = ""\n'
EVENT += "sample = {}\n"
CATALOGUE = '[columns]\nobject = "X"\n[providers]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Takes the place of the knowledge folder."""
    monkeypatch.setattr(toml_file, "files", lambda package: tmp_path)
    return tmp_path


def complaint(folder: Path, name: str, text: str, shape: type) -> str:
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load(name, shape)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("evidence = \n", "line 1"),
        (END + 'sentense = "x"\n', "sentense"),
        (END.replace('"A"', '"Z"'), "$.grade"),
        (END.replace('"4634"', "4634"), "$.evidence"),
        (END.replace("shown", "seen"), "seen"),
    ],
)
def test_the_complaint_names_file_and_place(folder: Path, text: str, place: str) -> None:
    message = complaint(folder, "ends.toml", text, EndKind)
    assert message.startswith("knowledge/ends.toml: ")
    assert place in message


def test_the_complaint_names_what_is_missing(folder: Path) -> None:
    assert "status" in complaint(folder, "codes.toml", "", Codes)


def test_an_event_listed_twice_is_named(folder: Path) -> None:
    (folder / "events.toml").write_text(CATALOGUE + EVENT + EVENT, "utf-8")
    with pytest.raises(KnowledgeError, match=r"events\.toml: P 1 is listed twice"):
        catalogue.__wrapped__()


def test_an_event_that_fills_no_known_column_is_named(folder: Path) -> None:
    (folder / "events.toml").write_text(CATALOGUE + EVENT + 'columns = { objekt = "Y" }\n', "utf-8")
    with pytest.raises(KnowledgeError, match=r"events\.toml: P 1: no column \{'objekt'\}"):
        catalogue.__wrapped__()


@pytest.mark.parametrize(("text", "place"), [('[[group]]\nname = "x"\n', "sentence"), ("[[group]", "line 1")])
def test_a_faulty_group_is_named(folder: Path, text: str, place: str) -> None:
    (folder / "groups.toml").write_text(text, "utf-8")
    with pytest.raises(KnowledgeError, match=place):
        groups.__wrapped__()
