"""Any text: it parses or says where it is wrong; what parses runs on a case, or says which value is wrong."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logonscope.case.view import View
from logonscope.errors import FilterError
from logonscope.filters.describe import describe
from logonscope.filters.edit import with_term
from logonscope.filters.fields import FIELD_NAMES, FIELDS
from logonscope.filters.groups import groups
from logonscope.filters.lookup import Lookup
from logonscope.filters.quotes import quoted
from logonscope.filters.syntax import parse
from logonscope.filters.terms import And, Term
from logonscope.store.case_store import CaseStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

LOOKUP = Lookup(
    {"source_ip": ["", "10.0.0.9", "LOCAL"], "process": ["", "C:\\a.exe"], "computer": ["", "WS1"]},
    [("", "", ""), ("S-1-5-18", "SYSTEM", "NT AUTHORITY")],
    (0, 1),
    {1: "WS1"},
    {1: frozenset({1})},
    datetime(2026, 3, 2, 13),
)
PIECES = [" ", "(", ")", "-", ",", ":", '"', "\\", "/", "*", "?", "[", "..", "and ", "or ", "not ", ">", "0x3e7", "2h"]
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
values = st.one_of(
    st.sampled_from(
        [field.example.partition(":")[2] for field in FIELDS] + [*groups(), "crash", "-1", "/a|b/", '"x y"']
    ),
    st.integers().map(str),
    st.datetimes().map(str).map(quoted),
    words.map(quoted),
    words,
)
terms = st.builds("{}:{}".format, st.sampled_from(sorted(FIELD_NAMES)), st.lists(values, max_size=2).map(",".join))
filters = st.lists(st.sampled_from(PIECES) | terms | values, max_size=6).map(" ".join)
texts = st.text() | st.lists(st.sampled_from(PIECES) | terms | words, max_size=10).map("".join) | filters
# A regular expression of the user's may hold what Python will read differently one day.
any_regex = pytest.mark.filterwarnings("ignore:Possible:FutureWarning")


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    store = CaseStore(tmp_path_factory.mktemp("empty"))
    yield store.cursor()
    store.close()


def fits(error: FilterError, text: str) -> bool:
    return 0 <= error.start <= error.stop <= len(text) + 1 and bool(error.message)


@any_regex
@settings(max_examples=120, deadline=None)
@given(texts)
def test_any_text_is_understood_or_the_error_marks_a_place_in_it(text: str) -> None:
    try:
        sentence = describe(parse(text))
    except FilterError as error:
        assert fits(error, text)
    else:
        assert sentence


@any_regex
@settings(max_examples=80, deadline=None)
@given(filters)
def test_any_filter_runs_or_the_error_marks_a_value(con: duckdb.DuckDBPyConnection, text: str) -> None:
    try:
        node = parse(text)
        queries = [View("event", node).sql(LOOKUP), View("session", node).sql(LOOKUP)]
    except FilterError as error:
        assert fits(error, text)
    else:
        found: list[Any] = [con.execute(query.text, list(query.parameters)).fetchall() for query in queries]
        assert found == [[], []]


@settings(max_examples=80, deadline=None)
@given(filters | st.just(""), st.sampled_from([field.name for field in FIELDS]), words.filter(bool))
def test_a_term_that_is_added_is_there_once_with_its_value(text: str, field: str, value: str) -> None:
    node = parse(with_term(text, field, value))
    parts = node.parts if isinstance(node, And) else (node,)
    found = [part.values for part in parts if isinstance(part, Term) and part.field == field]
    assert [[typed.text for typed in values] for values in found] == [[value]]
