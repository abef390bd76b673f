"""A filter read back in English, and a filter with one term more."""

from __future__ import annotations

import pytest

from logonscope.filters.describe import describe
from logonscope.filters.edit import with_term
from logonscope.filters.fields import FIELDS
from logonscope.filters.syntax import parse


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "everything"),
        ("user:alice", "user alice"),
        ("u:alice,bob", "user alice or bob"),
        ("type:10,rdp", "logon type 10 RDP or rdp"),
        ("event:4624..4634", "event 4624 to 4634"),
        ("is:person", "a person (not the machine's own accounts)"),
        ("is:admin,rdp", "with administrator rights or over Remote Desktop"),
        ("-ip:10.0.0.0/8", "not address 10.0.0.0/8"),
        ("user:alice -ip:10.0.0.0/8", "user alice, and not address 10.0.0.0/8"),
        ("user:alice (type:2 or is:rdp)", "user alice, and (logon type 2 CONSOLE or over Remote Desktop)"),
        ("not (type:2 type:3)", "not (logon type 2 CONSOLE, and logon type 3 NETWORK)"),
        ("mstsc", 'with "mstsc" in it'),
        ('"two words"', 'with "two words" in it'),
        ("since:-2h", "since 2h before the end of the log"),
        ("time:-2h..-30m", "time 2h before the end of the log to 30m before the end of the log"),
        ("logon:0x3e7", "logon ID 0x3e7"),
        ("dur:>2h", "duration >2h"),
        ("is:unheard", "unheard"),
    ],
)
def test_a_filter_in_words(text: str, sentence: str) -> None:
    assert describe(parse(text)) == sentence


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_has_words_of_its_own(field: object) -> None:
    words = [other.words for other in FIELDS if other.kind != "group"]
    assert len(set(words)) == len(words)
    assert field.takes and parse(field.example)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("", "user:bob"),
        ("type:10", "type:10 user:bob"),
        ("user:alice", "user:bob"),
        ("user:alice,carol type:10", "type:10 user:bob"),
        ("type:10 u:alice is:admin", "type:10 is:admin user:bob"),
        ("user:alice user:carol", "user:bob"),
        ("-user:alice", "(-user:alice) user:bob"),
        ("-user:alice type:10", "-user:alice type:10 user:bob"),
        ("type:2 or type:10", "(type:2 or type:10) user:bob"),
        ("(type:2 or type:10) is:admin", "(type:2 or type:10) is:admin user:bob"),
        ("mstsc", "(mstsc) user:bob"),
        ('"two  spaces" user:alice', '"two  spaces" user:bob'),
        ("user:alice and type:10", "type:10 user:bob"),
        ("type:10 and user:alice", "type:10 user:bob"),
        ("type:10 and user:alice and is:admin", "type:10 and is:admin user:bob"),
        ("type:10 (user:alice) is:admin", "type:10 is:admin user:bob"),
        ("((user:alice))", "user:bob"),
        ("  user:alice (type:10 user:carol) is:admin u:dave ", "(type:10) is:admin user:bob"),
        ("(user:alice and type:10) is:admin", "(type:10) is:admin user:bob"),
        ("(type:10 AND user:alice) is:admin", "(type:10) is:admin user:bob"),
        ("type:10 (user:alice or is:admin)", "type:10 (user:alice or is:admin) user:bob"),
        ("brand user:alice andy", "brand andy user:bob"),
        ("  user:alice   type:10  ", "type:10 user:bob"),
        ("user:", "user:bob"),
        ("(user:alice", "user:bob"),
    ],
)
def test_a_term_takes_the_place_of_its_like(text: str, changed: str) -> None:
    assert with_term(text, "user", "bob") == changed


@pytest.mark.parametrize(
    ("value", "term"),
    [
        ("two  spaces", 'user:"two  spaces"'),
        ("CORP\\bob", "user:CORP\\bob"),
        ("two words", 'user:"two words"'),
        ("a*", 'user:"a*"'),
        ("a,b", 'user:"a,b"'),
    ],
)
def test_a_value_is_put_in_quotes_where_it_must_be(value: str, term: str) -> None:
    assert with_term("type:10", "user", value) == f"type:10 {term}"
