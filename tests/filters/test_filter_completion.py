"""What is being typed is found in a text that is not yet a filter, and names are offered for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.filters.complete import Spot, name_offers, spot_at
from logonscope.filters.fields import FIELDS
from logonscope.filters.groups import groups
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import MOST_CHARACTERS, parse


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("|", Spot(0, 0, "")),
        ("us|", Spot(0, 2, "us")),
        ("type:10 |", Spot(8, 8, "")),
        ("-us|", Spot(1, 3, "us")),
        ("-|", Spot(1, 1, "")),
        ("(us|", Spot(1, 3, "us")),
        ("user:|", Spot(5, 5, "", "user", "")),
        ("u:|", Spot(2, 2, "", "user", "")),
        ("us|er:bob", Spot(0, 5, "us")),
        ("user:bo|b", Spot(5, 8, "bo", "user", "")),
        ("user:alice,b|", Spot(11, 12, "b", "user", "")),
        ("user:alice,| type:2", Spot(11, 11, "", "user", "type:2")),
        ("type:10 user:b|", Spot(13, 14, "b", "user", "type:10")),
        ("type:10 -user:b|", Spot(14, 15, "b", "user", "type:10")),
        ("type:10 not user:b|", Spot(17, 18, "b", "user", "type:10")),
        ("type:10 or user:b|", Spot(16, 17, "b", "user", "")),
        ("(type:10 user:b|", Spot(14, 15, "b", "user", "")),
        ('user:"a b|', Spot(5, 9, "a b", "user", "")),
        ('user:"a b|c d" type:2', Spot(5, 13, "a b", "user", "type:2")),
        (r'user:"a\"b\u{1b}|', Spot(5, 16, 'a"b\x1b', "user", "")),
        ("ip:2001:d|", Spot(3, 9, "2001:d", "ip", "")),
        ('"text|', None),
        ("nofield:x|", None),
        ("a)|", None),
    ],
)
def test_what_is_being_typed(text: str, spot: Spot | None) -> None:
    assert spot_at(text.replace("|", ""), text.index("|")) == spot


def test_fields_are_offered_by_name_and_alias_the_beginning_first() -> None:
    assert [offer.text for offer in name_offers("")] == [f"{field.name}:" for field in FIELDS]
    assert [offer.text for offer in name_offers("US")][:2] == ["user:", "status:"]
    assert "from:" in [offer.text for offer in name_offers("src")]
    assert name_offers("zzz") == []


def test_groups_are_offered_by_name() -> None:
    offered = {offer.text: offer.words for offer in name_offers("per")}
    assert offered["is:person"] == groups()["person"].sentence


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ab:u,"\\/-( )\u202e\x1bis user:type:'), max_size=30), st.integers(0, 30))
def test_any_text_has_a_spot_or_none_and_the_rest_is_a_filter(text: str, cursor: int) -> None:
    spot = spot_at(text, min(cursor, len(text)))
    if spot is not None:
        assert 0 <= spot.start <= spot.stop <= len(text)
        assert spot.start <= min(cursor, len(text))
        parse(spot.others)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=12))
def test_a_value_that_was_put_in_is_found_again_as_a_whole(value: str) -> None:
    text = f"type:2 user:{quoted(value)}"
    spot = spot_at(text, len(text))
    assert spot == Spot(12, len(text), value, "user", "type:2")


@pytest.mark.parametrize("piece", ['user:"', "((", '\\"', "a,", "user:/x", "-", 'user:"a\\'])
def test_a_long_text_is_read_in_one_go(piece: str) -> None:
    text = (piece * MOST_CHARACTERS)[:MOST_CHARACTERS]
    spot = spot_at(text, len(text))
    assert spot is None or spot.stop == len(text)
    assert spot_at(text * 2, 5) is None
