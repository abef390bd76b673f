"""Values that nothing in the case is called are told with their place and the nearest name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logonscope.filters.doubts import doubts
from logonscope.filters.lookup import Lookup
from logonscope.filters.reach import reach
from logonscope.filters.syntax import parse

LOOKUP = Lookup(
    {
        "source_ip": ["", "10.0.0.9"],
        "workstation": ["", "LAP9"],
        "computer": ["", "WS1.alder.example"],
        "channel": ["", "Security"],
        "process": ["", "C:\\Windows\\mstsc.exe"],
    },
    [("", "", ""), ("S-1-5-21-1", "alice", "ALDER")],
    (),
    {1: "WS1"},
    {1: frozenset({1})},
)


@pytest.mark.parametrize(
    ("text", "wrong", "advice"),
    [
        ("type:2 user:alcie", "alcie", "Did you mean alice?"),
        ("-user:bob,alice", "bob", ""),
        ("user:ALDER\\alcie", "ALDER\\alcie", "Did you mean ALDER\\alice?"),
        ("user:ali", "ali", "Did you mean alice?"),
        ("machine:WS2 or x", "WS2", "Did you mean WS1?"),
        ("from:LPA9", "LPA9", "Did you mean LAP9?"),
        ("ip:10.0.0.8", "10.0.0.8", "Did you mean 10.0.0.9?"),
        ("channel:Securty", "Securty", "Did you mean Security?"),
        ("process:mstsc.exe", "mstsc.exe", "Did you mean C:\\Windows\\mstsc.exe?"),
    ],
)
def test_a_name_that_does_not_occur_is_marked(text: str, wrong: str, advice: str) -> None:
    (doubt,) = doubts(parse(text), LOOKUP)
    assert (text[doubt.start : doubt.stop], doubt.advice) == (wrong, advice)
    assert "does not occur" in doubt.message


def test_where_several_names_hold_it_the_shortest_is_advised_and_how_to_find_them_all() -> None:
    lookup = replace(LOOKUP, accounts=[("", "", ""), ("", "eva.roth-adm", ""), ("", "eva.roth", "ALDER")])
    (doubt,) = doubts(parse("user:eva.rot"), lookup)
    assert doubt.advice == "Did you mean eva.roth? user:*eva.rot* finds all 2 that hold it."
    for advised in ("user:eva.roth", "user:*eva.rot*"):
        assert list(doubts(parse(advised), lookup)) == []


@pytest.mark.parametrize(
    "text",
    [
        "user:ALICE",
        "user:a*",
        "machine:ws1",
        "machine:WS1.alder.example",
        "from:10.0.0.0/8",
        "from:lap9",
        "event:4264",
        "x",
    ],
)
def test_what_occurs_or_has_no_names_is_not_doubted(text: str) -> None:
    assert list(doubts(parse(text), LOOKUP)) == []


@pytest.mark.parametrize(
    ("text", "through"),
    [
        ("machine:WS1 since:-2h", ["", "", "", ""]),
        ("user:bob", ["", "", "boots with such a session", "marks of machines with such a session"]),
        ("event:4625 or user:bob", ["", "sessions with such a record", *["boots with such a session"]]),
        ("-dur:>2h", ["events of such sessions", ""]),
        ("text", ["", "sessions with such a record"]),
        ("boot:2", ["events of such sessions", "", "", "marks of machines with such a session"]),
        ("channel:System", ["", "sessions with such a record", "boots with such a session", ""]),
        ("is:remote", ["", ""]),
        ("is:admin", ["events of such sessions", ""]),
        ("is:failure", ["", "sessions with such a record"]),
        ("", ["", "", "", ""]),
    ],
)
def test_a_list_says_how_a_filter_reaches_it(text: str, through: list[str]) -> None:
    targets = ("event", "session", "boot", "coverage")
    assert [reach(parse(text), target) for target in targets][: len(through)] == through  # type: ignore[arg-type]
