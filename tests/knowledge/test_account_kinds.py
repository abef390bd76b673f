"""Which accounts are people, and how sessions end: every entry loads and says what it stands for."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from logonscope.knowledge.accounts import AccountPattern, account_kind, account_patterns, hidden_logon_ids
from logonscope.knowledge.ends import EndKind, end_kinds, flag_sentences, start_sentences
from logonscope.model import Grade

PLACES = {"end", "start", "earliest", "latest", "destroyed_after"}


@pytest.mark.parametrize("pattern", account_patterns(), ids=lambda pattern: pattern.sid or pattern.name)
def test_the_sample_is_told_by_its_own_pattern(pattern: AccountPattern) -> None:
    sid, name = pattern.sample["sid"], pattern.sample["name"]
    assert account_kind(sid, name) == pattern.kind
    assert next(other for other in account_patterns() if other.fits(sid, name)) is pattern


def test_every_pattern_looks_at_one_thing_and_none_is_there_twice() -> None:
    keys = [(pattern.sid, pattern.name.casefold()) for pattern in account_patterns()]
    assert all(bool(sid) != bool(name) for sid, name in keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("sid", "name", "kind"),
    [
        ("S-1-5-21-1-2-3-1104", "alice", "person"),
        ("S-1-5-21-1-2-3-500", "Administrator", "person"),
        ("S-1-12-1-1-2-3-4", "user@example.org", "person"),
        ("", "dwm-17", "virtual"),
        ("S-1-5-21-1-2-3-1001", "FS01$", "machine"),
        ("S-1-5-21-1-2-3-1000", "DEFAULTUSER0", "setup"),
        ("S-1-0-0", "", "none"),
        ("", "", "none"),
        ("S-1-0-0", "root", "person"),
    ],
)
def test_account_kinds(sid: str, name: str, kind: str) -> None:
    assert account_kind(sid, name) == kind


def test_the_systems_own_logon_ids_are_hidden() -> None:
    assert {0x3E7, 0x3E5, 0x3E4} <= hidden_logon_ids()
    assert 0xA1 not in hidden_logon_ids()


@pytest.mark.parametrize("end", end_kinds().values(), ids=lambda end: end.evidence)
def test_an_end_is_graded_and_told(end: EndKind) -> None:
    assert end.grade in get_args(Grade)
    assert end.shown.strip()
    assert set(re.findall(r"\{(\w+)\}", end.sentence)) <= PLACES
    assert end.sentence.endswith(".")


def test_every_grade_but_t_has_an_end() -> None:
    """T is what a session is given whose beginning is missing, however it ended."""
    assert {end.grade for end in end_kinds().values()} == set(get_args(Grade)) - {"T"}


@pytest.mark.parametrize("sentences", [start_sentences(), flag_sentences()], ids=["starts", "flags"])
def test_starts_and_flags_are_told_in_sentences(sentences: dict[str, str]) -> None:
    assert sentences
    assert [name for name, sentence in sentences.items() if not sentence.endswith(".")] == []
    assert set(re.findall(r"\{(\w+)\}", " ".join(sentences.values()))) <= PLACES
