"""The logon types 0 to 13: each is explained, and what it sends people to look for exists."""

from __future__ import annotations

import re

import pytest

from logonscope.knowledge.catalogue import event_titles
from logonscope.knowledge.logon_types import LogonType, logon_type_text, logon_types

EXPLANATIONS = ("title", "creates", "leaves", "proves_not", "expect", "benign", "hostile")
each_type = pytest.mark.parametrize("logon_type", logon_types().values(), ids=lambda entry: str(entry.type))


def test_all_types_from_0_to_13_are_there_in_order() -> None:
    assert list(logon_types()) == list(range(14))


@each_type
def test_a_type_is_explained_in_every_respect(logon_type: LogonType) -> None:
    empty = [name for name in (*EXPLANATIONS, "name", "short", "phrase") if not getattr(logon_type, name).strip()]
    assert empty == []


@each_type
def test_event_ids_in_an_explanation_are_events_that_are_known(logon_type: LogonType) -> None:
    mentioned = {int(found) for name in EXPLANATIONS for found in re.findall(r"\b\d{4}\b", getattr(logon_type, name))}
    assert mentioned - event_titles().keys() == set()


@pytest.mark.parametrize("name", ["name", "short", "title"])
def test_no_two_types_share_a_name(name: str) -> None:
    names = [getattr(entry, name).casefold() for entry in logon_types().values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("number", "text"), [(10, "10 RDP"), (3, "3 NETWORK"), (77, "77"), (None, "")])
def test_a_type_on_the_screen(number: int | None, text: str) -> None:
    assert logon_type_text(number) == text


def test_types_of_people_and_of_other_computers() -> None:
    """What is listed at first, and whose address tells where it came from; 7 and 13 are unlocks, over RDP too."""
    assert [entry.type for entry in logon_types().values() if entry.logon_class == "stay"] == [2, 10, 11, 12]
    assert [entry.type for entry in logon_types().values() if entry.remote] == [3, 7, 8, 10, 12, 13]
