"""Accounts that are one person: the SID first, then the name without case."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.sessions.people import find_people

NOBODY = ("", "", "")
SID = "S-1-5-21-1-2-3-1104"
OTHER_SID = "S-1-5-21-1-2-3-1105"
names = st.sampled_from(["", "alice", "ALICE", "bob"])
accounts = st.tuples(st.sampled_from(["", "S-1-0-0", SID, OTHER_SID]), names, st.sampled_from(["", "ALDER", "WS1"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((SID, "alice", "ALDER"), (SID, "ALICE", "ALDER")),
        ((SID, "alice@example.org", "MicrosoftAccount"), (SID, "alice", "WS1")),
        ((SID, "alice", "ALDER"), (SID, "", "")),
        ((SID, "alice", "ALDER"), ("", "Alice", "alder")),
        ((SID, "alice", "ALDER"), ("S-1-0-0", "alice", "ALDER")),
        ((SID, "alice", "ALDER"), ("", "alice", "")),
        ((SID, "alice", "ALDER"), ("", "alice", "alder.example")),
        ((SID, "alice", "ALDERCORPORATION"), ("", "alice", "aldercorporation-limited.example")),
        (("", "alice", "ALDER"), ("", "ALICE", "Alder")),
        ((SID, "straße", "ALDER"), ("", "STRASSE", "ALDER")),
    ],
)
def test_one_person(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert find_people([NOBODY, one, other]) == [0, 1, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((SID, "alice", "ALDER"), (OTHER_SID, "alice", "ALDER")),
        ((SID, "alice", "ALDER"), ("", "alice", "WS1")),
        ((SID, "alice", "ALDER"), ("", "bob", "ALDER")),
        (("", "alice", "ALDER"), ("", "alice", "WS1")),
    ],
)
def test_two_people(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    assert find_people([NOBODY, one, other]) == [0, 1, 2]


def test_a_name_that_two_sids_bear_is_neither() -> None:
    first, second = (SID, "alice", "ALDER"), (OTHER_SID, "alice", "ALDER")
    assert find_people([NOBODY, first, second, ("", "alice", "ALDER")]) == [0, 1, 2, 3]


def test_a_name_that_two_domains_know_is_the_one_of_its_domain() -> None:
    local, other = (SID, "admin", "WS1"), (OTHER_SID, "admin", "ALDER")
    assert find_people([NOBODY, local, other, ("", "Admin", "alder")]) == [0, 1, 2, 2]


@settings(deadline=None)
@given(st.lists(accounts, max_size=8, unique=True))
def test_a_sid_is_always_one_person_and_nobody_is_nobody(known: list[tuple[str, str, str]]) -> None:
    known = [NOBODY, *(account for account in known if account != NOBODY)]  # code 0 is nobody
    people = dict(zip(known, find_people(known), strict=True))
    for sid in (SID, OTHER_SID):
        assert len({person for account, person in people.items() if account[0] == sid}) <= 1
    same_sid = {people[account] for account in known if account[0] == SID}
    assert same_sid.isdisjoint(people[account] for account in known if account[0] == OTHER_SID)
    assert all(
        (person == 0) == (account[0] in ("", "S-1-0-0") and not account[1]) for account, person in people.items()
    )
