"""Conditions in SQL: lists that are merged and, where they are short, compared; texts that are found without case."""

from __future__ import annotations

import duckdb
import pytest

from logonscope.filters.compile import compile_filter
from logonscope.filters.lookup import Lookup
from logonscope.filters.sql import Sql, all_of, among, any_of, negated, with_short_lists
from logonscope.filters.terms import Text, Value

LONG_S, KELVIN = "\u017f", "\u212a"
TEXTS = [
    "svchost",
    "SVCHOST",
    f"{LONG_S}vchost",
    f"a {LONG_S}vcho{LONG_S}t",
    "kerberos",
    f"{KELVIN}ERBEROS",
    "vchost",
    "[]",
]


@pytest.mark.parametrize(
    "codes",
    [
        [2],
        [2, 3],
        [2, 3, 4],
        [7],
        [2, 2],
        [0, 2, 62],
        [2, 4, 63],
        [62, 64, 66],
        [-1, 2, 3, 5],
        [2, 5, 3, 64, 99, -1, 70, 71],
    ],
)
def test_short_lists_ask_the_same(codes: list[int]) -> None:
    named = Sql("t.name = ?", ("b",))
    for part in (
        among("t.code", codes),
        all_of([named, among("t.code", codes), named]),
        any_of([among("t.code", codes), among("t.other", [5], "BIGINT"), named]),
        negated(any_of([among("t.code", codes), among("t.other", codes)])),
        all_of([negated(among("t.code", codes)), negated(negated(among("t.other", codes))), named]),
    ):
        short = with_short_lists(part)
        rows = (
            "(VALUES (1, 2, 'a'), (2, 5, 'b'), (3, 3, 'b'), (NULL, 2, 'c'), (4, NULL, 'd'),"
            " (62, 63, 'b'), (64, -1, 'b'), (66, 2147483647, 'a'), (-2147483648, 64, 'b')) t(code, other, name)"
        )
        asked = [
            duckdb.execute(f"SELECT * FROM {rows} WHERE {one.text}", list(one.parameters)).fetchall()
            for one in (part, short)
        ]
        assert asked[0] == asked[1]
        assert len(short.parameters) == short.text.count("?")


def test_only_short_lists_become_comparisons() -> None:
    assert with_short_lists(among("e.account", [4])) == Sql("e.account IN (?::INTEGER)", (4,))
    assert with_short_lists(among("e.account", [4, 5])) == Sql("e.account IN (?::INTEGER, ?::INTEGER)", (4, 5))
    assert with_short_lists(negated(among("e.account", [4]))).text == "e.account IS DISTINCT FROM ?::INTEGER"
    assert with_short_lists(among("e.account", [1, 2, 5])) == Sql(
        "(((?::BIGINT >> (e.account::BIGINT - ?::BIGINT)) & 1) = 1)", (0b10011, 1)
    )
    assert with_short_lists(among("e.account", [1, 2, 64])).text == "e.account IN (?::INTEGER, ?::INTEGER, ?::INTEGER)"
    codes = list(range(60, 137, 11))
    long = with_short_lists(among("e.account", codes))
    assert (long.text, long.parameters) == ("e.account IN (SELECT unnest(?::INTEGER[]))", (codes,))


def test_lists_are_merged_before() -> None:
    merged = with_short_lists(any_of(among("e.source_ip", [code]) for code in range(1000)))
    assert merged.parameters == (list(range(1000)),)


@pytest.mark.parametrize(
    "word", ["svchost", "SvcHoST", f"{LONG_S}vchost", "Kerberos", f"{KELVIN}erberos", "s", "k", "vc", "["]
)
def test_a_text_is_found_without_case_in_each_form_of_a_letter(word: str) -> None:
    part = compile_filter(Text(Value(word, 0, len(word))), "event", Lookup({}))
    found = duckdb.execute(
        f"SELECT event_data FROM (SELECT unnest(?) AS event_data) e WHERE {part.text}", [TEXTS, *part.parameters]
    ).fetchall()
    assert [text for (text,) in found] == [text for text in TEXTS if word.casefold() in text.casefold()]


def test_letters_with_a_third_form_are_put_so_that_the_search_is_quick() -> None:
    part = compile_filter(Text(Value("sk", 0, 2)), "event", Lookup({}))
    assert part.parameters == ("(?-i:[sS])(?-i:[kK])", LONG_S, KELVIN, "sk")
