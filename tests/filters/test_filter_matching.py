"""Does a text fit what was typed: never with case, wildcards and patterns only outside quotes."""

from __future__ import annotations

import pytest

from logonscope.filters.compile import compile_filter
from logonscope.filters.lookup import Lookup
from logonscope.filters.match import account_matcher, address_matcher, text_matcher
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse
from logonscope.filters.terms import Term, Value
from logonscope.model import Account

ACCOUNT = ("S-1-5-21-1-2-3-1104", "alice", "ALDER")


def typed(text: str) -> Value:
    return Value(text.strip('"'), 0, len(text), quoted=text.startswith('"'))


@pytest.mark.parametrize(
    ("value", "text", "fits"),
    [
        ("alice", "ALICE", True),
        ("alice", "alice2", False),
        ("strasse", "Straße", True),
        ("a*e", "alice", True),
        ("A?ICE", "alice", True),
        ("a?ice", "aice", False),
        ("*", "two\nlines", True),
        ("ws[1]*", "WS[1]-x", True),
        ("ws[1]*", "WS1-x", False),
        ("a.c*", "abc", False),
        ('"a*e"', "alice", False),
        ('"a*e"', "A*E", True),
        ("/^al/", "Alice", True),
        ("/li/", "alice", True),
        ("/^li/", "alice", False),
        ('"/li/"', "alice", False),
        ("//", "//", True),
    ],
)
def test_texts(value: str, text: str, fits: bool) -> None:
    assert text_matcher(typed(value))([text]) == [fits]


@pytest.mark.parametrize(
    ("value", "address", "fits"),
    [
        ("10.0.0.9", "10.0.0.9", True),
        ("10.0.0.9", "10.0.0.90", False),
        ("2001:DB8:0:0::9", "2001:db8::9", True),
        ("10.0.0.0/8", "10.255.0.1", True),
        ("10.0.0.5/8", "10.255.0.1", True),
        ("10.0.0.0/8", "11.0.0.1", False),
        ("10.0.0.0/8", "LOCAL", False),
        ("10.0.0.0/8", "", False),
        ("::/0", "10.0.0.9", False),
        ("0.0.0.0/0", "::1", False),
        ("fe80::/10", "fe80::1%12", True),
        ("10.0.*", "10.0.7.7", True),
        ("/^10\\.0/", "10.0.7.7", True),
        ("local", "LOCAL", True),
    ],
)
def test_addresses(value: str, address: str, fits: bool) -> None:
    assert address_matcher(typed(value))([address]) == [fits]


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("Alice", True),
        ("alder\\ALICE", True),
        ("*\\alice", True),
        ("ws1\\alice", False),
        ("alder", False),
        ("s-1-5-21-1-2-3-1104", True),
        ("S-1-5-21-*", True),
        ("S-1-5-18", False),
        ("/^al\\w+$/", True),
    ],
)
def test_accounts(value: str, fits: bool) -> None:
    assert account_matcher(typed(value))([ACCOUNT]) == [fits]


@pytest.mark.parametrize(("name", "codes"), [("ws1", (1, 3)), ("ws1.alder.example", (1,)), ("ws?", (0b111, 1))])
def test_a_machine_is_found_by_its_first_label_before_the_machines_are_known(
    name: str, codes: tuple[object, ...]
) -> None:
    while_loading = Lookup({"computer": ["", "WS1.alder.example", "WS2", "WS1"]})
    assert compile_filter(parse(f"machine:{name}"), "event", while_loading).parameters == codes


@pytest.mark.parametrize(
    "name", ["a\\b", "a\\b\\c", "S-1-5-18", 'qu"ote', "tab\tnew\nline", "\x1b[31m\u202e", "\\u{1b}", "*"]
)
@pytest.mark.parametrize("domain", ["", "ALDER", "two\\parts"])
def test_an_account_is_found_again_by_what_it_is_called(name: str, domain: str) -> None:
    account = Account("S-1-5-21-9", name, domain)
    term = parse(f"user:{quoted(account.label)}")
    assert isinstance(term, Term)
    accounts = [("S-1-5-21-9", name, domain), ("S-1-5-21-8", "other", domain)]
    assert account_matcher(term.values[0])(accounts) == [True, False]


def test_a_pattern_that_would_hang_elsewhere_is_answered() -> None:
    assert text_matcher(typed("/^(a+)+$/"))(["a" * 60 + "!", "aaa"]) == [False, True]
